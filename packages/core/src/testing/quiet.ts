import { systemClock } from '../time/index.js';

/** How long a step or action may take to be quiet after an abort, and its handles to be gone. */
export const QUIET_MS = 1_000;
/** The abort comes this long after the start, so that it meets the work in the middle of its wait. */
export const ABORT_AFTER_MS = 50;

/** Timers are not counted: a test runner has its own, and a step that still waits is found by the abort. */
export function count(handles: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of handles) if (kind !== 'Timeout' && kind !== 'Immediate') counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** What is open that was not before, as broken rules: none once all of it has been closed, for which there is a second. */
export async function leftOpen(before: ReadonlyMap<string, number>, openHandles: () => readonly string[], after: string): Promise<readonly { readonly rule: 'handles'; readonly message: string }[]> {
  let left: readonly string[] = [];
  const leaking = (): boolean => {
    left = [...count(openHandles())].filter(([kind, n]) => n > (before.get(kind) ?? 0)).map(([kind, n]) => `${n - (before.get(kind) ?? 0)} ${kind}`);
    return left.length > 0;
  };
  return (await within(QUIET_MS, leaking)) ? [] : [{ rule: 'handles', message: `${after} leaves open: ${left.join(', ')}` }];
}

/** What is wrong with how something ends that is aborted in the middle of its wait; `isQuiet` is false while it goes on. */
export async function callOff(call: (signal: AbortSignal) => Promise<unknown>, words: { readonly name: string; readonly busy: string; readonly success: string }): Promise<{ readonly isQuiet: boolean; readonly messages: readonly string[] }> {
  const stop = new AbortController();
  let ended: 'well' | 'badly' | undefined;
  void Promise.resolve().then(() => call(stop.signal)).then(() => (ended = 'well'), () => (ended = 'badly'));
  await systemClock.sleep(ABORT_AFTER_MS, new AbortController().signal);
  const before = ended !== undefined;
  stop.abort(new Error('the contract calls it off'));
  const isQuiet = await within(QUIET_MS, () => ended === undefined);
  return {
    isQuiet,
    messages: [
      ...(before ? [`${words.name} ended before it could be aborted; give hangs with which it waits`] : []),
      ...(isQuiet ? [] : [`${words.name} was still ${words.busy} ${QUIET_MS} ms after its signal aborted`]),
      ...(!before && ended === 'well' ? [`${words.name} ${words.success}`] : []),
    ],
  };
}

/** Whether a condition ends within the time; looked at every 10 ms. */
export async function within(ms: number, goesOn: () => boolean): Promise<boolean> {
  const started = systemClock.now();
  const never = new AbortController().signal;
  while (goesOn()) {
    if (systemClock.now() - started > ms) return false;
    await systemClock.sleep(10, never);
  }
  return true;
}
