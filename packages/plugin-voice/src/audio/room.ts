import { changingRate } from './resample.js';
import { mapSamples, SLICE, type Slices } from './slices.js';
import { SAMPLE_RATE } from './wav.js';

/** Reverberation. */
export interface ReverbOptions {
  /** The time in which it dies away by 60 dB, in ms. */
  readonly rt60Ms: number;
  /** How far the direct sound is above what the room gives back, in dB. */
  readonly directDb: number;
}

/** Delays of four combs and two all-passes in samples at 16 kHz, mutually prime, between 30 and 45 ms and under 6 ms as Schroeder has them. */
const COMBS = [479, 557, 641, 719];
const ALL_PASSES = [83, 29];
const ALL_PASS_GAIN = 0.7;

/** Speech said faster or slower, as a tape that runs so: the pitch goes with it. Speeds in hundredths keep the filter small. */
export function* changingSpeed(samples: Int16Array, speed: number): Slices<Int16Array> {
  return yield* changingRate(samples, Math.round(speed * 100) * (SAMPLE_RATE / 100), SAMPLE_RATE);
}

/**
 * Speech in a room: Schroeder's reverberator (1962), four combs whose loops lose 60 dB in `rt60Ms`, then two all-passes. What the room gives back is scaled to lie `directDb`
 * under the direct sound over the whole clip. The clip grows by the time in which it dies away; a sum above full scale turns the whole clip down.
 */
export function* reverberating(samples: Int16Array, { rt60Ms, directDb }: ReverbOptions): Slices<Int16Array> {
  const length = samples.length + Math.round((rt60Ms / 1_000) * SAMPLE_RATE);
  let wet: Float64Array = new Float64Array(length);
  const line = new Float64Array(length);
  for (const delay of COMBS) {
    const gain = 10 ** ((-3 * delay) / ((rt60Ms / 1_000) * SAMPLE_RATE));
    for (let index = 0; index < length; index += 1) {
      if (index % SLICE === SLICE - 1) yield;
      const value = index < delay ? 0 : (samples[index - delay] ?? 0) + gain * (line[index - delay] ?? 0);
      line[index] = value;
      wet[index] = (wet[index] ?? 0) + value;
    }
  }
  for (const delay of ALL_PASSES) {
    const out = new Float64Array(length);
    for (let index = 0; index < length; index += 1) {
      if (index % SLICE === SLICE - 1) yield;
      const passed = index < delay ? 0 : (wet[index - delay] ?? 0) + ALL_PASS_GAIN * (out[index - delay] ?? 0);
      out[index] = passed - ALL_PASS_GAIN * (wet[index] ?? 0);
    }
    wet = out;
  }
  const returned = yield* energyOf(wet);
  const scale = returned === 0 ? 0 : Math.sqrt((yield* energyOf(samples)) / returned) * 10 ** (-directDb / 20);
  let peak = 0;
  for (let index = 0; index < length; index += 1) {
    if (index % SLICE === SLICE - 1) yield;
    const value = (samples[index] ?? 0) + scale * (wet[index] ?? 0);
    wet[index] = value;
    peak = Math.max(peak, Math.abs(value));
  }
  const turn = peak > 32_767 ? 32_767 / peak : 1;
  return yield* mapSamples(wet, length, (value) => value * turn);
}

function* energyOf(values: ArrayLike<number>): Slices<number> {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) {
    if (index % SLICE === SLICE - 1) yield;
    sum += (values[index] ?? 0) ** 2;
  }
  return sum;
}
