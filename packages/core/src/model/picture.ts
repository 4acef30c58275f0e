import type { Millis } from '../time/index.js';

/**
 * How something is to be seen, whatever its colour is: as it should be, not as it should be, not to be told, or in the background. Without a tone it is what happened.
 */
export type Tone = (typeof TONES)[number];

/** All tones. */
export const TONES = ['neutral', 'good', 'bad', 'unclear', 'muted'] as const;

/** Something that lasted. Times count from the beginning of the picture. */
export interface PictureSpan {
  readonly fromMs: Millis;
  readonly toMs: Millis;
  readonly tone?: Tone;
  /** A few words, such as `840 ms`; no words of people, unless there is consent to keep them. */
  readonly label?: string;
}

/** Something that happened in a moment. */
export interface PictureMark {
  readonly atMs: Millis;
  readonly tone?: Tone;
  readonly label: string;
}

/** What one of those who took part did; at least one span or mark, or it shows that there was none. */
export interface PictureLane {
  readonly name: string;
  readonly spans?: readonly PictureSpan[];
  readonly marks?: readonly PictureMark[];
}

/** What happened in a step over time: who did what when. */
export interface Picture {
  /** One line above it; where a step draws only one it needs none. */
  readonly title?: string;
  readonly durationMs: Millis;
  readonly lanes: readonly PictureLane[];
}

/** What a picture holds at most: lanes, spans and marks in all of them, signs of a name or label. */
export const PICTURE_BOUNDS = { lanes: 8, items: 400, signs: 120 } as const;
