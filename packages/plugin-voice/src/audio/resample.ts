import { atOnce, mapSamples, toFloats, type Slices } from './slices.js';

/** Zero crossings of the low-pass on each side of its centre, the centre as a share of the lower sample rate, and the window's shape. */
const CROSSINGS = 20;
const CUTOFF = 0.459;
const STOP_DB = 62;
/** So many multiplications take a few milliseconds. */
const SLICE_PRODUCTS = 3_000_000;

/** One fractional position of the filter per row, ready to be multiplied with the input. */
interface Filter {
  readonly phases: number;
  readonly taps: number;
  readonly table: Float32Array;
}

/**
 * Changes the sample rate with a windowed-sinc low-pass in polyphase form. What lies above half of the lower rate is at least 50 dB down, so nothing
 * folds back into speech; up to 0.42 of the lower rate passes unchanged. No delay: sample `i` of the output is the input at `i · fromRate / toRate`.
 */
export function resample(samples: Float32Array, fromRate: number, toRate: number): Float32Array {
  return atOnce(resampling(samples, fromRate, toRate));
}

/** The same in slices of a few milliseconds. */
export function* resampling(samples: Float32Array, fromRate: number, toRate: number): Slices<Float32Array> {
  if (fromRate === toRate) return samples;
  const shared = greatestCommonDivisor(fromRate, toRate);
  const step = fromRate / shared;
  const filter = yield* designFilter(fromRate, toRate / shared, Math.min(fromRate, toRate));
  const { phases, taps } = filter;
  const output = new Float32Array(Math.ceil((samples.length * phases) / step));
  const before = taps / 2 - 1;
  /** The first sample that goes into one of the output. */
  const startOf = (index: number): number => Math.floor((index * step) / phases) - before;
  // Samples whose filter reaches beyond either end of the input are made from a piece with silence around it; a copy of all of it would take long to make.
  const head = Math.min(output.length, Math.ceil((before * phases) / step));
  const tail = Math.min(output.length, Math.max(head, Math.ceil(((samples.length - taps + before + 1) * phases) / step)));
  const slice = Math.ceil(SLICE_PRODUCTS / taps);
  for (let from = 0; from < output.length; ) {
    if (from > 0) yield;
    const to = Math.min(from + slice, from < head ? head : from < tail ? tail : output.length);
    if (from >= head && from < tail) convolve(filter, step, samples, -before, output, from, to);
    else convolve(filter, step, piece(samples, startOf(from), startOf(to - 1) + taps), -before - startOf(from), output, from, to);
    from = to;
  }
  return output;
}

/** A part of the samples; what lies before the first and after the last is silent. */
function piece(samples: Float32Array, from: number, to: number): Float32Array {
  const out = new Float32Array(to - from);
  const [first, last] = [Math.max(0, from), Math.min(samples.length, to)];
  if (last > first) out.set(samples.subarray(first, last), first - from);
  return out;
}

/** 16-bit samples at another rate, in slices; what would be louder than full scale then is cut off. */
export function* changingRate(samples: Int16Array, from: number, to: number): Slices<Int16Array> {
  if (from === to) return samples;
  const changed = yield* resampling(yield* toFloats(samples), from, to);
  return yield* mapSamples(changed, changed.length, (value) => value);
}

/** The samples of the output from `from` to before `to`; `shift` is added to every place in the input. */
function convolve({ phases, taps, table }: Filter, step: number, input: Float32Array, shift: number, output: Float32Array, from: number, to: number): void {
  let base = Math.floor((from * step) / phases) + shift;
  let phase = (from * step) % phases;
  for (let index = from; index < to; index += 1) {
    const row = phase * taps;
    // Four sums that do not wait for each other.
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let tap = 0; tap < taps; tap += 4) {
      a += (input[base + tap] ?? 0) * (table[row + tap] ?? 0);
      b += (input[base + tap + 1] ?? 0) * (table[row + tap + 1] ?? 0);
      c += (input[base + tap + 2] ?? 0) * (table[row + tap + 2] ?? 0);
      d += (input[base + tap + 3] ?? 0) * (table[row + tap + 3] ?? 0);
    }
    output[index] = a + b + c + d;
    phase += step;
    base += Math.floor(phase / phases);
    phase %= phases;
  }
}

/** Kaiser's window (Kaiser 1974) over a sinc; every row is scaled to pass a constant unchanged. */
function* designFilter(fromRate: number, phases: number, lowerRate: number): Slices<Filter> {
  const cutoff = (CUTOFF * lowerRate) / fromRate;
  const half = 2 * Math.ceil(CROSSINGS / (4 * cutoff));
  const taps = 2 * half;
  const beta = 0.1102 * (STOP_DB - 8.7);
  const table = new Float32Array(phases * taps);
  for (let phase = 0; phase < phases; phase += 1) {
    if (phase % 128 === 127) yield;
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) {
      const distance = tap - (half - 1) - phase / phases;
      const inside = 1 - (distance / half) ** 2;
      const value = inside <= 0 ? 0 : sinc(2 * cutoff * distance) * besselI0(beta * Math.sqrt(inside));
      table[phase * taps + tap] = value;
      sum += value;
    }
    for (let tap = 0; tap < taps; tap += 1) table[phase * taps + tap] = (table[phase * taps + tap] ?? 0) / sum;
  }
  return { phases, taps, table };
}

function sinc(x: number): number {
  return Math.abs(x) < 1e-9 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
