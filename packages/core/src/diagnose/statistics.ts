import type { Metric, Sample } from '../metrics/metric.js';
import { nearestRankIndex } from '../metrics/percentile.js';
import { mean, stddev, sum } from '../metrics/summary.js';

/** The statistics of one metric as rules read them; which there are depends on its kind. Null is an aggregate that these samples do not have. */
export interface Statistics {
  readonly [name: string]: number | null;
}

/** Counts that are there however few samples there are. */
export const COUNTS: ReadonlySet<string> = new Set(['samples', 'missing', 'invalid']);

const PERCENTILES = [50, 90, 95, 99] as const;

/**
 * The statistics of the samples of one metric. `samples` counts valid ones with those that have no value, as an SLO does. Percentiles are exact nearest
 * rank, where an attempt without a value ranks above every measured one and makes a percentile null that falls on it; `mean`, `min`, `max` and `sum`
 * are over measured values; a rate and a ratio are pooled.
 */
export function statisticsOf(metric: Metric, samples: readonly Sample[]): Statistics {
  // One pass by hand: a run may have a hundred thousand samples of a metric.
  const all = new Float64Array(samples.length);
  let [measured, missing, invalid, whole] = [0, 0, 0, 0];
  for (const sample of samples) {
    if (sample.invalid !== undefined) invalid += 1;
    else if (sample.value === null) missing += 1;
    else {
      all[measured] = sample.value;
      measured += 1;
      whole += sample.whole ?? 0;
    }
  }
  const values = all.subarray(0, measured);
  const counts = { samples: measured + missing, missing, invalid };
  const last = values.at(-1) ?? null;
  switch (metric.kind) {
    case 'rate':
      return { ...counts, rate: share(sum(values), values.length) };
    case 'ratio':
      return { ...counts, ratio: share(sum(values), whole) };
    case 'counter':
      return { ...counts, sum: values.length === 0 ? null : sum(values), last };
    case 'gauge':
      return { ...counts, ...range(values.sort()), last };
    case 'distribution': {
      const sorted = values.sort();
      const rank = (percent: number): number | null => sorted[nearestRankIndex(measured + missing, percent) - 1] ?? null;
      const percentiles = Object.fromEntries(PERCENTILES.map((percent) => [`p${percent}`, rank(percent)]));
      return { ...counts, ...range(sorted), median: rank(50), ...percentiles, stddev: sorted.length < 2 ? null : stddev(sorted) };
    }
  }
}

function range(sorted: Float64Array): Statistics {
  return { mean: sorted.length === 0 ? null : mean(sorted), min: sorted[0] ?? null, max: sorted.at(-1) ?? null };
}

function share(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
