import type { Millis } from '@alice/realops/plugin';
import { normaliseSwedish } from '../normalise/normalise-sv.js';
import type { Said } from '../protocols/protocol.js';

/** A transcript with its time of arrival. */
export interface Heard {
  readonly text: string;
  readonly confidence: number | null;
  readonly at: Millis;
  /** Names the utterance of a final that may come again. */
  readonly segment?: string;
  /** Who said what of a final. */
  readonly said?: readonly Said[];
}

/** What was heard over a stream, as far as it has come. */
export interface Turn {
  /** Takes a partial; says whether it showed something new (equal repeats and empty texts do not). */
  partial(heard: Heard): boolean;
  /** Takes a final; one that comes again takes the place of the earlier one. Says whether it brought anything new. */
  final(heard: Heard): boolean;
  readonly finals: readonly Heard[];
  /** How many partials showed something new. */
  readonly partials: number;
  readonly lastPartial: string;
  readonly firstPartial: string | undefined;
  /** Text was shown that no final has confirmed yet. */
  readonly open: boolean;
  /** Words already on show that a later partial or the final changed or took back. */
  readonly revisedWords: number;
}

/** A new turn. After a final the next partial begins a new utterance. Revisions cost more than all the rest; without them `revisedWords` stays 0. */
export function createTurn({ revisions = true }: { readonly revisions?: boolean } = {}): Turn {
  const finals: Heard[] = [];
  let partials = 0;
  let lastPartial = '';
  let firstPartial: string | undefined;
  let shown: readonly string[] = [];
  let revisedWords = 0;
  const show = (text: string): void => {
    if (!revisions) return;
    const words = bareWords(text);
    revisedWords += shown.filter((word, index) => words[index] !== word).length;
    shown = words;
  };
  return {
    finals,
    get partials() {
      return partials;
    },
    get lastPartial() {
      return lastPartial;
    },
    get firstPartial() {
      return firstPartial;
    },
    get open() {
      return lastPartial !== '';
    },
    get revisedWords() {
      return revisedWords;
    },
    partial({ text }) {
      const isNew = text.trim() !== '' && text !== lastPartial;
      if (!isNew) return false;
      partials += 1;
      lastPartial = text;
      firstPartial ??= text;
      show(text);
      return true;
    },
    final(heard) {
      const index = heard.segment === undefined ? -1 : finals.findIndex(({ segment }) => segment === heard.segment);
      const earlier = finals[index];
      if (earlier === undefined) {
        finals.push(heard);
        show(heard.text);
        shown = [];
        lastPartial = '';
        return true;
      }
      if (earlier.text === heard.text) {
        // Who said it may come later, or otherwise.
        if (heard.said !== undefined) finals[index] = { ...earlier, said: heard.said };
        return false;
      }
      // Case and punctuation that come later do not make the words late.
      const sameWords = bareWords(earlier.text).join(' ') === bareWords(heard.text).join(' ');
      finals[index] = sameWords ? { ...heard, at: earlier.at } : heard;
      return true;
    },
  };
}

/** All that was said, as one text. */
export function textOf({ finals }: Pick<Turn, 'finals'>): string {
  return finals.map((each) => each.text.trim()).filter((each) => each !== '').join(' ');
}

/** The final that ended the turn: the last one that says something, since an empty one that closes the stream brings no text late. */
export function lastFinal({ finals }: Pick<Turn, 'finals'>): Heard | undefined {
  return finals.findLast((each) => each.text.trim() !== '') ?? finals.at(-1);
}

/** Case and punctuation that a final adds are not revisions. */
function bareWords(text: string): readonly string[] {
  return normaliseSwedish(text, { numbers: false, clock: false, fillers: false, joins: false }).split(' ').filter((word) => word !== '');
}
