import { RealopsError } from '@alice/realops/plugin';
import { SAMPLE_RATE } from './wav.js';

/** A pause to put into speech: where in it, and how long, in ms. */
export interface Pause {
  readonly atMs: number;
  readonly ms: number;
}

/** Speech with pauses in it. */
export interface Paused {
  readonly samples: Int16Array;
  /** Where each pause lies among the samples, in order: from its first sample to the first one after it. */
  readonly pauses: readonly { readonly from: number; readonly to: number; readonly ms: number }[];
  /** Where a moment of the speech without pauses lies now, in ms; a moment at which a pause was put in lies before it. */
  later(ms: number): number;
}

/** So many samples on either side of a cut go down to nothing and up again: 4 ms, so that the cut is not heard. */
const FADE = 64;

/**
 * Puts silence into speech, as by somebody who stops to think.
 * @throws RealopsError REALOPS_INPUT_INVALID for a pause beyond the clip, or two at the same place
 */
export function insertPauses(samples: Int16Array, given: readonly Pause[]): Paused {
  const sorted = [...given].sort((a, b) => a.atMs - b.atMs);
  const cuts = sorted.map(({ atMs, ms }, index) => {
    const at = samplesIn(atMs);
    if (at > samples.length) throw new RealopsError('REALOPS_INPUT_INVALID', `a pause at ${atMs} ms does not lie in a clip of ${Math.round((samples.length / SAMPLE_RATE) * 1_000)} ms`);
    if (index > 0 && sorted[index - 1]?.atMs === atMs) throw new RealopsError('REALOPS_INPUT_INVALID', `two pauses lie at ${atMs} ms`, { hint: 'write one with the length of both' });
    return { at, ms, length: samplesIn(ms) };
  });
  const out = new Int16Array(samples.length + cuts.reduce((sum, { length }) => sum + length, 0));
  const pauses: { from: number; to: number; ms: number }[] = [];
  let [taken, shift] = [0, 0];
  for (const { at, ms, length } of [...cuts, { at: samples.length, ms: 0, length: 0 }]) {
    out.set(samples.subarray(taken, at), taken + shift);
    if (length > 0) pauses.push({ from: at + shift, to: at + shift + length, ms });
    [taken, shift] = [at, shift + length];
  }
  for (const { from, to } of pauses) {
    for (let index = 0; index < FADE; index += 1) {
      if (from - 1 - index >= 0) out[from - 1 - index] = Math.round(((out[from - 1 - index] ?? 0) * index) / FADE);
      if (to + index < out.length) out[to + index] = Math.round(((out[to + index] ?? 0) * index) / FADE);
    }
  }
  return { samples: out, pauses, later: (ms) => ms + sorted.reduce((sum, pause) => (pause.atMs < ms ? sum + pause.ms : sum), 0) };
}

function samplesIn(ms: number): number {
  return Math.round((ms * SAMPLE_RATE) / 1_000);
}
