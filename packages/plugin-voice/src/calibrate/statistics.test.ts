import { describe, expect, it } from 'vitest';
import { medianRanks, statisticsOf } from './statistics.js';

describe('statistics of differences', () => {
  it('are by nearest rank, with the interval of the median by ranks', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(statisticsOf(values)).toEqual({ n: 100, p50Ms: 50, p95Ms: 95, p99Ms: 99, p50IntervalMs: [40, 61], leastMs: 1, mostMs: 100 });
    expect(statisticsOf([])).toEqual({ n: 0, p50Ms: null, p95Ms: null, p99Ms: null, p50IntervalMs: null, leastMs: null, mostMs: null });
  });

  it('have the ranks of the tables: n 6 → 1 and 6, n 20 → 6 and 15, n 50 → 18 and 33', () => {
    // Conover, Practical Nonparametric Statistics, table A3: the sign test at 2.5 % on each side.
    expect([5, 6, 20, 50].map(medianRanks)).toEqual([undefined, [0, 5], [5, 14], [17, 32]]);
  });

  it('cover the median of what was drawn in at least 95 of 100 cases', () => {
    let [covered, all] = [0, 0];
    let state = 1;
    const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
    for (; all < 4_000; all += 1) {
      const { p50IntervalMs } = statisticsOf(Array.from({ length: 25 }, () => random() ** 2));
      if (p50IntervalMs !== null && p50IntervalMs[0] <= 0.25 && p50IntervalMs[1] >= 0.25) covered += 1;
    }
    expect(covered / all).toBeGreaterThan(0.94);
    expect(covered / all).toBeLessThan(0.985);
  });
});
