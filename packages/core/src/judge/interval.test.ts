import { describe, expect, it } from 'vitest';
import { binomialCdf } from './binomial.js';
import { clopperPearson, exceedanceVerdict, percentileRanks, wilson } from './interval.js';
import { samplesToProve, successesToProve } from './needed.js';

describe('intervals against published reference values', () => {
  it.each([
    [19, 20, 0.76387, 0.99112], [20, 20, 0.83887, 1], [0, 20, 0, 0.16113], [95, 100, 0.88825, 0.97846], [92, 100, 0.85002, 0.95891],
    [48, 50, 0.8654, 0.98896], [59, 59, 0.93887, 1], [973, 1000, 0.961, 0.98138], [0, 1, 0, 0.79345],
  ])('Wilson %i of %i', (successes, n, low, high) => {
    expect(wilson(successes, n).low).toBeCloseTo(low, 5);
    expect(wilson(successes, n).high).toBeCloseTo(high, 5);
  });

  it.each([[19, 20, 0.75127, 0.99873], [0, 20, 0, 0.16843], [95, 100, 0.88717, 0.98357], [0, 1, 0, 0.975]])('Clopper-Pearson %i of %i', (successes, n, low, high) => {
    expect(clopperPearson(successes, n).low).toBeCloseTo(low, 5);
    expect(clopperPearson(successes, n).high).toBeCloseTo(high, 5);
  });

  it.each([
    [50, 6, 1, 6, 0.96875], [50, 10, 2, 9, 0.97852], [50, 20, 6, 15, 0.95861], [50, 30, 10, 21, 0.95723], [95, 20, 17, null, undefined], [95, 72, 64, 72, 0.96549],
    [95, 100, 90, 100, 0.98261], [95, 200, 184, 197, 0.967_152], [95, 300, 277, 293, 0.96719], [95, 500, 465, 485, 0.9605], [95, 1000, 936, 964, 0.9581], [99, 473, 464, 473, 0.96894], [99, 1000, 983, 997, 0.97609],
  ])('ranks of p%f among %i samples', (p, n, low, high, coverage) => {
    const ranks = percentileRanks(n, p);
    expect([ranks.low, ranks.high]).toEqual([low, high]);
    if (coverage !== undefined) expect(ranks.coverage).toBeCloseTo(coverage, 5);
  });

  it('says how many samples a proof takes', () => {
    expect(samplesToProve(0.05)).toBe(59);
    expect(samplesToProve(0.1)).toBe(29);
    expect(samplesToProve(0.01)).toBe(299);
    expect(successesToProve(0.95)).toBe(73);
    expect(successesToProve(1)).toBeNull();
  });

  it.each([
    [20, -1, 4], [59, 0, 7], [93, 1, 9], [100, 1, 10], [124, 2, 11], [153, 3, 13], [200, 4, 16], [500, 16, 34], [1000, 38, 63],
  ])('three-valued verdict on p95 with %i samples', (n, mostForPass, leastForFail) => {
    for (let x = 0; x <= n; x += 1) {
      const expected = x <= mostForPass ? 'pass' : x >= leastForFail ? 'fail' : 'inconclusive';
      expect([x, exceedanceVerdict(x, n, 0.05)]).toEqual([x, expected]);
    }
  });

  it('sums binomial probabilities exactly', () => {
    const choose = (n: number, k: number): number => Array.from({ length: k }, (_, index) => (n - index) / (index + 1)).reduce((a, b) => a * b, 1);
    for (const [n, p] of [[12, 0.3], [30, 0.95], [7, 0.5]] as const) {
      let total = 0;
      for (let k = 0; k < n; k += 1) {
        total += choose(n, k) * p ** k * (1 - p) ** (n - k);
        expect(binomialCdf(k, n, p)).toBeCloseTo(total, 10);
      }
    }
  });
});
