import { describe, expect, it } from 'vitest';
import { exceedanceVerdict, wilson } from './interval.js';
import { samplesToProve, samplesToRefute, samplesToSeparate, successesToProve, successesToRefute } from './needed.js';

describe('how many samples a proof takes', () => {
  it.each([[0.1, 0.95, 29], [0.05, 0.9, 45], [0.05, 0.95, 59], [0.05, 0.99, 90], [0.01, 0.95, 299]])('at most a share %f at confidence %f: %i', (allowed, confidence, n) => {
    expect(samplesToProve(allowed, 0, confidence)).toBe(n);
  });

  it.each([[0, 59], [1, 93], [2, 124], [3, 153]])('p95 with %i over the limit: %i', (exceeding, n) => {
    expect(samplesToProve(0.05, exceeding)).toBe(n);
    expect(exceedanceVerdict(exceeding, n, 0.05)).toBe('pass');
    expect(exceedanceVerdict(exceeding, n - 1, 0.05)).not.toBe('pass');
  });

  it('names the samples that would refute at the rate seen', () => {
    const n = samplesToRefute(0.05, 2, 20) ?? 0;
    expect(exceedanceVerdict(n / 10, n, 0.05)).toBe('fail');
    expect(exceedanceVerdict(n / 10 - 1, n - 10, 0.05)).not.toBe('fail');
    expect(samplesToRefute(0.05, 1, 20)).toBeNull();
  });

  it('counts successes for a rate: 73 by Wilson for 95 %, more after a failure, never for 100 %', () => {
    expect(successesToProve(0.95)).toBe(73);
    const n = successesToProve(0.95, 1) ?? 0;
    expect(wilson(n - 1, n).low).toBeGreaterThanOrEqual(0.95);
    expect(wilson(n - 2, n - 1).low).toBeLessThan(0.95);
    expect(successesToProve(1)).toBeNull();
    expect(successesToRefute(0.95, 95, 100)).toBeNull();
    expect(wilson(0.9 * (successesToRefute(0.95, 18, 20) ?? 0), successesToRefute(0.95, 18, 20) ?? 1).high).toBeLessThan(0.95);
  });

  it('scales an interval by the root of n', () => {
    expect(samplesToSeparate(10, { low: 8, high: 12 }, 11, 50)).toBe(200);
    expect(samplesToSeparate(10, { low: 8, high: 12 }, 9, 50)).toBe(200);
    expect(samplesToSeparate(10, { low: 8, high: 12 }, 10, 50)).toBeNull();
  });
});
