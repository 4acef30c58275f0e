import { RealopsError, type Millis } from '@alice/realops/plugin';

/** Stretches of a stream in which the sound is gone for good. */
export interface DropoutOptions {
  /** How long each is. */
  readonly ms: Millis;
  /** `silence`: a microphone that goes on without hearing. `nothing`: nothing is sent, as by a program that stands still and throws away what it missed. */
  readonly as: 'silence' | 'nothing';
  /** Where they begin, from the beginning of the stream … */
  readonly atMs?: readonly Millis[];
  /** … or how many there are in a minute on average, at random. */
  readonly perMinute?: number;
}

/** One of them. */
export interface Dropout {
  readonly fromMs: Millis;
  readonly toMs: Millis;
}

/**
 * The dropouts of a stream, in order; none overlaps another. At random they are a Poisson process: the time from the end of one to the beginning of the next is exponential.
 * @throws RealopsError REALOPS_INPUT_INVALID for one that begins outside the stream or within another
 */
export function dropoutsOf({ ms, atMs, perMinute = 0 }: DropoutOptions, streamMs: Millis, random: () => number): readonly Dropout[] {
  const until = (fromMs: Millis): Dropout => ({ fromMs, toMs: Math.min(streamMs, fromMs + ms) });
  if (atMs !== undefined) {
    const sorted = [...atMs].sort((a, b) => a - b);
    sorted.forEach((at, index) => {
      if (at >= streamMs) throw new RealopsError('REALOPS_INPUT_INVALID', `a dropout at ${at} ms does not lie in a stream of ${Math.round(streamMs)} ms`, { hint: 'atMs counts from the beginning of the stream, lead included' });
      if (at < (sorted[index - 1] ?? -Infinity) + ms) throw new RealopsError('REALOPS_INPUT_INVALID', `a dropout at ${at} ms begins within the one before it`, { hint: 'write one with the length of both' });
    });
    return sorted.map(until);
  }
  const found: Dropout[] = [];
  if (perMinute <= 0) return found;
  const meanMs = 60_000 / perMinute;
  for (let at = exponential(meanMs, random); at < streamMs; at += ms + exponential(meanMs, random)) found.push(until(at));
  return found;
}

/** A number from the exponential distribution. */
export function exponential(mean: number, random: () => number): number {
  return -mean * Math.log(1 - random());
}
