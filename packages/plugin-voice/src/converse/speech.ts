import type { Millis } from '@alice/realops/plugin';
import { windowsOf } from './ear.js';
import type { Chunk, Timeline } from './timeline.js';
import { createVad } from './vad.js';

/** A stretch of the assistant's speech as it was heard. */
export interface Heard {
  readonly startMs: Millis;
  readonly endMs: Millis;
  /** It was still going on when the conversation ended. */
  readonly isOpen: boolean;
  /** When the first sound that plays without a break until it came, and begins to play; from the end of the speech before it on. */
  readonly runArrivedMs: Millis;
  readonly runPlaysMs: Millis;
  /** When the sound it begins with, and the last sound of it, came. */
  readonly startArrivedMs: Millis;
  readonly endArrivedMs: Millis;
  /** Sound that would have gone on was cleared away. */
  readonly isCleared: boolean;
}

/** Sound that follows within this is the same run; a jittery sender is no new one. */
const RUN_GAP_MS = 60;

/** The assistant's speech in a timeline, in the order of time. */
export function speechOf({ chunks, vad, endMs, events }: Timeline): readonly Heard[] {
  const found = createVad(vad);
  for (const chunk of chunks) for (const window of windowsOf(chunk)) if (window.fromMs < endMs) found.hear(window);
  const cleared = events.flatMap((event) => (event.type === 'clear' && event.droppedMs > 0 ? [event.atMs] : []));
  let before = 0;
  return found.segments(endMs).map(({ startMs, endMs: until, isOpen }): Heard => {
    const at = Math.max(0, chunks.findLastIndex(({ playsMs }) => playsMs <= startMs));
    let first = at;
    for (let index = at; index > 0; index -= 1) {
      const [piece, earlier] = [chunks[index], chunks[index - 1]];
      if (piece === undefined || earlier === undefined || piece.playsMs - over(earlier) > RUN_GAP_MS || over(earlier) <= before) break;
      first = index - 1;
    }
    const last = chunks.findLast(({ playsMs, playedMs }) => playsMs < until && playedMs > 0);
    const run = chunks[first];
    const heard: Heard = {
      startMs, endMs: until, isOpen,
      runArrivedMs: run?.arrivedMs ?? startMs, runPlaysMs: run?.playsMs ?? startMs, startArrivedMs: chunks[at]?.arrivedMs ?? startMs, endArrivedMs: last?.arrivedMs ?? until,
      isCleared: cleared.some((atMs) => Math.abs(atMs - until) <= vad.minSilenceMs),
    };
    before = until;
    return heard;
  });
}

function over({ playsMs, playedMs }: Chunk): Millis {
  return playsMs + playedMs;
}
