import type { Millis } from '@alice/realops/plugin';

/** What differences come to, in ms: percentiles by nearest rank. */
export interface Statistics {
  readonly n: number;
  readonly p50Ms: Millis | null;
  readonly p95Ms: Millis | null;
  readonly p99Ms: Millis | null;
  /** The exact 95 % interval of the median, by ranks; null when there are too few for one. */
  readonly p50IntervalMs: readonly [Millis, Millis] | null;
  readonly leastMs: Millis | null;
  readonly mostMs: Millis | null;
}

/** The statistics of values in any order. */
export function statisticsOf(values: readonly Millis[]): Statistics {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const value = (index: number): Millis | null => {
    const found = sorted[index];
    return found === undefined ? null : Math.round(found * 1_000) / 1_000;
  };
  const rank = (share: number): Millis | null => value(Math.max(0, Math.ceil(share * n) - 1));
  const ranks = medianRanks(n);
  const [low, high] = ranks === undefined ? [null, null] : [value(ranks[0]), value(ranks[1])];
  return { n, p50Ms: rank(0.5), p95Ms: rank(0.95), p99Ms: rank(0.99), p50IntervalMs: low === null || high === null ? null : [low, high], leastMs: value(0), mostMs: value(n - 1) };
}

/**
 * The places (from 0) of the sorted values between which the median of what they were drawn from lies in at least 95 of 100 cases (David and Nagaraja 2003, §7.1): the
 * k-th from each end, where a binomial of n and ½ is below k in at most 2.5 per cent. Undefined below 6 values.
 */
export function medianRanks(n: number): readonly [number, number] | undefined {
  let [probability, sum, k] = [0.5 ** n, 0, 0];
  while (sum + probability <= 0.025 && k < n / 2) {
    sum += probability;
    probability *= (n - k) / (k + 1);
    k += 1;
  }
  return k === 0 ? undefined : [k - 1, n - k];
}
