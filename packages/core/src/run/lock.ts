/** A number of places that work takes and gives back, in the order of asking. */
export interface Semaphore {
  /** Waits for a place and gives its index; rejects with the signal's reason when it aborts first. */
  take(signal: AbortSignal): Promise<number>;
  give(place: number): void;
}

/** A semaphore with places 0 … count−1; the lowest free one is given first. */
export function createSemaphore(count: number): Semaphore {
  const free = Array.from({ length: count }, (_, index) => index);
  const waiting: ((place: number) => void)[] = [];
  return {
    async take(signal) {
      signal.throwIfAborted();
      const place = free.shift();
      if (place !== undefined) return place;
      return new Promise<number>((resolve, reject) => {
        const proceed = (given: number): void => {
          signal.removeEventListener('abort', stop);
          resolve(given);
        };
        const stop = (): void => {
          waiting.splice(waiting.indexOf(proceed), 1);
          reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
        };
        signal.addEventListener('abort', stop, { once: true });
        waiting.push(proceed);
      });
    },
    give(place) {
      const next = waiting.shift();
      if (next !== undefined) next(place);
      else {
        free.push(place);
        free.sort((a, b) => a - b);
      }
    },
  };
}

/** Named locks, taken all at once, so that two holders never wait for each other. */
export interface Locks {
  /** The names that somebody holds now. */
  held(names: readonly string[]): readonly string[];
  /** Waits until all are free and takes them together; gives the release. */
  take(names: readonly string[], signal: AbortSignal): Promise<() => void>;
}

/** No lock held. Waiters are served in the order of asking as soon as all their names are free; a waiter does not hold up others that need other names. */
export function createLocks(): Locks {
  const taken = new Set<string>();
  const waiting: { readonly names: readonly string[]; readonly proceed: () => void }[] = [];
  const release = (names: readonly string[]) => (): void => {
    for (const name of names) taken.delete(name);
    for (const waiter of [...waiting]) {
      if (waiter.names.some((name) => taken.has(name))) continue;
      for (const name of waiter.names) taken.add(name);
      waiting.splice(waiting.indexOf(waiter), 1);
      waiter.proceed();
    }
  };
  return {
    held: (names) => names.filter((name) => taken.has(name)),
    async take(names, signal) {
      signal.throwIfAborted();
      if (!names.some((name) => taken.has(name))) {
        for (const name of names) taken.add(name);
        return release(names);
      }
      await new Promise<void>((resolve, reject) => {
        const waiter = {
          names,
          proceed: () => {
            signal.removeEventListener('abort', stop);
            resolve();
          },
        };
        const stop = (): void => {
          waiting.splice(waiting.indexOf(waiter), 1);
          reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
        };
        signal.addEventListener('abort', stop, { once: true });
        waiting.push(waiter);
      });
      return release(names);
    },
  };
}
