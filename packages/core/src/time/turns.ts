import type { Clock } from './clock.js';

/** Hands out turns of the event loop. */
export interface Turns {
  /**
   * A place in a turn: undefined when there is one now, as there is while few others take any; else a promise that never rejects. A caller whose signal
   * aborts waits no longer than one turn more; it has to look at its signal anyway.
   */
  take(signal: AbortSignal): Promise<void> | undefined;
}

/** So many may start in one turn: their requests leave together, which wakes the other side once, and they hold each other up by little. */
const AT_ONCE = 2;

/**
 * Places in the order of asking, few for each turn of the event loop.
 *
 * Steps that run side by side share one thread, so what one of them measures holds the work that the engine did for all others between its request and
 * the reading of its answer. Started all at once, ten steps each measure the work for nine others. Started a few a turn, the answers that have come are
 * read, and their times taken, before the next steps begin: what is measured is close to what the service took, also where the engine is the slower of
 * the two. Waiting for a turn comes before a step starts, so it is the lateness of the sender and never counted as time of the service.
 */
export function createTurns(clock: Pick<Clock, 'nextTurn'>, most = AT_ONCE): Turns {
  const waiting: { readonly signal: AbortSignal; readonly go: () => void }[] = [];
  /** How many have started in this turn; the next turn is arranged when any has. */
  let taken = 0;
  const turn = (): void => {
    taken = 0;
    while (taken < most) {
      const next = waiting.shift();
      if (next === undefined) break;
      if (!next.signal.aborted) taken += 1;
      next.go();
    }
    if (taken > 0) clock.nextTurn(turn);
  };
  return {
    take(signal) {
      if (signal.aborted) return undefined;
      if (taken >= most) return new Promise((go) => waiting.push({ signal, go }));
      taken += 1;
      if (taken === 1) clock.nextTurn(turn);
      return undefined;
    },
  };
}
