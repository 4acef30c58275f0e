import type { RunEvent } from '../events/event.js';

/** Makes events iterable. Events are kept from the start until the first iterator takes them, up to a bound. */
export interface Tap {
  push(event: RunEvent): void;
  end(): void;
  /** Iterates over the events; ends after the last one, then waits for `done` and throws its failure. */
  iterate(done: Promise<unknown>): AsyncIterator<RunEvent>;
}

/** How many events are kept for an iterator that has not come yet; a caller that wants the report alone costs no more memory. */
const MOST_KEPT = 2_000;

/** A tap that nobody reads yet. */
export function createTap(): Tap {
  let waiting: (RunEvent | undefined)[] = [];
  let next = 0;
  let reading = false;
  let ended = false;
  let wake: () => void = () => undefined;
  const take = (): RunEvent | undefined => {
    const event = waiting[next];
    if (event === undefined) return undefined;
    // What was read is let go at once, and its places in one piece, since shifting a long list is slow.
    waiting[next] = undefined;
    next += 1;
    if (next === 1_024) {
      waiting = waiting.slice(next);
      next = 0;
    }
    return event;
  };
  /** The next event once there is one. */
  const more = async (done: Promise<unknown>): Promise<IteratorResult<RunEvent, undefined>> => {
    for (;;) {
      const event = take();
      if (event !== undefined) return { done: false, value: event };
      if (ended) {
        await done;
        return { done: true, value: undefined };
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  return {
    push(event) {
      if (!reading && waiting.length >= MOST_KEPT) waiting = waiting.slice(MOST_KEPT / 2);
      waiting.push(event);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    iterate(done) {
      reading = true;
      return {
        next() {
          const event = take();
          return event === undefined ? more(done) : Promise.resolve({ done: false, value: event });
        },
        async return() {
          reading = false;
          waiting = [];
          next = 0;
          return { done: true, value: undefined };
        },
      };
    },
  };
}
