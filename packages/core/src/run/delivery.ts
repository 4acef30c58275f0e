import type { RunEvent } from '../events/event.js';

/** One reader of the stream. Calls never overlap and come in order. */
export interface Subscriber {
  readonly name: string;
  /** The run waits for it and stops when it throws. */
  readonly lossless: boolean;
  on(event: RunEvent): Promise<void> | void;
}

/** The events that wait for one subscriber. */
export interface Delivery {
  readonly subscriber: Subscriber;
  /** How many events wait; the one being taken does not count. */
  readonly waiting: number;
  /** True from a failure on: nothing is taken any more. */
  readonly stopped: boolean;
  put(event: RunEvent): void;
  /** Hands over what waits, at once where the subscriber answers at once; does nothing while it takes its time for an event. */
  deliver(): void;
  /** Resolves when nothing waits and nothing is being taken; undefined when that is so now. */
  emptied(): Promise<void> | undefined;
}

/** A subscriber without events. `onFailure` is told once, when it throws or rejects. */
export function createDelivery(subscriber: Subscriber, onFailure: (error: unknown) => void): Delivery {
  let events: RunEvent[] = [];
  let taking = false;
  let stopped = false;
  let waiters: (() => void)[] = [];

  const fail = (error: unknown): void => {
    taking = false;
    stopped = true;
    events = [];
    onFailure(error);
    rest();
  };
  const rest = (): void => {
    const all = waiters;
    waiters = [];
    for (const wake of all) wake();
  };
  /** Hands over a batch from an index on; after an event that takes time it goes on by itself. */
  const take = (batch: readonly RunEvent[], from: number): void => {
    taking = true;
    for (let index = from; index < batch.length; index += 1) {
      const event = batch[index];
      if (event === undefined) continue;
      try {
        const waiting = subscriber.on(event);
        if (waiting === undefined) continue;
        waiting.then(() => take(batch, index + 1), fail);
        return;
      } catch (error) {
        return fail(error);
      }
    }
    taking = false;
    deliver();
  };
  const deliver = (): void => {
    if (taking || stopped) return;
    if (events.length === 0) return rest();
    const batch = events;
    events = [];
    take(batch, 0);
  };
  return {
    subscriber,
    get waiting() {
      return events.length;
    },
    get stopped() {
      return stopped;
    },
    put: (event) => void events.push(event),
    deliver,
    emptied: () => ((events.length === 0 && !taking) || stopped ? undefined : new Promise((resolve) => waiters.push(resolve))),
  };
}
