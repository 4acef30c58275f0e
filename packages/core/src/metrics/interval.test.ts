import { describe, expect, it } from 'vitest';
import { clopperPearson, exceedanceVerdict, percentileRanks, wilson } from './interval.js';

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

  it.each([
    [20, -1, 4], [59, 0, 7], [93, 1, 9], [100, 1, 10], [124, 2, 11], [153, 3, 13], [200, 4, 16], [500, 16, 34], [1000, 38, 63],
  ])('three-valued verdict on p95 with %i samples', (n, mostForPass, leastForFail) => {
    for (let x = 0; x <= n; x += 1) {
      const expected = x <= mostForPass ? 'pass' : x >= leastForFail ? 'fail' : 'inconclusive';
      expect([x, exceedanceVerdict(x, n, 0.05)]).toEqual([x, expected]);
    }
  });

  it('covers a percentile with at least 95 % wherever both ends exist', () => {
    for (let n = 20; n <= 1_000; n += 7) {
      for (const p of [50, 90, 95, 99]) expect(percentileRanks(n, p).coverage).toBeGreaterThanOrEqual(0.95);
    }
  });

  it('bounds a low percentile as it bounds a high one', () => {
    for (const n of [20, 72, 100, 500]) {
      const [low, high] = [percentileRanks(n, 5), percentileRanks(n, 95)];
      expect(low.low).toBe(high.high === null ? null : n + 1 - high.high);
      expect(low.high).toBe(high.low === null ? null : n + 1 - high.low);
    }
  });

  it('stays quick and sane for a million samples', () => {
    expect(percentileRanks(1_000_000, 95)).toMatchObject({ low: 949_572, high: 950_428 });
    expect(wilson(950_000, 1_000_000).low).toBeCloseTo(0.95 - 1.96 * Math.sqrt((0.95 * 0.05) / 1e6), 5);
    expect(clopperPearson(950_000, 1_000_000).high).toBeCloseTo(0.95 + 1.96 * Math.sqrt((0.95 * 0.05) / 1e6), 5);
  });
});
