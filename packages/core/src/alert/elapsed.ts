import type { Millis } from '../time/index.js';

/** What is known of the clock from step to step. */
export interface TimeMemory {
  /** The latest time that was ever seen, in milliseconds since 1970; null before the first step. */
  readonly high: number | null;
  readonly last: number | null;
  /** What was counted while the clock stood behind `high`. */
  readonly credit: Millis;
}

/** Before the first step. */
export const NEW_TIME: TimeMemory = { high: null, last: null, credit: 0 };

/**
 * How much time has passed since the step before, on a clock that may have been set back: a jump back counts as nothing, and when the clock later returns
 * to where it was, only what was not counted in between is. So nothing ever lasts longer here than it did, and a clock that stays behind does not stop time.
 */
export function timePassed(memory: TimeMemory, now: number): { readonly elapsed: Millis; readonly memory: TimeMemory } {
  const { high, last, credit } = memory;
  if (high === null || last === null) return { elapsed: 0, memory: { high: now, last: now, credit: 0 } };
  if (now >= high) return { elapsed: Math.max(0, now - high - credit), memory: { high: now, last: now, credit: 0 } };
  const elapsed = Math.max(0, now - last);
  return { elapsed, memory: { high, last: now, credit: credit + elapsed } };
}
