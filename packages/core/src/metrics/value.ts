import { RealopsError } from '../errors/index.js';
import { preview } from '../text/index.js';
import type { Labels, Metric, MetricValue, Sample } from './metric.js';

/**
 * A measured value as a sample of its metric: a number for distributions, counters and gauges, yes/no for a rate, part over whole for a ratio.
 * @throws RealopsError REALOPS_METRIC_INVALID when the value does not fit the kind
 */
export function sampleOf(metric: Metric, value: MetricValue, labels: Labels, invalid?: string): Sample {
  const extra = invalid === undefined ? {} : { invalid };
  const refuse = (wanted: string): never => {
    throw new RealopsError('REALOPS_METRIC_INVALID', `${metric.name} is a ${metric.kind} and takes ${wanted}, got ${typeof value === 'number' ? String(value) : preview(value)}`);
  };
  switch (metric.kind) {
    case 'rate':
      if (value !== true && value !== false && value !== 1 && value !== 0) return refuse('true or false');
      return { metric: metric.name, value: value === true || value === 1 ? 1 : 0, labels, ...extra };
    case 'ratio':
      if (typeof value !== 'object' || !isCount(value.part) || !isCount(value.whole)) return refuse('{ part, whole } with finite numbers of at least 0');
      return { metric: metric.name, value: value.part, whole: value.whole, labels, ...extra };
    case 'counter':
      if (typeof value !== 'number' || !isCount(value)) return refuse('a finite number of at least 0');
      return { metric: metric.name, value, labels, ...extra };
    default:
      if (typeof value !== 'number' || !Number.isFinite(value)) return refuse('a finite number');
      return { metric: metric.name, value, labels, ...extra };
  }
}

function isCount(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}
