import type { LoopSettings } from '../model/remedy.js';
import { startDeadline, type Clock } from '../time/index.js';
import { durationWords } from '../wording/words.js';

/** How long each phase may take, in milliseconds; a phase left out has no limit of its own. */
export type PhaseBudget = LoopSettings['budget'];

/** The time of one phase. */
export interface PhaseTime extends Disposable {
  /** Aborts with the run, or when the phase has used up its time. */
  readonly signal: AbortSignal;
  /** What to say when the phase was ended by its budget; undefined otherwise. */
  readonly over: string | undefined;
}

/** Starts the time of a phase. Dispose it when the phase is over. */
export function phaseTime(clock: Clock, phase: keyof PhaseBudget, budget: PhaseBudget | undefined, signal: AbortSignal): PhaseTime {
  const ms = budget?.[phase];
  if (ms === undefined) return { signal, over: undefined, [Symbol.dispose]: () => undefined };
  const deadline = startDeadline(clock, ms, signal, `the phase ${phase}`);
  return {
    signal: deadline.signal,
    get over() {
      return deadline.expired ? `${phase} was ended by its budget of ${durationWords(ms)}` : undefined;
    },
    [Symbol.dispose]: () => deadline[Symbol.dispose](),
  };
}
