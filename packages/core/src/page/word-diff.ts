import { html, join, type Markup } from './markup.js';

/** One word of two texts that are held against each other. */
export interface WordChange {
  readonly kind: 'same' | 'deleted' | 'inserted' | 'substituted';
  /** The word that was meant; null when it was inserted. */
  readonly meant: string | null;
  /** The word that was heard; null when it was deleted. */
  readonly heard: string | null;
}

/** Longer texts are not aligned: the table of the alignment grows with both. */
const MOST_WORDS = 400;

/**
 * The fewest changes that make the one text into the other, word by word (Levenshtein distance with unit costs, traced back; on ties substitution before
 * deletion before insertion). Case and punctuation at the edges of words do not count. Null for texts that are too long to align.
 */
export function wordDiff(meant: string, heard: string): readonly WordChange[] | null {
  const [left, right] = [wordsOf(meant), wordsOf(heard)];
  if (left.length > MOST_WORDS || right.length > MOST_WORDS) return null;
  const [a, b] = [left.map(bare), right.map(bare)];
  const width = b.length + 1;
  const cost = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number): number => cost[i * width + j] ?? 0;
  for (let i = 0; i <= a.length; i += 1) {
    for (let j = 0; j <= b.length; j += 1) {
      cost[i * width + j] = i === 0 ? j : j === 0 ? i : Math.min(at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1), at(i - 1, j) + 1, at(i, j - 1) + 1);
    }
  }
  const changes: WordChange[] = [];
  let [i, j] = [a.length, b.length];
  while (i > 0 || j > 0) {
    const same = i > 0 && j > 0 && a[i - 1] === b[j - 1];
    if (i > 0 && j > 0 && at(i, j) === at(i - 1, j - 1) + (same ? 0 : 1)) {
      changes.push({ kind: same ? 'same' : 'substituted', meant: left[i - 1] ?? null, heard: right[j - 1] ?? null });
      i -= 1;
      j -= 1;
    } else if (i > 0 && at(i, j) === at(i - 1, j) + 1) {
      changes.push({ kind: 'deleted', meant: left[i - 1] ?? null, heard: null });
      i -= 1;
    } else {
      changes.push({ kind: 'inserted', meant: null, heard: right[j - 1] ?? null });
      j -= 1;
    }
  }
  return changes.reverse();
}

/** How many changes of each kind: `3 deleted, 1 substituted of 7 words`; '' when the texts say the same. */
export function changeWords(changes: readonly WordChange[]): string {
  const counted = (['deleted', 'inserted', 'substituted'] as const).flatMap((kind) => {
    const count = changes.filter((change) => change.kind === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  return counted.length === 0 ? '' : `${counted.join(', ')} of ${changes.filter(({ meant }) => meant !== null).length} words`;
}

/** Both texts with their changes marked: what was lost is struck through, what came in its place is outlined. */
export function diffLines(changes: readonly WordChange[]): { readonly meant: Markup; readonly heard: Markup } {
  const side = (pick: (change: WordChange) => string | null, mark: (word: string) => Markup): Markup =>
    join(
      changes.flatMap((change) => {
        const word = pick(change);
        return word === null ? [] : [change.kind === 'same' ? html`${word}` : mark(word)];
      }),
      ' ',
    );
  return { meant: side(({ meant }) => meant, (word) => html`<del>${word}</del>`), heard: side(({ heard }) => heard, (word) => html`<ins>${word}</ins>`) };
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}

function bare(word: string): string {
  const inner = word.toLowerCase().normalize('NFC').replaceAll(/^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu, '');
  return inner === '' ? word : inner;
}
