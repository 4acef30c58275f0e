import { RealopsError } from '@alice/realops/plugin';
import { SLICE, type Slices } from '../audio/slices.js';
import { assign } from '../diarise/assign.js';
import type { Share } from './keywords.js';
import { wordErrors } from './wer.js';

/** More cells than this take seconds. */
const MOST_CELLS = 100_000_000;

/**
 * Word errors of one text against several who spoke at once, whoever said which word: the least number of edits to any text in which the words of each speaker stand in their order, however
 * they are mixed. By a Levenshtein distance of as many dimensions as there are speakers, and one (Fiscus et al., Multiple Dimension Levenshtein Edit Distance Calculations for Evaluating
 * Automatic Speech Recognition Systems During Simultaneous Speech, LREC 2006), without time. Texts are normalised.
 * @throws RealopsError REALOPS_INPUT_INVALID when so many words of so many speakers cannot be compared
 */
export function* mixedErrors(references: readonly string[], hypothesis: string): Slices<Share> {
  const ids = new Map<string, number>();
  const numbered = (text: string): Int32Array => Int32Array.from(wordsOf(text), (word) => ids.get(word) ?? (ids.set(word, ids.size), ids.size - 1));
  const [spoken, heard] = [references.map(numbered), numbered(hypothesis)];
  // A state says how many words of each speaker lie behind: a number whose digits they are.
  const strides: number[] = [];
  let states = 1;
  for (const { length } of spoken) {
    strides.push(states);
    states *= length + 1;
  }
  if (states * (heard.length + 1) > MOST_CELLS) throw new RealopsError('REALOPS_INPUT_INVALID', `${spoken.map(({ length }) => length).join(', ')} words of ${spoken.length} speakers are too many to be held against a text of ${heard.length}`, { hint: 'take shorter clips, or fewer speakers' });
  let before = new Int32Array(states);
  let now = new Int32Array(states);
  for (let word = -1; word < heard.length; word += 1) {
    for (let state = 0; state < states; state += 1) {
      if (((word + 1) * states + state) % SLICE === SLICE - 1) yield;
      let best = word < 0 ? (state === 0 ? 0 : Infinity) : (before[state] ?? 0) + 1;
      for (let speaker = 0; speaker < spoken.length; speaker += 1) {
        const [words, stride = 1] = [spoken[speaker], strides[speaker]];
        const said = words === undefined ? 0 : Math.floor(state / stride) % (words.length + 1);
        if (said === 0) continue;
        best = Math.min(best, (now[state - stride] ?? 0) + 1);
        if (word >= 0) best = Math.min(best, (before[state - stride] ?? 0) + (words?.[said - 1] === heard[word] ? 0 : 1));
      }
      now[state] = best;
    }
    [before, now] = [now, before];
  }
  return { part: before[states - 1] ?? 0, whole: spoken.reduce((sum, { length }) => sum + length, 0) };
}

/** What each speaker said, all of it as one text. */
export interface SpeakerText {
  readonly speaker: string;
  readonly text: string;
}

/**
 * Concatenated minimum-permutation word errors: all that each speaker said as one text, the speakers of both sides assigned to each other one to one so that the errors are fewest; whoever
 * has no counterpart is deleted or inserted as a whole (Watanabe et al., CHiME-6 Challenge, 2020). Texts are normalised. `of` has for each speaker of the reference who was taken for them.
 */
export function concatenatedErrors(references: readonly SpeakerText[], hypotheses: readonly SpeakerText[]): Share & { readonly of: ReadonlyMap<string, string> } {
  const errors = references.map(({ text }) => hypotheses.map((heard) => errorsOf(text, heard.text)));
  const [said, heard] = [references.map(({ text }) => wordsOf(text).length), hypotheses.map(({ text }) => wordsOf(text).length)];
  // What an assignment saves against deleting the one and inserting the other.
  const columns = assign(errors.map((row, one) => row.map((each, other) => (said[one] ?? 0) + (heard[other] ?? 0) - each)));
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  const saved = total(columns.map((column, one) => (column < 0 ? 0 : (said[one] ?? 0) + (heard[column] ?? 0) - (errors[one]?.[column] ?? 0))));
  const of = new Map(references.flatMap(({ speaker }, one) => {
    const other = hypotheses[columns[one] ?? -1];
    return other === undefined ? [] : [[speaker, other.speaker] as const];
  }));
  return { part: total(said) + total(heard) - saved, whole: total(said), of };
}

function errorsOf(reference: string, hypothesis: string): number {
  const { substitutions, deletions, insertions } = wordErrors(reference, hypothesis);
  return substitutions + deletions + insertions;
}

function wordsOf(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}
