/** How percentiles are computed, for reports. */
export const PERCENTILE_DEFINITION = 'exact nearest rank: the smallest sample with at least N % of all samples at or below it';

/**
 * The 1-based nearest rank of the p-th percentile (0 < p ≤ 100) among n samples: ⌈p/100 · n⌉. A product that misses a whole number only by
 * floating-point error counts as that number (0.07 · 100 is 7.000000000000001).
 */
export function nearestRankIndex(n: number, p: number): number {
  const exact = (p * n) / 100;
  const nearest = Math.round(exact);
  return Math.min(n, Math.max(1, Math.abs(exact - nearest) <= 1e-12 * Math.max(1, exact) ? nearest : Math.ceil(exact)));
}

/**
 * The exact nearest-rank percentile of values in ascending order.
 * @throws RangeError for an empty list
 */
export function nearestRank(sorted: ArrayLike<number>, p: number): number {
  const value = sorted[nearestRankIndex(sorted.length, p) - 1];
  if (value === undefined) throw new RangeError('a percentile needs at least one sample');
  return value;
}
