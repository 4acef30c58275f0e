interface Waiter {
  readonly call: () => void;
  index: number;
}

/** Who waits for a signal to abort. */
const waiting = new WeakMap<AbortSignal, Waiter[]>();

/**
 * Calls back once when a signal aborts, at once when it has; the returned function calls it off. The signal of a run has many who come and go: they share
 * one listener, which stays as long as the signal, since adding and removing one costs more than all the rest of a deadline.
 */
export function whenAborted(signal: AbortSignal, call: () => void): () => void {
  if (signal.aborted) {
    call();
    return () => undefined;
  }
  const waiters = waiting.get(signal) ?? listenTo(signal);
  const own: Waiter = { call, index: waiters.length };
  waiters.push(own);
  return () => leave(waiters, own);
}

/** The last one takes the place of the one that leaves. A set would hold on to those that left: its tables, each time they are made anew, are a chain that only a full collection takes. */
function leave(waiters: Waiter[], own: Waiter): void {
  if (waiters[own.index] !== own) return;
  const last = waiters.pop();
  if (last === undefined || last === own) return;
  waiters[own.index] = last;
  last.index = own.index;
}

function listenTo(signal: AbortSignal): Waiter[] {
  const waiters: Waiter[] = [];
  waiting.set(signal, waiters);
  signal.addEventListener(
    'abort',
    () => {
      for (const { call } of waiters.splice(0)) call();
    },
    { once: true },
  );
  return waiters;
}
