import type { Millis } from '@alice/realops/plugin';
import { normaliseFor } from './compare.js';
import type { Sign } from './converse.js';
import type { Heard } from './turn.js';

/** When what was noticed for the first or last time over a stream; NaN while it was not. */
export interface Observations {
  /** The first text, and the first whose words are the beginning of the reference. */
  readonly text: Millis;
  readonly correct: Millis;
  /** The recogniser said that it hears speech (first), and that speech has ended (last). */
  readonly speechStart: Millis;
  readonly speechStop: Millis;
  /** It took the turn for over: it said so, or that speech has ended and did not begin again, or gave a final. */
  readonly endpoint: Millis;
  /** Each time it said that the turn is over. */
  readonly turnEnds: readonly Millis[];
}

/** Keeps them as the stream goes on. */
export interface Observer {
  /** A transcript; texts before speech began (`onsetAt` is NaN or later) are not taken for it. */
  heard(heard: Heard, onsetAt: Millis, isFinal: boolean): void;
  sign(kind: Sign, at: Millis): void;
  observations(): Observations;
}

/** A new observer of speech whose words are one of `references`. */
export function createObserver(references: readonly string[], language: string): Observer {
  const wanted = references.map((reference) => wordsOf(language, reference));
  const turnEnds: Millis[] = [];
  const seen = { text: NaN, correct: NaN, speechStart: NaN, speechStop: NaN, endpoint: NaN, turnEnds };
  return {
    heard({ text, at }, onsetAt, isFinal) {
      if (isFinal && Number.isNaN(seen.endpoint)) seen.endpoint = at;
      if (text.trim() === '' || !(at >= onsetAt)) return;
      if (Number.isNaN(seen.text)) seen.text = at;
      if (wanted.length === 0 || !Number.isNaN(seen.correct)) return;
      const words = wordsOf(language, text);
      if (words.length > 0 && wanted.some((said) => words.every((word, index) => word === said[index]))) seen.correct = at;
    },
    sign(kind, at) {
      if (kind === 'speechStart') {
        if (Number.isNaN(seen.speechStart)) seen.speechStart = at;
        // It was a pause.
        seen.endpoint = NaN;
        return;
      }
      if (kind === 'turnEnd') turnEnds.push(at);
      if (kind === 'speechStop') seen.speechStop = at;
      if (Number.isNaN(seen.endpoint)) seen.endpoint = at;
    },
    observations: () => seen,
  };
}

function wordsOf(language: string, text: string): readonly string[] {
  return normaliseFor(language, text).split(' ').filter((word) => word !== '');
}
