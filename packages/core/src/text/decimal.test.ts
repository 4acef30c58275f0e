import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberToJson, roundToThousandths } from './decimal.js';

describe('numberToJson', () => {
  it('is what JSON.stringify gives', () => {
    const value = fc.oneof(fc.double(), fc.integer(), fc.integer({ min: 0, max: 2 ** 52 }).map((thousandths) => thousandths / 1_000), fc.integer({ min: 0, max: 5_000_000 }).map((thousandths) => thousandths / 1_000), fc.constantFrom(-0, 0, 1e21, 1e-7, 999.9995));
    fc.assert(fc.property(value, (each) => void expect(numberToJson(each)).toBe(JSON.stringify(each))), { numRuns: 5_000 });
  });
});

describe('roundToThousandths', () => {
  it('leaves at most three decimals', () => {
    expect([0.841_234_000_000_3, 2, 1.000_5, -0.123_45].map(roundToThousandths)).toEqual([0.841, 2, 1.001, -0.123]);
  });
});
