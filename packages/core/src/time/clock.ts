import { setTimeout as sleep } from 'node:timers/promises';

/** A length of time in milliseconds. */
export type Millis = number;

/** Time as the engine sees it. `now()` is monotonic and the only source of durations; `wall()` only stamps events. */
export interface Clock {
  /** Milliseconds on a monotonic scale with an arbitrary origin. */
  now(): Millis;
  /** The calendar time. */
  wall(): Date;
  /** Resolves after `ms`; rejects with the signal's reason as soon as it aborts. */
  sleep(ms: Millis, signal: AbortSignal): Promise<void>;
  /** Calls back once after `ms`; the returned function calls it off. Cheaper than a sleep that is nearly always called off, as deadlines are. */
  after(ms: Millis, call: () => void): () => void;
  /**
   * Calls back once in a later turn of the event loop, when what has arrived by now was read. Each call has a turn of its own, in the order of asking: between two of them
   * what has arrived is read, so that none of them holds up the time that another one takes.
   */
  nextTurn(call: () => void): void;
}

/** What waits for a turn of its own. */
const waiting: (() => void)[] = [];

function takeTurn(): void {
  const call = waiting.shift();
  if (waiting.length > 0) setImmediate(takeTurn);
  call?.();
}

/** The clock of the machine. */
export const systemClock: Clock = {
  after: (ms, call) => {
    // Timers longer than 24.8 days would fire at once.
    const timer = setTimeout(call, Math.min(ms, 2_147_483_647));
    return () => clearTimeout(timer);
  },
  nextTurn(call) {
    if (waiting.length === 0) setImmediate(takeTurn);
    waiting.push(call);
  },
  now: () => performance.now(),
  wall: () => new Date(),
  sleep: async (ms, signal) => {
    signal.throwIfAborted();
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  },
};
