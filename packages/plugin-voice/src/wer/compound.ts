import { RealopsError } from '@alice/realops/plugin';
import type { EditCounts } from './wer.js';

/** Texts whose table would be larger are refused: transcripts of turns are short. */
const MOST_CELLS = 1 << 24;

const DIAGONAL = 1;
const DELETION = 2;
const INSERTION = 3;

/**
 * The word errors of one sentence where words that are only written together or apart are right: "sjukhus byggnaden" for "sjukhusbyggnaden" is no error. A stretch
 * of either text counts as hit when both sides, run together, are the same letters. The words of the reference stay its denominator, so the
 * figure is never above that of {@link wordErrors}. The same idea as `merge_compounds` of kaldialign, which the Open ASR Leaderboard uses.
 *
 * Among alignments with equally few errors: hits before substitutions, these before deletions, these before insertions, from the end.
 * @throws RealopsError REALOPS_INPUT_INVALID when the texts have more than 2²⁴ pairs of words
 */
export function compoundErrors(reference: string, hypothesis: string): EditCounts & { readonly wer: number } {
  const [a, b] = [wordsOf(reference), wordsOf(hypothesis)];
  const columns = b.length + 1;
  if ((a.length + 1) * columns > MOST_CELLS) throw new RealopsError('REALOPS_INPUT_INVALID', `texts of ${a.length} and ${b.length} words are too long to be compared with compounds`, { hint: 'compare sentence by sentence' });
  const cost = new Uint32Array((a.length + 1) * columns).fill(0xffff_ffff);
  /** How the best way came to a cell: a move, or how many words of either side a stretch has (16 bits each). */
  const from = new Uint32Array(cost.length);
  cost[0] = 0;
  const offer = (i: number, j: number, value: number, move: number): void => {
    const cell = i * columns + j;
    const known = cost[cell] ?? 0;
    if (value < known || (value === known && rank(move) < rank(from[cell] ?? 0))) {
      cost[cell] = value;
      from[cell] = move;
    }
  };
  for (let i = 0; i <= a.length; i += 1) {
    for (let j = 0; j <= b.length; j += 1) {
      const here = cost[i * columns + j] ?? 0;
      if (i < a.length) offer(i + 1, j, here + 1, DELETION);
      if (j < b.length) offer(i, j + 1, here + 1, INSERTION);
      if (i === a.length || j === b.length) continue;
      const stretch = sameLetters(a, i, b, j);
      if (stretch !== undefined) offer(i + stretch.a, j + stretch.b, here, (stretch.a << 16) | stretch.b);
      if (a[i] !== b[j]) offer(i + 1, j + 1, here + 1, DIAGONAL);
    }
  }
  return count(a.length, b.length, columns, from);
}

function rank(move: number): number {
  return move > INSERTION ? 0 : move;
}

/** The shortest stretches from here on that are the same letters; both are one word when the words are equal. */
function sameLetters(a: readonly string[], i: number, b: readonly string[], j: number): { readonly a: number; readonly b: number } | undefined {
  let [one, other] = [a[i] ?? '', b[j] ?? ''];
  let [inA, inB] = [1, 1];
  while (one !== other) {
    if (one.startsWith(other) && j + inB < b.length) other += b[j + inB++] ?? '';
    else if (other.startsWith(one) && i + inA < a.length) one += a[i + inA++] ?? '';
    else return undefined;
    // What was put on must go on agreeing.
    if (!one.startsWith(other) && !other.startsWith(one)) return undefined;
  }
  return inA > 0xffff || inB > 0xffff ? undefined : { a: inA, b: inB };
}

function count(rows: number, columns: number, width: number, from: Uint32Array): EditCounts & { readonly wer: number } {
  const counts = { hits: 0, substitutions: 0, deletions: 0, insertions: 0 };
  for (let [i, j] = [rows, columns]; i > 0 || j > 0; ) {
    const move = from[i * width + j] ?? 0;
    if (move > INSERTION) {
      counts.hits += move >>> 16;
      [i, j] = [i - (move >>> 16), j - (move & 0xffff)];
    } else if (move === DIAGONAL) {
      counts.substitutions += 1;
      [i, j] = [i - 1, j - 1];
    } else if (move === DELETION) {
      counts.deletions += 1;
      i -= 1;
    } else {
      counts.insertions += 1;
      j -= 1;
    }
  }
  const errors = counts.substitutions + counts.deletions + counts.insertions;
  return { ...counts, wer: rows === 0 ? counts.insertions : errors / rows };
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}
