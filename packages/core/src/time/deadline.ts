import { RealopsError } from '../errors/index.js';
import { whenAborted } from './aborts.js';
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
  return new RunningDeadline(clock, ms, parent, what);
}

/** A class, since every attempt of a step makes one, and an object with getters of its own is slow to make. */
class RunningDeadline implements Deadline {
  expired = false;
  #controller: AbortController | undefined = undefined;
  #ended: { readonly reason: unknown } | undefined = undefined;
  readonly #waiting: (() => void)[] = [];
  readonly #leave: () => void;
  readonly #callOff: () => void;

  constructor(clock: Clock, ms: Millis, parent: AbortSignal, what: string) {
    this.#leave = whenAborted(parent, () => this.#end(parent.reason));
    this.#callOff = clock.after(ms, () => {
      if (this.#ended !== undefined) return;
      this.expired = true;
      this.#end(new RealopsError('REALOPS_TIMEOUT', `${what} did not finish within ${ms} ms`));
    });
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#ended !== undefined) this.#controller.abort(this.#ended.reason);
    }
    return this.#controller.signal;
  }

  get aborted(): boolean {
    return this.#ended !== undefined;
  }

  onAbort(call: () => void): () => void {
    if (this.#ended === undefined) this.#waiting.push(call);
    else call();
    return () => {
      const index = this.#waiting.indexOf(call);
      if (index >= 0) this.#waiting.splice(index, 1);
    };
  }

  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then(resolve, reject);
      if (this.#ended !== undefined) reject(asError(this.#ended.reason));
      else this.#waiting.push(() => void setImmediate(() => reject(asError(this.#ended?.reason))));
    });
  }

  [Symbol.dispose](): void {
    this.#leave();
    this.#callOff();
    // Whoever still waits waits for nothing now, and would keep alive what the work gave.
    this.#waiting.length = 0;
  }

  #end(reason: unknown): void {
    if (this.#ended !== undefined) return;
    this.#ended = { reason };
    this.#controller?.abort(reason);
    for (const call of this.#waiting.splice(0)) {
      try {
        call();
      } catch {
        // The work has failed for the reason of the abort; what its clean-up throws must not keep the others from hearing of it.
      }
    }
  }
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
