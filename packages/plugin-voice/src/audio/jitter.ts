import type { Millis } from '@alice/realops/plugin';
import { exponential } from './dropout.js';

/** A connection that needs now more, now less time. */
export interface JitterOptions {
  /** How long a frame is held back on average … */
  readonly meanMs: Millis;
  /** … and at most. */
  readonly mostMs: Millis;
}

/**
 * How long each frame is held back. Its own delay is exponential, but streams keep their order: a frame that was overtaken by time waits for the one before it, so that those behind a
 * slow one come in a burst. The same for the same numbers.
 */
export function holdsOf(frames: number, frameMs: Millis, { meanMs, mostMs }: JitterOptions, random: () => number): Float64Array {
  const holds = new Float64Array(frames);
  let releasedMs = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    const dueMs = frame * frameMs;
    releasedMs = Math.max(releasedMs, dueMs + Math.min(mostMs, exponential(meanMs, random)));
    holds[frame] = releasedMs - dueMs;
  }
  return holds;
}
