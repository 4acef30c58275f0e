import { normaliseKblab, normaliseLeaderboard } from '../normalise/compat.js';
import { normaliseSwedish } from '../normalise/normalise-sv.js';
import { compoundErrors } from '../wer/compound.js';
import { keywordErrors, numberErrors, type Share } from '../wer/keywords.js';
import { characterErrors, wordErrors, type CharacterErrors, type EditCounts, type WordErrors } from '../wer/wer.js';

/** A transcript held against what was really said. */
export interface Comparison {
  /** Of the normalised texts. */
  readonly words: WordErrors;
  /** Of the texts as they are. */
  readonly strict: WordErrors;
  /** Of the normalised texts, where words that are only written together or apart are right. */
  readonly compound: EditCounts & { readonly wer: number };
  /** Of the normalised texts. */
  readonly characters: CharacterErrors;
  /** Of the normalised texts. */
  readonly numbers: Share;
  /** Of the normalised texts and keywords. */
  readonly keywords: Share;
}

/** How texts are brought into one form before errors are counted. */
export type Normaliser = 'realops' | 'leaderboard-ml' | 'kblab' | 'none';

/** A text in the form that word errors are counted on: by default the whole Swedish normaliser for `sv`, its language-neutral stages for others. */
export function normaliseFor(language: string, text: string, normaliser: Normaliser = 'realops'): string {
  if (normaliser === 'leaderboard-ml') return normaliseLeaderboard(text);
  if (normaliser === 'kblab') return normaliseKblab(text);
  if (normaliser === 'none') return text.trim();
  const isSwedish = /^sv\b/iu.test(language);
  return normaliseSwedish(text, isSwedish ? {} : { numbers: false, clock: false, fillers: false, joins: false });
}

/** The errors of a transcript by all counts. */
export function compareTexts(reference: string, hypothesis: string, language: string, { keywords = [], normaliser = 'realops' }: { readonly keywords?: readonly string[]; readonly normaliser?: Normaliser } = {}): Comparison {
  const [one, other] = [normaliseFor(language, reference, normaliser), normaliseFor(language, hypothesis, normaliser)];
  return {
    words: wordErrors(one, other),
    strict: wordErrors(reference, hypothesis),
    compound: compoundErrors(one, other),
    characters: characterErrors(one, other),
    numbers: numberErrors(one, other),
    keywords: keywordErrors(one, other, keywords.map((each) => normaliseFor(language, each, normaliser))),
  };
}

/** Errors over reference symbols, as a ratio metric takes it. */
export function asRatio({ hits, substitutions, deletions, insertions }: EditCounts): { readonly part: number; readonly whole: number } {
  return { part: substitutions + deletions + insertions, whole: hits + substitutions + deletions };
}
