/** Lets one piece of work run at a time, in the order of asking. */
export interface DeepQueue {
  /** Runs `work` when its turn comes; undefined when too many wait already. Leaves the queue when the signal aborts. */
  run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> | undefined;
  readonly active: number;
  readonly waiting: number;
  /** The most that ever ran at once. */
  readonly peak: number;
}

const mostWaiting = 8;

export function createDeepQueue(): DeepQueue {
  let last: Promise<unknown> = Promise.resolve();
  let active = 0;
  let waiting = 0;
  let peak = 0;
  return {
    run(work, signal) {
      if (waiting >= mostWaiting) return undefined;
      waiting++;
      let left = false;
      const leave = (): void => {
        signal.removeEventListener('abort', leave);
        if (!left) waiting--;
        left = true;
      };
      signal.addEventListener('abort', leave);
      const turn = last.then(async () => {
        leave();
        signal.throwIfAborted();
        peak = Math.max(peak, ++active);
        try {
          return await work();
        } finally {
          active--;
        }
      });
      last = turn.catch(() => undefined);
      return turn;
    },
    get active() {
      return active;
    },
    get waiting() {
      return waiting;
    },
    get peak() {
      return peak;
    },
  };
}
