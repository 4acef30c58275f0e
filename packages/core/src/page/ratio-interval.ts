import { sum } from '../metrics/summary.js';

/**
 * A pooled ratio Σpart / Σwhole with its 95 % interval, samples taken as clusters: variance by linearisation, n/(n−1) · Σ(partᵢ − R·wholeᵢ)² / (Σwhole)²
 * (Cochran 1977, Sampling Techniques, 2.11), a normal deviate of 1.96, cut at 0. Null without anything to divide by; the interval is null below
 * five samples or when all agree, since then the spread is not known.
 */
export function pooledRatio(parts: readonly number[], wholes: readonly number[]): { readonly value: number; readonly low: number | null; readonly high: number | null } | null {
  const n = parts.length;
  const whole = sum(wholes);
  if (!(whole > 0)) return null;
  const value = sum(parts) / whole;
  const squares = sum(parts.map((part, index) => (part - value * (wholes[index] ?? 0)) ** 2));
  if (n < 5 || squares === 0) return { value, low: null, high: null };
  const reach = (1.96 * Math.sqrt((n / (n - 1)) * squares)) / whole;
  return { value, low: Math.max(0, value - reach), high: value + reach };
}
