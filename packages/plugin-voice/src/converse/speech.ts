import type { Millis } from '@alice/realops/plugin';
import { windowsOf } from './ear.js';
import type { Chunk, Timeline } from './timeline.js';
import { createVad, type VadSettings } from './vad.js';

/** A stretch of the assistant's speech as it was heard. */
export interface Heard {
  readonly startMs: Millis;
  readonly endMs: Millis;
  /** It may still have gone on when the conversation ended. */
  readonly isOpen: boolean;
  /** When the first sound that plays without a break until it came, and begins to play; from the end of the speech before it on. */
  readonly runArrivedMs: Millis;
  readonly runPlaysMs: Millis;
  /** When the sound it begins with, and the last sound of it, came. */
  readonly startArrivedMs: Millis;
  readonly endArrivedMs: Millis;
  /** Speech that would have gone on was cleared away: proof that something cut it. */
  readonly isCleared: boolean;
}

/** Sound that follows within this is the same run; a jittery sender is no new one. */
const RUN_GAP_MS = 60;

/** The assistant's speech in a timeline, in the order of time. */
export function speechOf({ chunks, vad, endMs, events }: Timeline): readonly Heard[] {
  const found = createVad(vad);
  const played = chunks.filter(({ playedMs }) => playedMs > 0);
  const clears = events.filter(({ type }) => type === 'clear');
  const cuts = clears.filter(({ atMs }) => droppedSpeechMs(chunks, atMs, vad) >= vad.minSpeechMs);
  let told = 0;
  for (const window of played.flatMap(windowsOf).filter(({ fromMs }) => fromMs < endMs)) {
    for (; (clears[told]?.atMs ?? endMs) <= window.fromMs; told += 1) found.cut(clears[told]?.atMs ?? endMs);
    found.hear(window);
  }
  for (const { atMs } of clears.slice(told)) found.cut(atMs);
  let before = 0;
  return found.segments(endMs).map(({ startMs, endMs: until, isOpen }): Heard => {
    const own = Math.max(0, played.findLastIndex(({ playsMs }) => playsMs <= startMs));
    const run = played[beginOfRun(played, own, before)];
    const last = played.findLast(({ playsMs }) => playsMs < until);
    before = until;
    return {
      startMs, endMs: until, isOpen,
      runArrivedMs: run?.arrivedMs ?? startMs, runPlaysMs: run?.playsMs ?? startMs, startArrivedMs: played[own]?.arrivedMs ?? startMs, endArrivedMs: last?.arrivedMs ?? until,
      isCleared: cuts.some(({ atMs }) => Math.abs(atMs - until) <= vad.minSilenceMs),
    };
  });
}

/** The first of the chunks that play on, without a break, into the given one; none that was over before `afterMs`. */
function beginOfRun(played: readonly Chunk[], own: number, afterMs: Millis): number {
  let first = own;
  for (; first > 0; first -= 1) {
    const [piece, earlier] = [played[first], played[first - 1]];
    if (piece === undefined || earlier === undefined) break;
    const over = earlier.playsMs + earlier.playedMs;
    if (piece.playsMs - over > RUN_GAP_MS || over <= afterMs) break;
  }
  return first;
}

/** How much of what was cleared away at a moment was speech; trailing silence proves nothing. */
function droppedSpeechMs(chunks: readonly Chunk[], atMs: Millis, { onDb }: VadSettings): Millis {
  const dropped = chunks.filter(({ arrivedMs, playsMs, lastsMs, playedMs }) => arrivedMs <= atMs && playsMs + lastsMs > atMs && playedMs < lastsMs);
  return dropped
    .flatMap((chunk) => windowsOf({ ...chunk, playedMs: chunk.lastsMs }))
    .reduce((sum, { toMs, fromMs, db }) => sum + (db >= onDb ? Math.max(0, toMs - Math.max(fromMs, atMs)) : 0), 0);
}
