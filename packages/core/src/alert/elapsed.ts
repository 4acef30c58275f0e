import type { Millis } from '../time/index.js';

/** What is known of the clock from step to step. */
export interface TimeMemory {
  /** The latest time that was ever seen, in milliseconds since 1970; null before the first step. */
  readonly high: number | null;
  readonly last: number | null;
}

/** Before the first step. */
export const NEW_TIME: TimeMemory = { high: null, last: null };

/**
 * How much time has passed since the step before, on a clock that may have been set back: a jump back counts as nothing, and so does the step with which
 * the clock comes back to where it was, by being set right or by running on. So nothing lasts longer here than it did, and a clock that stays behind does
 * not stop time.
 */
export function timePassed({ high, last }: TimeMemory, now: number): { readonly elapsed: Millis; readonly memory: TimeMemory } {
  if (high === null || last === null) return { elapsed: 0, memory: { high: now, last: now } };
  if (now < high) return { elapsed: Math.max(0, now - last), memory: { high, last: now } };
  return { elapsed: last < high ? 0 : now - high, memory: { high: now, last: now } };
}
