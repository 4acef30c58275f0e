import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@alice/realops/plugin';

/** The clock of a thread that only sends: the engine's does not reach across threads. */
export const workerClock: Clock = {
  now: () => performance.now(),
  wall: () => new Date(),
  async sleep(ms, signal) {
    signal.throwIfAborted();
    await sleep(ms, undefined, { signal });
  },
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
  nextTurn: (call) => void setImmediate(call),
};
