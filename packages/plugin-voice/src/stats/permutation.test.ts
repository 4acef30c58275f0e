import { describe, expect, it } from 'vitest';
import { randomFrom } from '../fixtures/random.js';
import type { Share } from '../wer/keywords.js';
import { comparePaired } from './permutation.js';

const corpus = (random: () => number, utterances: number, rate: (utterance: number) => number): readonly Share[] =>
  Array.from({ length: utterances }, (_, index) => ({ part: Array.from({ length: 8 }).filter(() => random() < rate(index)).length, whole: 8 }));

describe('comparePaired', () => {
  it('calls equal systems different in at most 6 of 100 cases at 5 per cent', () => {
    let different = 0;
    for (let seed = 1; seed <= 1_000; seed += 1) {
      const random = randomFrom(seed);
      // Utterances are hard or easy for both systems alike.
      const hardness = Array.from({ length: 30 }, () => random() * 0.4);
      const of = (): readonly Share[] => corpus(random, 30, (index) => hardness[index] ?? 0);
      if (comparePaired(of(), of(), random, 400).p <= 0.05) different += 1;
    }
    expect(different).toBeLessThanOrEqual(60);
    expect(different).toBeGreaterThan(25);
  });

  it('finds a difference that is there', () => {
    let found = 0;
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = randomFrom(seed);
      if (comparePaired(corpus(random, 100, () => 0.08), corpus(random, 100, () => 0.16), random, 400).p <= 0.05) found += 1;
    }
    expect(found).toBeGreaterThan(180);
  });

  it('tells the difference of the pooled rates, and is sure of none where all is equal', () => {
    const random = randomFrom(3);
    const [one, other] = [corpus(random, 40, () => 0.1), corpus(random, 40, () => 0.3)];
    const pooled = (list: readonly Share[]): number => list.reduce((sum, { part }) => sum + part, 0) / (40 * 8);
    expect(comparePaired(one, other, random, 100).difference).toBeCloseTo(pooled(one) - pooled(other), 12);
    expect(comparePaired(one, one, random, 100)).toMatchObject({ difference: 0, p: 1, utterances: 40 });
  });

  it('refuses what cannot be compared', () => {
    const some = corpus(randomFrom(1), 19, () => 0.1);
    expect(() => comparePaired(some, some, Math.random)).toThrow('19 utterances are too few');
    expect(() => comparePaired(some, some.slice(1), Math.random)).toThrow('cannot be paired');
  });
});
