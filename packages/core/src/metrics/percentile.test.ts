import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestRank, nearestRankIndex } from './percentile.js';

const ascending = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();
const range = (count: number, of: (index: number) => number): number[] => Array.from({ length: count }, (_, index) => of(index));

describe('nearestRank', () => {
  it('of 10, 20 … 200 gives 190 for p95 (interpolating definitions give 190.5 or 199.5)', () => {
    expect(nearestRank(range(20, (index) => 10 * (index + 1)), 95)).toBe(190);
  });

  it.each([[20, 95, 19], [100, 7, 7], [1000, 99.9, 999], [1000, 0.1, 1], [3, 50, 2], [4, 50, 2], [1, 99, 1], [1_000_000, 99.9999, 999_999], [200, 95, 190], [300, 29, 87]])('has no floating-point slip: n = %i, p%f → rank %i', (n, p, rank) => {
    expect(nearestRankIndex(n, p)).toBe(rank);
  });

  it('refuses no samples', () => expect(() => nearestRank([], 95)).toThrow(RangeError));

  it('agrees with the definition: the smallest sample with at least N % of all at or below it', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(fc.property(fc.array(finite, { minLength: 1, maxLength: 60 }), fc.integer({ min: 1, max: 9_999 }), (values, hundredths) => {
      const sorted = ascending(values);
      const naive = sorted.find((candidate) => 10_000 * values.filter((value) => value <= candidate).length >= hundredths * values.length);
      expect(nearestRank(sorted, hundredths / 100)).toBe(naive);
    }));
  });

  it('does not depend on the order or the shards in which samples came', () => {
    fc.assert(fc.property(fc.array(fc.array(fc.integer()), { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 99 }), (shards, p) => {
      fc.pre(shards.some((shard) => shard.length > 0));
      expect(nearestRank(ascending(shards.flat()), p)).toBe(nearestRank(ascending([...shards].reverse().flat()), p));
    }));
  });

  it('is not the average of the percentiles of shards', () => {
    const fast = range(900, (index) => 100 + (10 * index) / 899);
    const slow = range(100, (index) => 1000 + (10 * index) / 99);
    const averaged = (nearestRank(ascending(fast), 95) + nearestRank(ascending(slow), 95)) / 2;
    expect(averaged).toBeCloseTo(559.5, 0);
    expect(nearestRank(ascending([...fast, ...slow]), 95)).toBeCloseTo(1005, 0);
  });

  it('shows a freeze when latency counts from the intended start, and hides it when it counts from the actual one', () => {
    // 100 requests a second for 100 s at a service of 1 ms that freezes for 10 s at the start.
    let free = 10_000;
    const intended = range(10_000, (index) => {
      const due = 10 * index;
      free = Math.max(free, due) + 1;
      return free - due;
    });
    const naive = range(10_000, (index) => (index === 0 ? 10_001 : 1));
    expect([95, 99].map((p) => nearestRank(ascending(naive), p))).toEqual([1, 1]);
    expect([95, 99].map((p) => nearestRank(ascending(intended), p))).toEqual([5_501, 9_101]);
  });
});
