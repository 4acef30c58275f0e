import type { RunEvent } from '../events/event.js';

/** Makes events iterable. Events are kept from the start until the first iterator takes them, up to a bound. */
export interface Tap {
  push(event: RunEvent): void;
  end(): void;
  /** Iterates over the events; ends after the last one, then waits for `done` and throws its failure. */
  iterate(done: Promise<unknown>): AsyncIterator<RunEvent>;
}

/** How many events are kept for an iterator that does not come. */
const MOST_KEPT = 100_000;

/** A tap that nobody reads yet. */
export function createTap(): Tap {
  let waiting: RunEvent[] = [];
  let ended = false;
  let wake: () => void = () => undefined;
  return {
    push(event) {
      if (waiting.length >= MOST_KEPT) waiting = waiting.slice(MOST_KEPT / 2);
      waiting.push(event);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    iterate(done) {
      return {
        async next() {
          for (;;) {
            const event = waiting.shift();
            if (event !== undefined) return { done: false, value: event };
            if (ended) {
              await done;
              return { done: true, value: undefined };
            }
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        },
        async return() {
          waiting = [];
          return { done: true, value: undefined };
        },
      };
    },
  };
}
