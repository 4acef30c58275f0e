import type { Problem } from '../errors/index.js';
import type { Metric } from './metric.js';

/** The declared metrics of a suite by name. */
export interface MetricRegistry {
  readonly metrics: ReadonlyMap<string, Metric>;
  /**
   * Declares a metric. `by` names who does, e.g. `the step type voice.transcribe`. Gives a problem, and keeps what was declared before, when the
   * name is malformed, the unit does not fit the kind, or the name is already declared with another kind or unit. The same again is fine.
   */
  declare(metric: Metric, by: string): Problem | undefined;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/;

/** A registry without metrics. */
export function createMetricRegistry(): MetricRegistry {
  const metrics = new Map<string, Metric>();
  const declarers = new Map<string, string>();
  return {
    metrics,
    declare(metric, by) {
      const { name, kind, unit } = metric;
      if (!NAME.test(name)) {
        return { code: 'REALOPS_METRIC_INVALID', message: `${by} declares a metric named "${name}"`, hint: 'names are letters, digits and _ with dots between, e.g. voice.final or answer_length' };
      }
      if ((kind === 'rate' || kind === 'ratio') && unit !== 'ratio') {
        return { code: 'REALOPS_METRIC_INVALID', message: `${by} declares ${name} as a ${kind} in ${unit}`, hint: `a ${kind} is a share, its unit is ratio` };
      }
      const known = metrics.get(name);
      if (known === undefined) {
        metrics.set(name, metric);
        declarers.set(name, by);
        return undefined;
      }
      if (known.kind === kind && known.unit === unit) {
        metrics.set(name, withOutcomes(withLabels(known, metric.labels), metric.outcomes));
        return undefined;
      }
      return { code: 'REALOPS_METRIC_INVALID', message: `${by} declares ${name} as a ${kind} in ${unit}; ${declarers.get(name) ?? 'another'} already declares it as a ${known.kind} in ${known.unit}`, hint: 'give one of them another name' };
    },
  };
}

/** A metric with the labels of two declarations: any, when one of them does not say. */
function withLabels({ labels: known, ...metric }: Metric, more: Metric['labels']): Metric {
  return known === undefined || more === undefined ? metric : { ...metric, labels: [...new Set([...known, ...more])] };
}

function withOutcomes(metric: Metric, more: Metric['outcomes']): Metric {
  return more === undefined ? metric : { ...metric, outcomes: [...new Set([...(metric.outcomes ?? []), ...more])] };
}
