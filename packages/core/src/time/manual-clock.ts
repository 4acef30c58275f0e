import type { Clock, Millis } from './clock.js';

/** A clock that stands still until it is told to go on. */
export interface ManualClock extends Clock {
  /** Lets time pass; everything that falls due happens in order. */
  advance(ms: Millis): Promise<void>;
  /** How many wait for a moment to come. None while what was set off still works on something real, a file say: time should stand still then. */
  pending(): number;
}

interface Due {
  readonly at: Millis;
  readonly order: number;
  readonly call: () => void;
}

/** A clock for tests: no test that uses it sleeps. `wall()` starts at the given moment. */
export function manualClock(start = '2026-01-01T00:00:00.000Z'): ManualClock {
  const begin = Date.parse(start);
  let now = 0;
  let order = 0;
  let due: Due[] = [];
  const after = (ms: Millis, call: () => void): (() => void) => {
    const entry: Due = { at: now + ms, order: (order += 1), call };
    due.push(entry);
    return () => {
      due = due.filter((each) => each !== entry);
    };
  };
  return {
    now: () => now,
    wall: () => new Date(begin + now),
    after,
    pending: () => due.length,
    // A turn of the event loop takes no time.
    nextTurn: (call) => void setImmediate(call),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const stop = (): void => {
          callOff();
          reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        };
        const callOff = after(ms, () => {
          signal.removeEventListener('abort', stop);
          resolve();
        });
        if (signal.aborted) stop();
        else signal.addEventListener('abort', stop, { once: true });
      }),
    async advance(ms) {
      const until = now + ms;
      for (;;) {
        // What the last event set in motion may ask for time of its own.
        await new Promise<void>((resolve) => setImmediate(resolve));
        const next = due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at || a.order - b.order)[0];
        if (next === undefined) break;
        due = due.filter((each) => each !== next);
        now = Math.max(now, next.at);
        next.call();
      }
      now = until;
    },
  };
}
