import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binomialCdf, binomialTail, incompleteBeta, logGamma, normalTail, studentQuantile } from './binomial.js';

/** P(X = k) for k = 0 … n by the recurrence from the mode, scaled to a sum of 1: a second way to the same numbers. */
function masses(n: number, p: number): readonly number[] {
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const mass = Array.from({ length: n + 1 }, () => 0);
  mass[mode] = 1;
  for (let k = mode; k < n; k += 1) mass[k + 1] = ((mass[k] ?? 0) * (n - k) * p) / ((k + 1) * (1 - p));
  for (let k = mode; k > 0; k -= 1) mass[k - 1] = ((mass[k] ?? 0) * k * (1 - p)) / ((n - k + 1) * p);
  const total = mass.reduce((a, b) => a + b, 0);
  return mass.map((each) => each / total);
}

describe('binomial probabilities', () => {
  it('agree with summed masses', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 3_000 }), fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (n, p, at) => {
      const k = Math.floor(at * n);
      const below = masses(n, p).slice(0, k + 1).reduce((a, b) => a + b, 0);
      expect(binomialCdf(k, n, p)).toBeCloseTo(below, 10);
      expect(binomialTail(k + 1, n, p)).toBeCloseTo(1 - below, 10);
    }), { numRuns: 60 });
  });

  it('keep the digits of small tails', () => {
    expect(binomialTail(20, 20, 0.05) / 0.05 ** 20).toBeCloseTo(1, 10);
    expect(binomialCdf(0, 59, 0.05)).toBeCloseTo(0.95 ** 59, 14);
    expect([binomialCdf(-1, 5, 0.5), binomialCdf(5, 5, 0.5), binomialTail(0, 5, 0.5), binomialTail(6, 5, 0.5)]).toEqual([0, 1, 1, 0]);
  });

  it('hold at a million samples', () => {
    const near = masses(1_000_000, 0.95).slice(0, 949_573).reduce((a, b) => a + b, 0);
    expect(binomialCdf(949_572, 1_000_000, 0.95)).toBeCloseTo(near, 8);
  });

  it('rest on ln Γ, known at whole and half numbers', () => {
    expect([1, 2].map(logGamma).map((value) => Math.abs(value) < 1e-14)).toEqual([true, true]);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 14);
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 13);
    expect(logGamma(171)).toBeCloseTo(Array.from({ length: 170 }, (_, index) => Math.log(index + 1)).reduce((a, b) => a + b, 0), 10);
    expect(incompleteBeta(0.3, 1, 1)).toBeCloseTo(0.3, 14);
  });
});

describe('quantiles and tails', () => {
  it.each([[1, 12.706_204_7], [2, 4.302_652_73], [4, 2.776_445_105], [10, 2.228_138_852], [30, 2.042_272_456], [1_000, 1.962_339_08]])('t of 97.5 %% with %i degrees of freedom', (freedom, t) => {
    expect(studentQuantile(0.05, freedom)).toBeCloseTo(t, 6);
  });

  it.each([[1.959_963_985, 0.025], [1, 0.158_655_254], [3, 0.001_349_898], [6, 9.865_876e-10]])('P(Z > %f)', (z, tail) => expect(normalTail(z) / tail).toBeCloseTo(1, 6));
});
