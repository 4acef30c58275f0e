import type { Millis } from '@alice/realops/plugin';

/** Times in buckets: what is kept of millions of them. It crosses threads, and several are added up without any loss. */
export interface Histogram {
  readonly counts: Uint32Array;
  /** The largest time, exactly; 0 when there is none. */
  readonly maxMs: Millis;
}

/** A hundredth of a millisecond. */
const UNIT = 100;
/** So many units have a bucket each; above, every doubling has half as many, so that a time is known to 0.8 per cent. */
const EXACT_BITS = 8;
const EXACT = 1 << EXACT_BITS;
const HALF = EXACT / 2;
/** Up to 2³¹ units, six hours. */
const BUCKETS = EXACT + (31 - EXACT_BITS) * HALF;

/** Without times. */
export function emptyHistogram(): Histogram {
  return { counts: new Uint32Array(BUCKETS), maxMs: 0 };
}

/** With the times of a list added, as far as `length`; the counts are those of the given one. */
export function countTimes(histogram: Histogram, times: Float64Array, length: number): Histogram {
  const { counts } = histogram;
  let { maxMs } = histogram;
  for (let index = 0; index < length; index += 1) {
    const ms = times[index] ?? 0;
    const bucket = bucketOf(ms);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
    if (ms > maxMs) maxMs = ms;
  }
  return { counts, maxMs };
}

/** All times of several. */
export function mergeHistograms(histograms: readonly Histogram[]): Histogram {
  const counts = new Uint32Array(BUCKETS);
  for (const each of histograms) each.counts.forEach((count, bucket) => void (counts[bucket] = (counts[bucket] ?? 0) + count));
  return { counts, maxMs: Math.max(0, ...histograms.map(({ maxMs }) => maxMs)) };
}

/** How many times there are. */
export function totalOf({ counts }: Histogram): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The nearest-rank percentile, rounded up to the end of its bucket; 0 when there are no times. */
export function percentileOf(histogram: Histogram, share: number): Millis {
  const rank = Math.max(1, Math.ceil(share * totalOf(histogram)));
  let seen = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    seen += histogram.counts[bucket] ?? 0;
    if (seen >= rank) return Math.min(endOf(bucket), histogram.maxMs);
  }
  return 0;
}

function bucketOf(ms: Millis): number {
  const units = Math.min(2 ** 31 - 1, Math.max(0, Math.floor(ms * UNIT)));
  if (units < EXACT) return units;
  // How often it must be halved to come into the upper half of the exact ones.
  const shift = 31 - Math.clz32(units) - (EXACT_BITS - 1);
  return EXACT + (shift - 1) * HALF + (units >> shift) - HALF;
}

function endOf(bucket: number): Millis {
  if (bucket < EXACT) return (bucket + 1) / UNIT;
  const shift = Math.floor((bucket - EXACT) / HALF) + 1;
  return ((((bucket - EXACT) % HALF) + HALF + 1) * 2 ** shift) / UNIT;
}
