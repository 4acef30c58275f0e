import { binomialCdf, binomialTail, solve } from './binomial.js';

/** The 97.5 % quantile of the standard normal distribution. */
const Z = 1.959_963_984_540_054;

/** A two-sided 95 % interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Wilson's score interval for `successes` out of `n` at 95 % (Wilson 1927). */
export function wilson(successes: number, n: number): Interval {
  const p = successes / n;
  const denominator = 1 + Z ** 2 / n;
  const centre = (p + Z ** 2 / (2 * n)) / denominator;
  const half = (Z / denominator) * Math.sqrt((p * (1 - p)) / n + Z ** 2 / (4 * n ** 2));
  return { low: successes === 0 ? 0 : Math.max(0, centre - half), high: successes === n ? 1 : Math.min(1, centre + half) };
}

/** The exact interval of Clopper and Pearson (1934) for `successes` out of `n` at 95 %. */
export function clopperPearson(successes: number, n: number): Interval {
  return {
    low: successes === 0 ? 0 : solve(0.025, (p) => binomialTail(successes, n, p)),
    high: successes === n ? 1 : 1 - solve(0.025, (q) => binomialCdf(successes, n, 1 - q)),
  };
}

/** The 1-based ranks of an interval of order statistics; null at a side means that no sample bounds it. */
export interface RankInterval {
  readonly low: number | null;
  readonly high: number | null;
  /** The exact probability that the interval covers the percentile. */
  readonly coverage: number;
}

/**
 * The distribution-free 95 % interval of the p-th percentile from n samples: the narrowest pair of ranks with at most 2.5 % of binomial probability
 * outside on each side (Hahn & Meeker 1991, §5.2). The upper rank does not exist for high percentiles of few samples.
 */
export function percentileRanks(n: number, p: number): RankInterval {
  const share = p / 100;
  // Largest l with P(X ≤ l − 1) ≤ 2.5 %, smallest u with P(X ≥ u) ≤ 2.5 %, where X ~ Binomial(n, share).
  const low = firstRank(n, (rank) => binomialCdf(rank, n, share) > 0.025);
  const high = firstRank(n + 1, (rank) => binomialTail(rank, n, share) <= 0.025);
  const below = low === 0 ? 0 : binomialCdf(low - 1, n, share);
  const upTo = high > n ? 1 : binomialCdf(high - 1, n, share);
  return { low: low === 0 ? null : low, high: high > n ? null : high, coverage: upTo - below };
}

/** The smallest rank from 0 to `most` for which a monotone condition holds. */
function firstRank(most: number, holds: (rank: number) => boolean): number {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The decision on "at most a share `allowed` of all values may exceed the limit" after x of n samples exceeded it: each side is an exact binomial test at 5 %. */
export function exceedanceVerdict(exceeding: number, n: number, allowed: number): 'pass' | 'fail' | 'inconclusive' {
  if (n === 0) return 'inconclusive';
  if (binomialCdf(exceeding, n, allowed) <= 0.05) return 'pass';
  if (binomialTail(exceeding, n, allowed) <= 0.05) return 'fail';
  return 'inconclusive';
}

/** The half width of a normal 95 % interval for a standard error. */
export function normalHalf(standardError: number): number {
  return Z * standardError;
}
