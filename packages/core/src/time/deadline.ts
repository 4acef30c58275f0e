import { RealopsError } from '../errors/index.js';
import type { Clock, Millis } from './clock.js';

/** A signal that aborts at a deadline or with its parent, and the means to release both. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
  /** True once the deadline (not the parent) aborted the signal. */
  readonly expired: boolean;
}

/**
 * A signal that aborts with REALOPS_TIMEOUT after `ms`, or with the parent's reason. Dispose it when the work is done,
 * or its timer and listener live on.
 */
export function startDeadline(clock: Clock, ms: Millis, parent: AbortSignal, what: string): Deadline {
  const controller = new AbortController();
  let expired = false;
  const follow = (): void => controller.abort(parent.reason);
  if (parent.aborted) follow();
  else parent.addEventListener('abort', follow, { once: true });
  const callOff = clock.after(ms, () => {
    if (controller.signal.aborted) return;
    expired = true;
    controller.abort(new RealopsError('REALOPS_TIMEOUT', `${what} did not finish within ${ms} ms`));
  });
  return {
    signal: controller.signal,
    get expired() {
      return expired;
    },
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
    stop = () => void setImmediate(() => reject(signal.reason instanceof Error ? signal.reason : new RealopsError('REALOPS_CANCELLED', 'cancelled', { cause: signal.reason })));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
