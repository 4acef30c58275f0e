import type { Millis } from '@alice/realops/plugin';

/** How speech is told from silence by its level. Levels in dB of full scale. */
export interface VadSettings {
  /** At this level speech begins … */
  readonly onDb: number;
  /** … and under this one it is not speech any more. */
  readonly offDb: number;
  /** What is shorter is a click. */
  readonly minSpeechMs: Millis;
  /** A shorter silence is a part of speech. */
  readonly minSilenceMs: Millis;
}

/** Sound of 10 ms or less: from when to when, and how loud. */
export interface SoundWindow {
  readonly fromMs: Millis;
  readonly toMs: Millis;
  readonly db: number;
}

/** A stretch of speech. */
export interface Segment {
  readonly startMs: Millis;
  readonly endMs: Millis;
  /** It may still go on. */
  readonly isOpen: boolean;
}

/** Finds speech in windows that come in the order of time. */
export interface Vad {
  hear(window: SoundWindow): void;
  /** What was to follow was taken back at this moment: if there is a break at all, what comes next is something new. */
  cut(atMs: Millis): void;
  /** What was found so far, when it is `nowMs`. */
  segments(nowMs: Millis): readonly Segment[];
}

/** A gap that no jitter explains; after a cut it is the end of a stretch. */
const BREAK_MS = 60;

/** Energy with hysteresis. Beginning and end are those of the sound itself, not of the moment at which they were certain. */
export function createVad({ onDb, offDb, minSpeechMs, minSilenceMs }: VadSettings): Vad {
  const done: Segment[] = [];
  let current: { readonly startMs: Millis; endMs: Millis } | undefined;
  let isCut = false;
  const closeAt = (nowMs: Millis): void => {
    if (current === undefined || nowMs - current.endMs < (isCut ? Math.min(BREAK_MS, minSilenceMs) : minSilenceMs)) return;
    const { startMs, endMs } = current;
    if (endMs - startMs >= minSpeechMs) done.push({ startMs, endMs, isOpen: false });
    current = undefined;
  };
  return {
    hear({ fromMs, toMs, db }) {
      closeAt(fromMs);
      if (db < (current === undefined ? onDb : offDb)) return;
      current ??= { startMs: fromMs, endMs: toMs };
      current.endMs = toMs;
      isCut = false;
    },
    cut(atMs) {
      closeAt(atMs);
      isCut = true;
    },
    segments(nowMs) {
      closeAt(nowMs);
      if (current === undefined || current.endMs - current.startMs < minSpeechMs) return done;
      return [...done, { ...current, isOpen: true }];
    },
  };
}
