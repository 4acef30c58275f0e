import type { Clock } from './clock.js';

/** Hands out turns of the event loop. */
export interface Turns {
  /** A place in a turn: a promise that never rejects. A caller whose signal aborts waits no longer than one turn more; it has to look at its signal anyway. */
  take(signal: AbortSignal): Promise<void>;
}

/** So many may start in one turn: their requests leave together, which wakes the other side once, and they hold each other up by little. */
const AT_ONCE = 10;

/**
 * Places in the order of asking, a few for each turn of the event loop.
 *
 * Steps that run side by side share one thread, so what one of them measures holds the work that the engine did for all others between its request and
 * the reading of its answer. So they start together, once the answers that have come are dealt with: none of that work falls into their times then, and
 * while the engine deals with the next answers one by one ({@link Clock.nextTurn}), what comes meanwhile is read between them and its time taken. What is
 * measured is close to what the service took, also where the engine is the slower of the two. Waiting for a turn comes before a step starts, so it is the
 * lateness of the sender and never counted as time of the service.
 */
export function createTurns(clock: Pick<Clock, 'nextTurn'>, most = AT_ONCE): Turns {
  const waiting: { readonly signal: AbortSignal; readonly go: () => void }[] = [];
  let arranged = false;
  const arrange = (): void => {
    if (arranged) return;
    arranged = true;
    clock.nextTurn(turn);
  };
  const turn = (): void => {
    arranged = false;
    for (let taken = 0; taken < most; ) {
      const next = waiting.shift();
      if (next === undefined) return;
      if (!next.signal.aborted) taken += 1;
      next.go();
    }
    if (waiting.length > 0) arrange();
  };
  return {
    take(signal) {
      if (signal.aborted) return Promise.resolve();
      arrange();
      return new Promise((go) => waiting.push({ signal, go }));
    },
  };
}
