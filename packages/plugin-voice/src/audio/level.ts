import { atOnce, SLICE, type Slices } from './slices.js';
import { SAMPLE_RATE } from './wav.js';

/** Levels of a signal in dB below full scale (a full-scale square wave is 0 dB). */
export interface SpeechLevel {
  /** ITU-T P.56 active speech level; −Infinity when nothing is active. */
  readonly activeDb: number;
  /** The level over the whole signal, pauses included. */
  readonly rmsDb: number;
  /** The share of the time that speech was active, 0 to 1. */
  readonly activity: number;
}

const THRESHOLDS = 15;
const MARGIN_DB = 15.9;
const TIME_CONSTANT_S = 0.03;
const HANGOVER_S = 0.2;

/**
 * The active speech level by ITU-T P.56 (12/2011) method B: the level over the time in which the twice-smoothed envelope, held for 200 ms, lies less than
 * 15.9 dB under that very level. Silence around a clip does not change it, as it does the plain level: 7 s of padding move the latter by about 7 dB.
 */
export function activeSpeechLevel(samples: Int16Array | Float32Array, sampleRate: number = SAMPLE_RATE): SpeechLevel {
  return atOnce(measuringLevel(samples, sampleRate));
}

/** The same in slices. */
export function* measuringLevel(samples: Int16Array | Float32Array, sampleRate: number = SAMPLE_RATE): Slices<SpeechLevel> {
  const scale = samples instanceof Int16Array ? 1 / 32_768 : 1;
  const keep = Math.exp(-1 / (sampleRate * TIME_CONSTANT_S));
  const hangover = Math.ceil(HANGOVER_S * sampleRate);
  const active = new Float64Array(THRESHOLDS);
  const limits = Float64Array.from({ length: THRESHOLDS }, (_, j) => 2 ** (j - THRESHOLDS));
  const enteredAt = new Float64Array(THRESHOLDS);
  const leftAt = new Float64Array(THRESHOLDS).fill(-Infinity);
  const add = (j: number, length: number): void => void (active[j] = (active[j] ?? 0) + length);
  let [first, second, energy, above] = [0, 0, 0, 0];
  const { length } = samples;
  for (let index = 0; index < length; index += 1) {
    if (index % SLICE === SLICE - 1) yield;
    const sample = (samples[index] ?? 0) * scale;
    energy += sample * sample;
    first = keep * first + (1 - keep) * Math.abs(sample);
    second = keep * second + (1 - keep) * first;
    for (; above < THRESHOLDS && second >= (limits[above] ?? Infinity); above += 1) {
      add(above, leftAt[above] === -Infinity ? 0 : Math.min(index - (leftAt[above] ?? 0), hangover));
      enteredAt[above] = index;
    }
    for (; above > 0 && second < (limits[above - 1] ?? 0); above -= 1) {
      add(above - 1, index - (enteredAt[above - 1] ?? 0));
      leftAt[above - 1] = index;
    }
  }
  for (let j = 0; j < THRESHOLDS; j += 1) {
    if (j < above) add(j, length - (enteredAt[j] ?? 0));
    else if (leftAt[j] !== -Infinity) add(j, Math.min(length - (leftAt[j] ?? 0), hangover));
  }
  const rmsDb = decibels(energy / length);
  const crossing = findCrossing(energy, active);
  if (crossing === undefined) return { activeDb: -Infinity, rmsDb, activity: 0 };
  return { activeDb: crossing, rmsDb, activity: Math.min(1, 10 ** ((rmsDb - crossing) / 10)) };
}

/**
 * The active level of a clip as if silence followed it. The measurement holds on for 200 ms after each sound, so that a clip that ends with its last sound would come out louder, by 0.4 dB for
 * one of three seconds, than the same clip with some silence after it.
 */
export function* measuringSpeech(samples: Int16Array): Slices<number> {
  const followed = new Int16Array(samples.length + SAMPLE_RATE);
  followed.set(samples);
  return (yield* measuringLevel(followed)).activeDb;
}

/** The level at which the threshold lies 15.9 dB under the level it yields, by straight lines between neighbouring thresholds. */
function findCrossing(energy: number, active: Float64Array): number | undefined {
  let before: { readonly level: number; readonly above: number } | undefined;
  for (let j = 0; j < active.length && (active[j] ?? 0) > 0; j += 1) {
    const level = decibels(energy / (active[j] ?? 1));
    const above = level - 20 * Math.log10(2 ** (j - THRESHOLDS)) - MARGIN_DB;
    if (above <= 0) {
      if (before === undefined) return level;
      return before.level + ((level - before.level) * before.above) / (before.above - above);
    }
    before = { level, above };
  }
  return before?.level;
}

/** The level over the whole signal in dB below full scale. */
export function rmsLevel(samples: Int16Array | Float32Array): number {
  return decibels(energyOf(samples, 0, samples.length) / samples.length);
}

/** The same in slices. */
export function* measuringRms(samples: Int16Array | Float32Array): Slices<number> {
  let energy = 0;
  for (let from = 0; from < samples.length; from += SLICE) {
    if (from > 0) yield;
    energy += energyOf(samples, from, Math.min(samples.length, from + SLICE));
  }
  return decibels(energy / samples.length);
}

function energyOf(samples: Int16Array | Float32Array, from: number, to: number): number {
  const scale = samples instanceof Int16Array ? 1 / 32_768 : 1;
  let energy = 0;
  for (let index = from; index < to; index += 1) energy += ((samples[index] ?? 0) * scale) ** 2;
  return energy;
}

function decibels(power: number): number {
  return power > 0 ? 10 * Math.log10(power) : -Infinity;
}
