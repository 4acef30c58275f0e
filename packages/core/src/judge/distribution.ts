import type { Sample } from '../metrics/metric.js';
import type { Aggregate, JudgedSlo } from '../model/slo.js';

/** Bins of the small histogram in reports. */
const MOST_BINS = 40;

/** Counts of the measured values in equal bins, for drawing; a ratio by each sample's own share. Null for aggregates whose unit is not that of the values. */
export function distributionOf(aggregate: Aggregate, measured: readonly Sample[]): JudgedSlo['distribution'] {
  if (aggregate === 'rate' || aggregate === 'count' || aggregate === 'sum') return null;
  const values = measured.flatMap(({ value, whole }) => (value === null ? [] : whole === undefined ? [value] : whole > 0 ? [value / whole] : []));
  if (values.length === 0) return null;
  const from = values.reduce((a, b) => Math.min(a, b), Infinity);
  const to = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const bins = from === to ? 1 : Math.min(MOST_BINS, Math.max(5, Math.ceil(2 * Math.sqrt(values.length))));
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) {
    const bin = from === to ? 0 : Math.min(bins - 1, Math.floor(((value - from) / (to - from)) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { from, to, counts };
}
