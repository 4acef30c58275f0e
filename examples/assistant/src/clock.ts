import { setTimeout as wait } from 'node:timers/promises';

/** Time as the assistant sees it. `now` is monotonic, in ms; `wall` is the date. */
export interface Clock {
  now(): number;
  wall(): Date;
  /** Waits until `now()` reaches `deadline`; rejects when the signal aborts. */
  until(deadline: number, signal: AbortSignal): Promise<void>;
}

/** The clock of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => new Date(),
  async until(deadline, signal) {
    const left = deadline - performance.now();
    if (left > 0) await wait(left, undefined, { signal });
    else signal.throwIfAborted();
  },
};
