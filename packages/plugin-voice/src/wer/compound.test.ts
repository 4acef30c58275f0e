import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compoundErrors } from './compound.js';
import { wordErrors } from './wer.js';

const errorsOf = ({ substitutions, deletions, insertions }: { readonly substitutions: number; readonly deletions: number; readonly insertions: number }): number => substitutions + deletions + insertions;

describe('compoundErrors', () => {
  it.each([
    ['sjukhusbyggnaden', 'sjukhus byggnaden', 0, 1],
    ['tänd i vardags rummet', 'tänd i vardagsrummet', 0, 4],
    ['vardags rums bordet', 'vardagsrum sbordet', 0, 3],
    ['i dag regnar det', 'idag regnar inte', 1, 3],
    ['sjuk hus', 'sjukhuset', 2, 0],
    ['', 'a b', 2, 0],
    ['a b', '', 2, 0],
    ['ab c', 'a bc', 0, 2],
    ['a', 'a b', 1, 1],
    ['ny kök bord', 'nykök', 1, 2],
  ])('%j heard as %j: %i errors, %i hits', (reference, hypothesis, errors, hits) => {
    const result = compoundErrors(reference, hypothesis);
    expect([errorsOf(result), result.hits]).toEqual([errors, hits]);
    expect(result.hits + result.substitutions + result.deletions).toBe(reference.split(' ').filter((word) => word !== '').length);
  });

  const text = fc.array(fc.constantFrom('a', 'b', 'ab', 'ba', 'aab', 'abba', 'c'), { maxLength: 9 }).map((words) => words.join(' '));

  it('is what trying everything gives', () => {
    fc.assert(fc.property(text, text, (reference, hypothesis) => void expect(errorsOf(compoundErrors(reference, hypothesis))).toBe(byTrying(reference, hypothesis))), { numRuns: 1_000 });
  });

  it('is never above the strict count, and nought for a text against itself however it is written', () => {
    fc.assert(fc.property(text, text, (reference, hypothesis) => {
      expect(errorsOf(compoundErrors(reference, hypothesis))).toBeLessThanOrEqual(errorsOf(wordErrors(reference, hypothesis)));
      expect(compoundErrors(reference, reference.replaceAll(' ', '')).wer).toBe(0);
      // The words of the reference stay what errors are divided by.
      const { hits, substitutions, deletions } = compoundErrors(reference, hypothesis);
      const strict = wordErrors(reference, hypothesis);
      expect(hits + substitutions + deletions).toBe(strict.hits + strict.substitutions + strict.deletions);
    }), { numRuns: 500 });
  });

  it('refuses texts whose table would not fit', () => {
    const long = 'a '.repeat(5_000);
    expect(() => compoundErrors(long, long)).toThrow('too long to be compared');
  });
});

/** Every pair of stretches that are the same letters, and every edit; from the end of both texts, on letters rather than words. */
function byTrying(reference: string, hypothesis: string): number {
  const [a, b] = [reference, hypothesis].map((each) => each.split(' ').filter((word) => word !== ''));
  const known = new Map<string, number>();
  const best = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const key = `${i} ${j}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    let least = Math.min(best(i - 1, j), best(i, j - 1), best(i - 1, j - 1)) + 1;
    for (let first = 0; first < i; first += 1) {
      for (let other = 0; other < j; other += 1) if (a?.slice(first, i).join('') === b?.slice(other, j).join('')) least = Math.min(least, best(first, other));
    }
    known.set(key, least);
    return least;
  };
  return best(a?.length ?? 0, b?.length ?? 0);
}
