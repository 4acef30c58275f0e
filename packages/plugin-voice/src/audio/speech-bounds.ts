import { RealopsError } from '@alice/realops/plugin';
import { activeSpeechLevel, rmsLevel } from './level.js';
import { SAMPLE_RATE } from './wav.js';

/** Where speech begins and ends in a clip, and who says so: `given` by the caller, or found by energy (`vad`, within about 20 ms). */
export interface SpeechBounds {
  readonly onsetMs: number;
  readonly endMs: number;
  readonly source: 'given' | 'vad';
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
  const durationMs = (samples.length / SAMPLE_RATE) * 1000;
  const isGiven = given.onsetMs !== undefined && given.endMs !== undefined;
  const found = isGiven ? undefined : findSpeech(samples);
  const onsetMs = given.onsetMs ?? found?.onsetMs ?? 0;
  const endMs = given.endMs ?? found?.endMs ?? durationMs;
  if (onsetMs >= endMs || endMs > durationMs + 1) {
    throw new RealopsError('REALOPS_INPUT_INVALID', `speech from ${Math.round(onsetMs)} to ${Math.round(endMs)} ms does not fit a clip of ${Math.round(durationMs)} ms`, { hint: 'onsetMs and endMs count from the start of the clip, lead not included' });
  }
  return { onsetMs, endMs: Math.min(endMs, durationMs), source: isGiven ? 'given' : 'vad' };
}

function findSpeech(samples: Int16Array): { readonly onsetMs: number; readonly endMs: number } {
  const { activeDb } = activeSpeechLevel(samples);
  const levels = Array.from({ length: Math.floor(samples.length / FRAME) }, (_, index) => rmsLevel(samples.subarray(index * FRAME, (index + 1) * FRAME)));
  const floor = [...levels].sort((a, b) => a - b)[Math.floor(levels.length / 10)] ?? -Infinity;
  const threshold = Math.min(activeDb - 16, Math.max(activeDb - 30, floor + 10));
  let onset = -1;
  let end = -1;
  let run = 0;
  levels.forEach((level, index) => {
    run = level > threshold ? run + 1 : 0;
    if (run < SHORTEST_RUN) return;
    if (onset < 0) onset = index + 1 - run;
    end = index + 1;
  });
  if (onset < 0 || activeDb === -Infinity) throw new RealopsError('REALOPS_INPUT_INVALID', 'no speech was found in the clip', { hint: 'check the file, or give onsetMs and endMs' });
  return { onsetMs: onset * FRAME_MS, endMs: end * FRAME_MS };
}
