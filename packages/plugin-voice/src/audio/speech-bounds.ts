import { RealopsError, type Millis } from '@alice/realops/plugin';
import { measuringLevel, rmsLevel } from './level.js';
import { atOnce, SLICE, type Slices } from './slices.js';
import { SAMPLE_RATE } from './wav.js';

/** Where speech begins and ends in a clip, and who says so: `given` by the caller, or found by energy (`vad`, within about 20 ms). */
export interface SpeechBounds {
  readonly onsetMs: number;
  readonly endMs: number;
  readonly source: 'given' | 'vad';
}

/** From when to when, in ms. */
export interface Stretch {
  readonly startMs: Millis;
  readonly endMs: Millis;
}

const FRAME_MS = 10;
const FRAME = (SAMPLE_RATE * FRAME_MS) / 1000;
/** Bursts shorter than this are clicks. */
const SHORTEST_RUN = 3;

/**
 * Onset and end of speech in a clean clip. A 10 ms frame is speech when it lies above a threshold between 30 and 16 dB under the active speech level, as the
 * clip's own floor demands; runs under 30 ms are clicks. Bounds that are given win; with only one given the other is found.
 * @throws RealopsError REALOPS_INPUT_INVALID when nothing rises above the floor, or the bounds do not fit the clip
 */
export function speechBounds(samples: Int16Array, given: { readonly onsetMs?: number; readonly endMs?: number } = {}): SpeechBounds {
  return atOnce(findingBounds(samples, given));
}

/** The same in slices. */
export function* findingBounds(samples: Int16Array, given: { readonly onsetMs?: number; readonly endMs?: number } = {}): Slices<SpeechBounds> {
  const durationMs = (samples.length / SAMPLE_RATE) * 1000;
  const isGiven = given.onsetMs !== undefined && given.endMs !== undefined;
  const found = isGiven ? [] : yield* findingSpeech(samples, 0);
  const onsetMs = given.onsetMs ?? found[0]?.startMs ?? 0;
  const endMs = given.endMs ?? found.at(-1)?.endMs ?? durationMs;
  if (onsetMs >= endMs || endMs > durationMs + 1) {
    throw new RealopsError('REALOPS_INPUT_INVALID', `speech from ${Math.round(onsetMs)} to ${Math.round(endMs)} ms does not fit a clip of ${Math.round(durationMs)} ms`, { hint: 'onsetMs and endMs count from the start of the clip, lead not included' });
  }
  return { onsetMs, endMs: Math.min(endMs, durationMs), source: isGiven ? 'given' : 'vad' };
}

/**
 * Every stretch of speech in a clean clip, by the same thresholds; a silence that is shorter than `minSilenceMs` is a part of speech.
 * @throws RealopsError REALOPS_INPUT_INVALID when nothing rises above the floor
 */
export function* findingSpeech(samples: Int16Array, minSilenceMs: Millis): Slices<readonly Stretch[]> {
  const { activeDb } = yield* measuringLevel(samples);
  const levels = new Float64Array(Math.floor(samples.length / FRAME));
  for (let index = 0; index < levels.length; index += 1) {
    if (index % (SLICE / 128) === SLICE / 128 - 1) yield;
    levels[index] = rmsLevel(samples.subarray(index * FRAME, (index + 1) * FRAME));
  }
  const floor = levels.slice().sort()[Math.floor(levels.length / 10)] ?? -Infinity;
  const threshold = Math.min(activeDb - 16, Math.max(activeDb - 30, floor + 10));
  const found: { startMs: Millis; endMs: Millis }[] = [];
  let run = 0;
  levels.forEach((level, index) => {
    run = level > threshold ? run + 1 : 0;
    if (run < SHORTEST_RUN) return;
    const [startMs, endMs] = [(index + 1 - run) * FRAME_MS, (index + 1) * FRAME_MS];
    const last = found.at(-1);
    if (last !== undefined && startMs - last.endMs < Math.max(minSilenceMs, 1)) last.endMs = endMs;
    else found.push({ startMs, endMs });
  });
  if (found.length === 0 || activeDb === -Infinity) throw new RealopsError('REALOPS_INPUT_INVALID', 'no speech was found in the clip', { hint: 'check the file, or say where speech lies' });
  return found;
}

/** @throws RealopsError REALOPS_INPUT_INVALID for stretches that are not in order and apart, or do not lie in their clip */
export function checkStretches(stretches: readonly Stretch[], samples: Int16Array, name: string): void {
  const durationMs = (samples.length / SAMPLE_RATE) * 1_000;
  for (const [index, { startMs, endMs }] of stretches.entries()) {
    const [how, hint] = startMs >= endMs || endMs > durationMs + 1 ? ['does not fit it', `it lasts ${Math.round(durationMs)} ms`] : startMs < (stretches[index - 1]?.endMs ?? 0) ? ['begins before the one before it has ended', 'write them in order, and touching ones as one'] : [];
    if (how !== undefined) throw new RealopsError('REALOPS_INPUT_INVALID', `speech of ${name} from ${startMs} to ${endMs} ms ${how}`, { hint });
  }
}
