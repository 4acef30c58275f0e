/** Something that can be opened and must be closed. */
export interface Resource<R> {
  /** What it is, for messages: `connection to asr`. */
  readonly name: string;
  open(signal: AbortSignal): Promise<R>;
  close(value: R): Promise<void> | void;
}

/** Opened resources, closed in reverse order when the scope is disposed. Node 20 has no AsyncDisposableStack; this is the part of it we need. */
export interface Scope extends AsyncDisposable {
  /** True while nothing has to be closed. */
  readonly empty: boolean;
  /** Opens a resource and owns it. A failed open owns nothing. */
  use<R>(resource: Resource<R>, signal: AbortSignal): Promise<R>;
  /** Runs `close` when the scope ends. */
  defer(name: string, close: () => Promise<void> | void): void;
}

/** A new scope. Every close runs, also after one that throws; failures are handed to `onError` and never thrown over the work's own outcome. */
export function createScope(onError: (name: string, error: unknown) => void): Scope {
  const closers: { readonly name: string; readonly close: () => Promise<void> | void }[] = [];
  let ended = false;
  const defer = (name: string, close: () => Promise<void> | void): void => void closers.push({ name, close });
  return {
    get empty() {
      return closers.length === 0;
    },
    defer,
    async use(resource, signal) {
      signal.throwIfAborted();
      const value = await resource.open(signal);
      if (ended) {
        await resource.close(value);
        throw new Error(`${resource.name} was opened after its scope had ended`);
      }
      defer(resource.name, () => resource.close(value));
      return value;
    },
    async [Symbol.asyncDispose]() {
      ended = true;
      for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) {
        try {
          await closer.close();
        } catch (error) {
          onError(closer.name, error);
        }
      }
    },
  };
}
