import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, stddev, sum } from './summary.js';

describe('summary', () => {
  it('sums without losing small values beside large ones', () => {
    expect(sum([1e16, 1, 1, -1e16])).toBe(2);
    expect(sum(Array.from({ length: 1_000_000 }, () => 0.1))).toBe(100_000);
    expect(sum([])).toBe(0);
  });

  it('has no mean of nothing and no spread of one', () => {
    expect(mean([])).toBeNaN();
    expect(stddev([5])).toBeNaN();
    expect(stddev([5, 5])).toBe(0);
  });

  it('gives the sample standard deviation', () => {
    expect(stddev([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12);
    // The textbook formula Σx² − n·x̄² gives nonsense here.
    expect(stddev([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])).toBeCloseTo(Math.sqrt(30), 9);
  });

  it('shifts and scales as it must', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 50 }), fc.integer({ min: -1000, max: 1000 }), (values, shift) => {
      expect(mean(values.map((value) => value + shift))).toBeCloseTo(mean(values) + shift, 8);
      expect(stddev(values.map((value) => 3 * value + shift))).toBeCloseTo(3 * stddev(values), 8);
    }));
  });
});
