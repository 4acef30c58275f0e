import type { Clock } from '@alice/realops/plugin';

/** Long work in slices: between two of them others may run. Made by a generator that yields nothing. */
export type Slices<T> = Generator<undefined, T, undefined>;

/** Light work on so many samples takes a few milliseconds. */
export const SLICE = 1 << 16;

/** Does all of the work now. */
export function atOnce<T>(work: Slices<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** Does the work a slice at a time, each in a turn of its own of the event loop: timers of others are late by no more than a slice, however many clips are made ready at once. @throws the reason of the signal */
export async function inSlices<T>(work: Slices<T>, { clock, signal }: { readonly clock: Pick<Clock, 'nextTurn'>; readonly signal: AbortSignal }): Promise<T> {
  for (;;) {
    await new Promise<void>((resolve) => clock.nextTurn(resolve));
    signal.throwIfAborted();
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** Samples made from samples one by one; what would be louder than full scale is cut off, what lies between two steps rounded. */
export function* mapSamples(from: ArrayLike<number>, length: number, map: (value: number, index: number) => number): Slices<Int16Array> {
  const out = new Int16Array(length);
  for (let index = 0; index < length; index += 1) {
    if (index % SLICE === SLICE - 1) yield;
    out[index] = Math.max(-32_768, Math.min(32_767, Math.round(map(from[index] ?? 0, index))));
  }
  return out;
}

/** As floats, at the same scale. */
export function* toFloats(samples: Int16Array): Slices<Float32Array> {
  const out = new Float32Array(samples.length);
  for (let at = 0; at < samples.length; at += 16 * SLICE) {
    if (at > 0) yield;
    out.set(samples.subarray(at, at + 16 * SLICE), at);
  }
  return out;
}
