import type { Message, TalkSession } from '../protocols/protocol.js';
import type { Ear } from './ear.js';

/** Tells an assistant whose sound was cleared how much of each item was heard, so that it does not take for said what nobody has heard. */
export interface Truncation {
  /** Whether sound of this item may still be played; of one that was truncated it is not. */
  isOpen(item: string | undefined): boolean;
  /** What is to be sent when sound has just been cleared: once for each item that lost some, none for one that was played wholly. */
  cleared(): readonly Message[];
}

/** Less than a sample of any rate: sums of lengths are not exact. */
const NOTHING_MS = 1e-3;

/** Nothing truncated yet. */
export function createTruncation(ear: Pick<Ear, 'items'>, { truncate }: Pick<TalkSession, 'truncate'>): Truncation {
  const done = new Set<string>();
  return {
    isOpen: (item) => item === undefined || !done.has(item),
    cleared() {
      if (truncate === undefined) return [];
      const cut = [...ear.items()].filter(([item, { lastsMs, playedMs }]) => !done.has(item) && lastsMs - playedMs > NOTHING_MS);
      return cut.map(([item, { playedMs }]) => {
        done.add(item);
        // Rounded down, so that it is never more than there is.
        return truncate(item, Math.floor(playedMs + NOTHING_MS));
      });
    },
  };
}
