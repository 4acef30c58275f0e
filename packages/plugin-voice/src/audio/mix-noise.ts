import { RealopsError } from '@alice/realops/plugin';
import { measuringRms, measuringSpeech } from './level.js';
import { atOnce, SLICE, type Slices } from './slices.js';
import { SAMPLE_RATE } from './wav.js';

/** How noise is put under speech. */
export interface MixOptions {
  /** Active speech level over noise level, in dB. */
  readonly snrDb: number;
  /** Decides where in the noise the mix begins; the same seed gives the same mix, sample for sample. */
  readonly seed?: number;
  /** Samples of noise alone before and after the speech. */
  readonly leadSamples?: number;
  readonly tailSamples?: number;
}

/** Speech with noise under all of it, lead and tail included. */
export interface Mix {
  readonly samples: Int16Array;
  /** The ratio measured again on the finished mix. */
  readonly snrDb: number;
  /** What the whole mix was multiplied with to stay under full scale; 1 when nothing had to be done. */
  readonly gain: number;
  /** Where in the noise the mix begins. */
  readonly offset: number;
}

/** Length of the blend where a short noise begins again. */
const CROSSFADE = SAMPLE_RATE / 50;
const PEAK = 0.99;

/**
 * Mixes noise under speech at an exact signal-to-noise ratio: active speech level (ITU-T P.56, as if silence followed) over the plain level of the noise in the mixed span. Noise that
 * is too short is repeated with a 20 ms equal-power blend. A mix that would exceed full scale is turned down as a whole, so the ratio stays.
 * @throws RealopsError REALOPS_INPUT_INVALID when there is no speech or no noise to measure
 */
export function mixNoise(speech: Int16Array, noise: Int16Array, options: MixOptions): Mix {
  return atOnce(mixingNoise(speech, noise, options));
}

/** The same in slices. */
export function* mixingNoise(speech: Int16Array, noise: Int16Array, options: MixOptions): Slices<Mix> {
  const { snrDb, seed = 1, leadSamples = 0, tailSamples = 0 } = options;
  const length = leadSamples + speech.length + tailSamples;
  const offset = Math.floor(hash(seed) * noise.length);
  const bed = yield* repeatingNoise(noise, offset, length);
  const speechDb = yield* measuringSpeech(speech);
  const noiseDb = yield* measuringRms(bed);
  if (speechDb === -Infinity) throw new RealopsError('REALOPS_INPUT_INVALID', 'the clip holds no speech, so there is no level to mix noise against');
  if (noiseDb === -Infinity) throw new RealopsError('REALOPS_INPUT_INVALID', 'the noise file is silent');
  const noiseGain = 10 ** ((speechDb - noiseDb - snrDb) / 20);
  let peak = 0;
  for (let index = 0; index < length; index += 1) {
    if (index % SLICE === SLICE - 1) yield;
    const value = (bed[index] ?? 0) * noiseGain + (speech[index - leadSamples] ?? 0) / 32_768;
    peak = Math.max(peak, Math.abs(value));
    bed[index] = value;
  }
  const gain = peak > PEAK ? PEAK / peak : 1;
  const samples = new Int16Array(length);
  for (let index = 0; index < length; index += 1) {
    if (index % SLICE === SLICE - 1) yield;
    const value = Math.round((bed[index] ?? 0) * gain * 32_768);
    samples[index] = value;
    bed[index] = (value - (speech[index - leadSamples] ?? 0) * gain) / 32_768;
  }
  return { samples, snrDb: speechDb + 20 * Math.log10(gain) - (yield* measuringRms(bed)), gain, offset };
}

/** The noise from `offset` on, repeated to `length`, in slices: the head is blended with what followed the cut, so there is no click. */
export function* repeatingNoise(noise: Int16Array, offset: number, length: number): Slices<Float32Array> {
  const fade = Math.min(CROSSFADE, Math.floor(noise.length / 4));
  const period = noise.length - fade;
  const bed = new Float32Array(length);
  if (period <= 0) return bed;
  for (let index = 0; index < length; index += 1) {
    if (index % SLICE === SLICE - 1) yield;
    const place = (offset + index) % period;
    const turn = fade === 0 ? 1 : Math.min(1, place / fade) * (Math.PI / 2);
    const value = place < fade ? (noise[place] ?? 0) * Math.sin(turn) + (noise[period + place] ?? 0) * Math.cos(turn) : (noise[place] ?? 0);
    bed[index] = value / 32_768;
  }
  return bed;
}

/** A number in [0, 1) that depends on all bits of the seed (mulberry32, one step). */
export function hash(seed: number): number {
  let state = (Math.trunc(seed) + 0x6d2b79f5) | 0;
  state = Math.imul(state ^ (state >>> 15), state | 1);
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
  return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
}
