import type { Metric, MetricKind, Unit } from '../metrics/metric.js';
import type { Aggregate } from '../model/slo.js';
import { suggestion } from '../text/index.js';

/** The aggregates that each kind of metric supports; percentiles count as `pN`. */
const AGGREGATES: { readonly [K in MetricKind]: readonly string[] } = {
  distribution: ['pN', 'median', 'mean', 'min', 'max', 'stddev', 'count', 'sum', 'last'],
  rate: ['rate', 'count', 'sum'],
  ratio: ['ratio', 'count', 'sum'],
  counter: ['sum', 'count', 'last', 'max'],
  gauge: ['last', 'min', 'max', 'mean', 'median', 'pN', 'count'],
};

const WORDS = ['mean', 'min', 'max', 'median', 'rate', 'ratio', 'count', 'sum', 'last', 'stddev'] as const;

/** Words that people write for an aggregate. */
const SPELLINGS: { readonly [word: string]: Aggregate } = {
  avg: 'mean', average: 'mean', med: 'median', minimum: 'min', maximum: 'max', stdev: 'stddev', std: 'stddev', sd: 'stddev', total: 'sum', latest: 'last', value: 'last', percentage: 'rate', p0: 'min', p100: 'max',
};

/** The aggregate of a word; p50, p99.9 and so on for 0 < N < 100. */
export function aggregateOf(text: string): Aggregate | undefined {
  const word = WORDS.find((each) => each === text);
  if (word !== undefined) return word;
  const n = /^p(\d{1,2}(?:\.\d+)?)$/.exec(text)?.[1];
  return n !== undefined && Number(n) > 0 ? `p${Number(n)}` : undefined;
}

/** The aggregate that a misspelt word most likely means, e.g. `avg` → `mean`, `P95` → `p95`. */
export function aggregateMeant(text: string): Aggregate | undefined {
  const lower = text.toLowerCase();
  return aggregateOf(lower) ?? (Object.hasOwn(SPELLINGS, lower) ? SPELLINGS[lower] : undefined);
}

/** What to write instead of a word that is not an aggregate. */
export function hintForAggregate(text: string): string {
  const meant = aggregateMeant(text);
  return meant === undefined ? suggestion(text, [...WORDS, 'p50', 'p90', 'p95', 'p99'], 'aggregates') : `write ${meant}`;
}

/** The aggregates that a metric supports when the given one is not among them. */
export function otherAggregates(metric: Metric, aggregate: Aggregate): readonly string[] | undefined {
  const legal = AGGREGATES[metric.kind];
  return legal.includes(/^p\d/.test(aggregate) ? 'pN' : aggregate) ? undefined : legal;
}

/** The unit of an aggregate of a metric: counts are counts, whatever was counted. */
export function unitOf(aggregate: Aggregate | undefined, metric: Metric): Unit {
  if (aggregate === 'count') return 'count';
  if (metric.kind === 'rate' || metric.kind === 'ratio') return aggregate === 'sum' ? 'count' : 'ratio';
  return metric.unit;
}
