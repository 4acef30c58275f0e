import { RealopsError } from '@alice/realops/plugin';
import type { Share } from '../wer/keywords.js';

/** What came of holding two systems against each other on the same utterances. */
export interface PairedComparison {
  readonly utterances: number;
  /** Pooled rate of the first system minus that of the second. */
  readonly difference: number;
  /** How often a difference at least as great comes about when it is chance which system an utterance was given to (two-sided). */
  readonly p: number;
  readonly rounds: number;
}

/** With fewer utterances no difference could be told from chance. */
export const FEWEST_UTTERANCES = 20;

/**
 * Whether the pooled error rates of two systems differ by more than chance: a paired permutation test over utterances (Fisher 1935; Noreen 1989). In each round
 * the two results of every utterance change places or not, by the toss of a coin; p = (1 + rounds at least as far apart) / (1 + rounds).
 *
 * @param random numbers in [0, 1)
 * @throws RealopsError REALOPS_INPUT_INVALID for lists of different lengths, or of fewer than 20 utterances
 */
export function comparePaired(first: readonly Share[], second: readonly Share[], random: () => number, rounds = 10_000): PairedComparison {
  if (first.length !== second.length) throw new RealopsError('REALOPS_INPUT_INVALID', `${first.length} utterances of one system cannot be paired with ${second.length} of the other`);
  if (first.length < FEWEST_UTTERANCES) throw new RealopsError('REALOPS_INPUT_INVALID', `${first.length} utterances are too few to compare two systems; ${FEWEST_UTTERANCES} at least`);
  const n = first.length;
  const columns = [first, second].map((list) => [Float64Array.from(list, ({ part }) => part), Float64Array.from(list, ({ whole }) => whole)] as const);
  const [[partsA, wholesA], [partsB, wholesB]] = [columns[0] ?? NONE, columns[1] ?? NONE];
  const differ = (isSwapped: (index: number) => boolean): number => {
    let [a, wholeA, b, wholeB] = [0, 0, 0, 0];
    for (let index = 0; index < n; index += 1) {
      const swapped = isSwapped(index);
      a += (swapped ? partsB[index] : partsA[index]) ?? 0;
      wholeA += (swapped ? wholesB[index] : wholesA[index]) ?? 0;
      b += (swapped ? partsA[index] : partsB[index]) ?? 0;
      wholeB += (swapped ? wholesA[index] : wholesB[index]) ?? 0;
    }
    return rate(a, wholeA) - rate(b, wholeB);
  };
  const difference = differ(() => false);
  let farther = 0;
  // What differs by less than the rounding of a sum is equal.
  for (let round = 0; round < rounds; round += 1) if (Math.abs(differ(() => random() < 0.5)) >= Math.abs(difference) - 1e-12) farther += 1;
  return { utterances: n, difference, p: (1 + farther) / (1 + rounds), rounds };
}

/** How often utterances are drawn again for an interval. */
const RESAMPLES = 2_000;

/**
 * The 95 % percentile-bootstrap interval of the difference of two pooled rates; both results of an utterance are drawn together (Bisani & Ney 2004).
 * @param random numbers in [0, 1)
 */
export function differenceInterval(first: readonly Share[], second: readonly Share[], random: () => number): { readonly low: number; readonly high: number } {
  const n = Math.min(first.length, second.length);
  const drawn = Array.from({ length: RESAMPLES }, () => {
    let [a, wholeA, b, wholeB] = [0, 0, 0, 0];
    for (let time = 0; time < n; time += 1) {
      const pick = Math.floor(random() * n);
      const [one, two] = [first[pick], second[pick]];
      a += one?.part ?? 0;
      wholeA += one?.whole ?? 0;
      b += two?.part ?? 0;
      wholeB += two?.whole ?? 0;
    }
    return rate(a, wholeA) - rate(b, wholeB);
  }).sort((x, y) => x - y);
  return { low: drawn[Math.floor(RESAMPLES * 0.025)] ?? 0, high: drawn[Math.ceil(RESAMPLES * 0.975) - 1] ?? 0 };
}

const NONE = [new Float64Array(0), new Float64Array(0)] as const;

function rate(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
