import { RealopsError } from '../errors/index.js';
import type { Clock, Millis } from './clock.js';

/** A signal that aborts at a deadline or with its parent, and the means to release both. */
export interface Deadline extends Disposable {
  /** Made when it is first asked for: a signal costs more than all the rest of a deadline. */
  readonly signal: AbortSignal;
  /** True once the deadline or the parent aborted. */
  readonly aborted: boolean;
  /** True once the deadline (not the parent) aborted the signal. */
  readonly expired: boolean;
  /** Calls back once when it aborts, at once when it has; the returned function calls it off. Much cheaper than a listener on the signal. */
  onAbort(call: () => void): () => void;
  /** The outcome of `work`, as {@link untilAborted} gives it, without a signal having to be made. */
  race<T>(work: Promise<T>): Promise<T>;
}

/**
 * A signal that aborts with REALOPS_TIMEOUT after `ms`, or with the parent's reason. Dispose it when the work is done,
 * or its timer and listener live on.
 */
export function startDeadline(clock: Clock, ms: Millis, parent: AbortSignal, what: string): Deadline {
  let controller: AbortController | undefined;
  let ended: { readonly reason: unknown } | undefined;
  let expired = false;
  const waiting: (() => void)[] = [];
  const end = (reason: unknown): void => {
    if (ended !== undefined) return;
    ended = { reason };
    controller?.abort(reason);
    for (const call of waiting.splice(0)) {
      try {
        call();
      } catch {
        // The work has failed for the reason of the abort; what its clean-up throws must not keep the others from hearing of it.
      }
    }
  };
  const onAbort = (call: () => void): (() => void) => {
    if (ended === undefined) waiting.push(call);
    else call();
    return () => {
      const index = waiting.indexOf(call);
      if (index >= 0) waiting.splice(index, 1);
    };
  };
  const follow = (): void => end(parent.reason);
  if (parent.aborted) follow();
  else parent.addEventListener('abort', follow, { once: true });
  const callOff = clock.after(ms, () => {
    if (ended !== undefined) return;
    expired = true;
    end(new RealopsError('REALOPS_TIMEOUT', `${what} did not finish within ${ms} ms`));
  });
  return {
    get signal() {
      if (controller === undefined) {
        controller = new AbortController();
        if (ended !== undefined) controller.abort(ended.reason);
      }
      return controller.signal;
    },
    get aborted() {
      return ended !== undefined;
    },
    get expired() {
      return expired;
    },
    onAbort,
    race: (work) =>
      new Promise((resolve, reject) => {
        work.then(resolve, reject);
        if (ended !== undefined) reject(asError(ended.reason));
        else waiting.push(() => void setImmediate(() => reject(asError(ended?.reason))));
      }),
    [Symbol.dispose]() {
      parent.removeEventListener('abort', follow);
      callOff();
    },
  };
}

/**
 * The outcome of `work`, or a rejection with the signal's reason when it aborts, even when `work` ignores the signal. Work that ends on the signal by
 * itself is heard first, within the same turn of the event loop, since it can tell how far it had come.
 * The abandoned work goes on unobserved; its late rejection is swallowed.
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => void setImmediate(() => reject(asError(signal.reason)));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new RealopsError('REALOPS_CANCELLED', 'cancelled', { cause: reason });
}
