import type { Clock } from './clock.js';

/** Hands out turns of the event loop. */
export interface Turns {
  /**
   * A turn of its own: undefined when it is there now, as it is while nobody else takes any; else a promise that never rejects. A caller whose signal
   * aborts waits no longer than one turn more; it has to look at its signal anyway.
   */
  take(signal: AbortSignal): Promise<void> | undefined;
}

/**
 * Turns in the order of asking, one for each turn of the event loop.
 *
 * Steps that run side by side share one thread, so what one of them measures holds the work that the engine did for all others between its request and
 * the reading of its answer. Started all at once, ten steps each measure the work for nine others. Started one a turn, the answers that have come are
 * read, and their times taken, before the next step begins: what is measured is close to what the service took, also where the engine is the slower of
 * the two. Waiting for a turn comes before a step starts, so it is the lateness of the sender and never counted as time of the service.
 */
export function createTurns(clock: Pick<Clock, 'nextTurn'>): Turns {
  const waiting: { readonly signal: AbortSignal; readonly go: () => void }[] = [];
  /** Somebody has started in this turn; the next turn is arranged. */
  let taken = false;
  const turn = (): void => {
    taken = false;
    while (!taken) {
      const next = waiting.shift();
      if (next === undefined) return;
      taken = !next.signal.aborted;
      next.go();
    }
    clock.nextTurn(turn);
  };
  return {
    take(signal) {
      if (signal.aborted) return undefined;
      if (taken) return new Promise((go) => waiting.push({ signal, go }));
      taken = true;
      clock.nextTurn(turn);
      return undefined;
    },
  };
}
