import { RealopsError, type Millis } from '@alice/realops/plugin';
import type { Sign } from '../transcribe/converse.js';
import type { Found } from './compare.js';

/** Makes stretches of what a recogniser says, in its order. Places in ms of the stream. */
export interface VadListener {
  /** That it hears speech, or that it does not any more. */
  says(sign: Sign, atMs: Millis): void;
  /** What was found, when the stream lasts so long. */
  found(streamMs: Millis): readonly Found[];
}

/** A listener. Said twice counts once: the first start, and the first end after it; a turn that ends has ended its speech. */
export function createVadListener(): VadListener {
  const done: Found[] = [];
  let since: Millis | undefined;
  return {
    says(sign, atMs) {
      if (sign === 'speechStart') since ??= atMs;
      else if (since !== undefined) {
        done.push({ startMs: since, endMs: Math.max(since, atMs), isOpen: false });
        since = undefined;
      }
    },
    found(streamMs) {
      const all = since === undefined ? done : [...done, { startMs: since, endMs: Math.max(streamMs, since), isOpen: true }];
      // By its own account a stretch may begin before the one before it has ended: padding that a server puts around speech.
      return all.map((each, index) => ({ ...each, startMs: Math.max(each.startMs, all[index - 1]?.endMs ?? 0) })).filter(({ startMs, endMs }) => endMs > startMs);
    },
  };
}

/** The place that a sign claims. @throws RealopsError REALOPS_WITH_INVALID for a protocol that tells none */
export function claimed(sign: Sign, claimedMs: Millis | undefined, protocol: string): Millis {
  if (claimedMs !== undefined) return claimedMs;
  throw new RealopsError('REALOPS_WITH_INVALID', `the protocol ${protocol} does not tell where in the stream ${sign === 'speechStart' ? 'speech began' : 'speech has ended'}`, { hint: 'leave time: claim out, so that the time of arrival counts' });
}
