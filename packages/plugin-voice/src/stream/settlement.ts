/** A promise with its handles; the first call counts. */
export interface Settlement {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
  settled(): boolean;
}

/** A new one. */
export function createSettlement(): Settlement {
  let isSettled = false;
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  const once = (act: () => void): void => {
    if (isSettled) return;
    isSettled = true;
    act();
  };
  return { promise, resolve: () => once(resolve), reject: (error) => once(() => reject(error)), settled: () => isSettled };
}
