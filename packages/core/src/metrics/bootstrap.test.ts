import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, stddev } from './summary.js';
import { createRandom, shuffled } from '../text/index.js';
import { meanInterval, ratioInterval, stddevInterval } from './bootstrap.js';

const exponential = (random: () => number): number => -Math.log(1 - random());

describe('bootstrap intervals', () => {
  it('are null where they would be a pretence', () => {
    expect(meanInterval([])).toBeNull();
    expect(meanInterval([5])).toBeNull();
    expect(meanInterval([5, 5, 5])).toBeNull();
    expect(stddevInterval([5, 5])).toBeNull();
    expect(ratioInterval([{ part: 1, whole: 9 }])).toBeNull();
    expect(ratioInterval([{ part: 0, whole: 9 }, { part: 0, whole: 4 }])).toBeNull();
    expect(ratioInterval([{ part: 1, whole: 10 }, { part: 2, whole: 20 }])).toBeNull();
    expect(ratioInterval([{ part: 1, whole: 0 }, { part: 2, whole: 0 }])).toBeNull();
  });

  it('depend on the values and the seed alone', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 30 }), fc.integer({ min: 0, max: 1e6 }), (values, seed) => {
      expect(meanInterval(shuffled(values, seed), 7)).toEqual(meanInterval(values, 7));
      const parts = values.map((part, index) => ({ part, whole: 50 + (index % 3) }));
      expect(ratioInterval(shuffled(parts, seed), 7)).toEqual(ratioInterval(parts, 7));
    }), { numRuns: 20 });
    expect(meanInterval([1, 2, 3, 4, 9, 11], 1)).not.toEqual(meanInterval([1, 2, 3, 4, 9, 11], 2));
  });

  it('enclose the estimate and stay within the data', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 40 }), (values) => {
      const interval = meanInterval(values);
      if (interval === null) return;
      expect(interval.low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6);
      expect(interval.high).toBeLessThanOrEqual(Math.max(...values) + 1e-6);
      expect(interval.low).toBeLessThanOrEqual(mean(values) + 1e-6);
      expect(interval.high).toBeGreaterThanOrEqual(mean(values) - 1e-6);
    }), { numRuns: 30 });
  });

  it('go over to the normal ones without a jump', () => {
    const random = createRandom(3);
    const values = Array.from({ length: 6_000 }, () => exponential(random));
    const parts = values.map((part) => ({ part, whole: 1 + Math.floor(3 * random()) }));
    for (const [few, many] of [[meanInterval(values.slice(0, 5_000)), meanInterval(values)], [stddevInterval(values.slice(0, 5_000)), stddevInterval(values)], [ratioInterval(parts.slice(0, 5_000)), ratioInterval(parts)]] as const) {
      const width = (interval: typeof few): number => (interval === null ? Number.NaN : interval.high - interval.low);
      expect(width(many) / (width(few) * Math.sqrt(5 / 6))).toBeGreaterThan(0.85);
      expect(width(many) / (width(few) * Math.sqrt(5 / 6))).toBeLessThan(1.15);
    }
    expect(stddevInterval(values)?.low).toBeLessThan(stddev(values));
  });

  it('are as wide as the t interval for few symmetric samples, where a plain percentile bootstrap is too narrow', () => {
    const interval = meanInterval([8, 9, 10, 11, 12]);
    expect(interval).not.toBeNull();
    // t: 10 ± 1.96 (2.776 · 1.581 / √5); a plain percentile bootstrap gives about ± 1.2.
    expect(interval === null ? 0 : interval.high - interval.low).toBeGreaterThan(3.2);
  });
});
