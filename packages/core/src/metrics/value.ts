import { RealopsError } from '../errors/index.js';
import { preview } from '../text/index.js';
import type { Labels, Metric, MetricValue, Sample } from './metric.js';

/**
 * One measured value as a sample. A rate takes true, false, 1 or 0; a ratio takes `{ part, whole }`, both finite and not negative (a whole of 0 is
 * allowed: words inserted where nothing was said); a counter takes an increment that is not negative; all others a finite number.
 * Throws REALOPS_METRIC_INVALID, saying what came, for anything else: the value may stem from a plugin without types.
 */
export function sampleOf(metric: Metric, value: MetricValue, labels: Labels, invalid?: string): Sample {
  switch (metric.kind) {
    case 'rate':
      if (value === true || value === 1) return sample(metric, 1, labels, invalid);
      if (value === false || value === 0) return sample(metric, 0, labels, invalid);
      throw unfit(metric, value, 'true or false');
    case 'ratio':
      if (typeof value !== 'object' || value === null || !isAmount(value.part) || !isAmount(value.whole)) throw unfit(metric, value, '{ part, whole }, two numbers of at least 0');
      return { ...sample(metric, value.part, labels, invalid), whole: value.whole };
    case 'counter':
      if (!isAmount(value)) throw unfit(metric, value, 'a number of at least 0');
      return sample(metric, value, labels, invalid);
    case 'distribution':
    case 'gauge':
      if (typeof value !== 'number' || !Number.isFinite(value)) throw unfit(metric, value, 'a finite number');
      return sample(metric, value, labels, invalid);
  }
}

/** Nearly all samples are valid, and there are many: those have one shape, made in one piece. */
function sample(metric: Metric, value: number, labels: Labels, invalid: string | undefined): Sample {
  return invalid === undefined ? { metric: metric.name, value, labels } : { metric: metric.name, value, labels, invalid };
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function unfit(metric: Metric, value: unknown, wanted: string): RealopsError {
  const got = typeof value === 'number' ? String(value) : preview(value);
  return new RealopsError('REALOPS_METRIC_INVALID', `${metric.name} is a ${metric.kind} and takes ${wanted}, got ${got}`);
}
