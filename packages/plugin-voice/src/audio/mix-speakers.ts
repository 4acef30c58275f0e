import { RealopsError, type Millis } from '@alice/realops/plugin';
import { measuringSpeech } from './level.js';
import { SLICE, type Slices } from './slices.js';
import { checkStretches, findingSpeech, type Stretch } from './speech-bounds.js';
import { SAMPLE_RATE } from './wav.js';

/** One of those who speak. */
export interface SpeakerClip {
  readonly id: string;
  readonly samples: Int16Array;
  /** Active speech level in the mixture (ITU-T P.56), in dB of full scale. */
  readonly levelDb: number;
  /** Where the clip begins in the mixture … */
  readonly startMs?: Millis;
  /** … or for how long its speech overlaps that of the one before; below 0 a pause between them. Without either it begins with the mixture. */
  readonly overlapMs?: Millis;
  /** Where speech lies in the clip, as known; found by energy when absent. */
  readonly segments?: readonly Stretch[];
}

/** Where somebody speaks in a mixture. */
export interface PlacedSpeaker {
  readonly id: string;
  /** Where the clip begins. */
  readonly startMs: Millis;
  /** Stretches of speech, in order. */
  readonly segments: readonly Stretch[];
  /** The level that it has in the finished mixture. */
  readonly levelDb: number;
}

/** Several who speak at once, and the truth about it; times from the beginning of the mixture. */
export interface Mixture {
  readonly samples: Int16Array;
  readonly speakers: readonly PlacedSpeaker[];
  /** Stretches in which two or more speak. */
  readonly overlaps: readonly Stretch[];
  /** How much everything was turned down so that nothing is clipped, as a factor; 1 when nothing had to be done. */
  readonly gain: number;
}

/** A shorter silence is a part of what somebody says. */
const MIN_SILENCE_MS = 300;
const PEAK = 0.99 * 32_768;

/**
 * Mixes clips, each at its own level and place. The truth comes from the clean clips.
 * @throws RealopsError REALOPS_INPUT_INVALID for a clip without speech, one that would begin before the mixture, and segments that do not lie in their clip
 */
export function* mixingSpeakers(clips: readonly SpeakerClip[]): Slices<Mixture> {
  const placed: (PlacedSpeaker & { readonly samples: Int16Array; readonly gain: number })[] = [];
  for (const { id, samples, levelDb, startMs, overlapMs, segments: given } of clips) {
    const level = yield* measuringSpeech(samples);
    if (level === -Infinity) throw new RealopsError('REALOPS_INPUT_INVALID', `the clip of ${id} holds no speech`);
    if (given !== undefined) checkStretches(given, samples, `the clip of ${id}`);
    const segments = given ?? (yield* findingSpeech(samples, MIN_SILENCE_MS));
    const previousEnd = placed.at(-1)?.segments.at(-1)?.endMs ?? 0;
    const start = startMs ?? (overlapMs === undefined || placed.length === 0 ? 0 : toSample(previousEnd - overlapMs - (segments[0]?.startMs ?? 0)));
    if (start < 0) throw new RealopsError('REALOPS_INPUT_INVALID', `the clip of ${id} would begin ${Math.round(-start)} ms before the mixture`, { hint: 'overlap less, or name the speaker with the longer clip first' });
    placed.push({ id, samples, startMs: start, levelDb, gain: 10 ** ((levelDb - level) / 20), segments: segments.map((each) => ({ startMs: each.startMs + start, endMs: each.endMs + start })) });
  }
  const length = Math.max(...placed.map(({ samples, startMs }) => placeOf(startMs) + samples.length));
  const sum = new Float32Array(length);
  let peak = 0;
  for (const { samples, startMs, gain } of placed) {
    const from = placeOf(startMs);
    for (let index = 0; index < samples.length; index += 1) {
      if (index % SLICE === SLICE - 1) yield;
      sum[from + index] = (sum[from + index] ?? 0) + (samples[index] ?? 0) * gain;
    }
  }
  for (let index = 0; index < length; index += 1) {
    if (index % SLICE === SLICE - 1) yield;
    peak = Math.max(peak, Math.abs(sum[index] ?? 0));
  }
  const gain = peak > PEAK ? PEAK / peak : 1;
  const out = new Int16Array(length);
  for (let index = 0; index < length; index += 1) {
    if (index % SLICE === SLICE - 1) yield;
    out[index] = Math.round((sum[index] ?? 0) * gain);
  }
  const speakers = placed.map(({ id, startMs, segments, levelDb }) => ({ id, startMs, segments, levelDb: levelDb + 20 * Math.log10(gain) }));
  return { samples: out, speakers, overlaps: overlapsOf(speakers.map(({ segments }) => segments)), gain };
}

/** Where two or more of several speakers speak; each speaker's stretches are apart and in order. */
export function overlapsOf(speakers: readonly (readonly Stretch[])[]): readonly Stretch[] {
  const edges = speakers.flat().flatMap(({ startMs, endMs }) => [{ at: startMs, by: 1 }, { at: endMs, by: -1 }]).sort((a, b) => a.at - b.at || a.by - b.by);
  const found: Stretch[] = [];
  let [speaking, since] = [0, 0];
  for (const { at, by } of edges) {
    if (speaking === 1 && by === 1) since = at;
    if (speaking === 2 && by === -1 && at > since) found.push({ startMs: since, endMs: at });
    speaking += by;
  }
  return found;
}

function placeOf(ms: Millis): number {
  return Math.round((ms * SAMPLE_RATE) / 1_000);
}

/** Moved to the nearest sample, so that what is said to be there is there. */
function toSample(ms: Millis): Millis {
  return (placeOf(ms) * 1_000) / SAMPLE_RATE;
}
