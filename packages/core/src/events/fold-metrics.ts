import { nearestRankIndex } from '../metrics/percentile.js';
import { sum } from '../metrics/summary.js';
import type { Measured } from './event.js';
import type { MetricReport } from './report.js';

/** The samples of a run, metric by metric. */
export interface MetricFold {
  on(event: Measured): void;
  /** What is measured from here on in these scenarios is a repetition after a change. */
  repeat(scenarios: readonly string[]): void;
  /** The repetition has ended: its samples take the place of the earlier ones when the change is kept, else they are left out. */
  settle(kept: boolean): void;
  /** In order of first measurement: every metric over all scenarios, then per scenario. */
  reports(): readonly MetricReport[];
}

interface Series {
  readonly metric: string;
  readonly kind: string;
  readonly unit: string;
  readonly scenario: string;
  readonly values: number[];
  /** The pooled whole of a ratio, and the parts that have one. */
  whole: number;
  missing: number;
  invalid: number;
}

/** No samples yet. Values are kept, since percentiles are exact; 8 bytes each. */
export function createMetricFold(): MetricFold {
  const metrics = new Map<string, Map<string, Series>>();
  const newest = new Map<string, number>();
  let earlier: { readonly scenario: string; readonly metric: string; readonly series: Series }[] = [];
  let repeated: readonly string[] = [];
  return {
    repeat(repeating) {
      repeated = repeating;
      for (const [metric, series] of metrics) {
        for (const scenario of repeating) {
          const known = series.get(scenario);
          if (known !== undefined) earlier.push({ scenario, metric, series: known });
          series.delete(scenario);
        }
      }
    },
    settle(kept) {
      if (!kept) {
        for (const series of metrics.values()) for (const scenario of repeated) series.delete(scenario);
        for (const { scenario, metric, series } of earlier) metrics.get(metric)?.set(scenario, series);
      }
      earlier = [];
      repeated = [];
    },
    on(event) {
      const scenarios = metrics.get(event.metric) ?? new Map<string, Series>();
      metrics.set(event.metric, scenarios);
      const series = scenarios.get(event.scenario) ?? { metric: event.metric, kind: event.kind, unit: event.unit, scenario: event.scenario, values: [], whole: 0, missing: 0, invalid: 0 };
      scenarios.set(event.scenario, series);
      if (event.invalid !== null) series.invalid += 1;
      else if (event.value === null) series.missing += 1;
      else {
        series.values.push(event.value);
        series.whole += event.whole ?? 0;
        newest.set(event.metric, event.value);
      }
    },
    reports: () =>
      [...metrics.entries()].flatMap(([metric, scenarios]) => {
        const each = [...scenarios.values()].sort((a, b) => (a.scenario < b.scenario ? -1 : a.scenario > b.scenario ? 1 : 0));
        const [first] = each;
        if (first === undefined) return [];
        const last = newest.get(metric) ?? null;
        const all = { ...first, values: each.flatMap(({ values }) => values), whole: sum(each.map(({ whole }) => whole)), missing: sum(each.map(({ missing }) => missing)), invalid: sum(each.map(({ invalid }) => invalid)) };
        return [{ ...statisticsOf(all, last), scenario: null }, ...each.map((series) => statisticsOf(series, series.values.at(-1) ?? null))];
      }),
  };
}

function statisticsOf({ metric, kind, unit, scenario, values, whole, missing, invalid }: Series, newest: number | null): MetricReport {
  const base = { metric, kind, unit, scenario, samples: values.length + missing, missing, invalid, mean: null, min: null, p50: null, p95: null, max: null, sum: null, last: null };
  if (values.length === 0) return base;
  const total = sum(values);
  if (kind === 'rate') return { ...base, mean: total / values.length };
  if (kind === 'ratio') return { ...base, mean: whole > 0 ? total / whole : null };
  if (kind === 'counter') return { ...base, sum: total, last: newest };
  const sorted = Float64Array.from(values).sort();
  // Missing values rank above all measured ones.
  const rank = (percent: number): number | null => sorted[nearestRankIndex(values.length + missing, percent) - 1] ?? null;
  return { ...base, mean: total / values.length, min: sorted[0] ?? null, p50: rank(50), p95: rank(95), max: sorted.at(-1) ?? null, last: kind === 'gauge' ? newest : null };
}
