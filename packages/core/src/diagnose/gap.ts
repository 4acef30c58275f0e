import type { JsonObject } from '../text/index.js';
import { metricReads, splitRead, type MetricRead } from './reads.js';
import { COUNTS, type Statistics } from './statistics.js';

/** The statistics of one metric, over the run and by scenario. */
export interface MetricEntry {
  readonly all: Statistics;
  readonly inside: ReadonlyMap<string, Statistics>;
}

/** What there is data for. */
export interface GapSources {
  readonly slos: ReadonlyMap<string, JsonObject>;
  readonly metrics: ReadonlyMap<string, MetricEntry>;
  readonly metricNames: ReadonlySet<string>;
  readonly preflight: JsonObject;
}

/** What is known of an SLO however few samples it has. */
const SLO_FACTS: ReadonlySet<string> = new Set(['verdict', 'limit', 'severity', 'unit', 'samples', 'missing', 'invalid']);

/**
 * The first reason why an expression that reads these names has no data to decide on: an SLO without data, a metric without samples, an aggregate that
 * falls on attempts without a value, a preflight step without output. Names that are read as a whole (`slos`, `metrics.voice`) are no reason: whoever
 * walks over them sees what there is.
 */
export function findGap(reads: readonly string[], sources: GapSources): string | undefined {
  const sloIds = new Set(sources.slos.keys());
  for (const read of reads) {
    const gap = sloGap(read, sloIds, sources) ?? metricGap(read, sources) ?? preflightGap(read, sources);
    if (gap !== undefined) return gap;
  }
  return undefined;
}

function sloGap(read: string, ids: ReadonlySet<string>, { slos }: GapSources): string | undefined {
  const named = splitRead(read, 'slos', ids);
  if (named === undefined || named.rest === '' || SLO_FACTS.has(named.rest)) return undefined;
  const slo = slos.get(named.id);
  if (slo?.['verdict'] === 'no-data') return `the SLO ${named.id} has no data`;
  return named.rest === 'value' && slo?.['value'] === null ? `the SLO ${named.id} has no value: its attempts gave none` : undefined;
}

function metricGap(read: string, { metrics, metricNames }: GapSources): string | undefined {
  for (const each of metricReads(read, metricNames)) {
    if (each.aggregate === undefined || COUNTS.has(each.aggregate)) continue;
    const entry = metrics.get(each.metric);
    const statistics = each.scenario === undefined ? entry?.all : entry?.inside.get(each.scenario);
    const why = statistics === undefined ? 'has no samples' : emptiness(each.aggregate, statistics);
    if (why !== undefined) return `${nameOf(each)} ${why}`;
  }
  return undefined;
}

function nameOf({ metric, scenario }: MetricRead): string {
  return scenario === undefined ? metric : `${metric} in ${scenario}`;
}

/** Why an aggregate has no value; undefined when it has one. */
function emptiness(aggregate: string, statistics: Statistics): string | undefined {
  const { samples = 0, missing = 0, invalid = 0 } = statistics;
  if (samples === null || missing === null) return 'has no samples';
  if (samples === 0) return invalid === 0 ? 'has no samples' : `has no valid samples (${String(invalid)} invalid)`;
  if (missing === samples) return `has no value: all ${samples} attempts ended before there was one`;
  if (!Object.hasOwn(statistics, aggregate) || statistics[aggregate] !== null) return undefined;
  if (aggregate === 'stddev') return 'has one sample, and a standard deviation takes two';
  if (aggregate === 'ratio') return 'has nothing to compare: the whole of all its samples is 0';
  return `has no ${aggregate}: it falls on attempts without a value (${missing} of ${samples})`;
}

function preflightGap(read: string, { preflight }: GapSources): string | undefined {
  const id = /^preflight\.([^.]+)/.exec(read)?.[1];
  return id === undefined || Object.hasOwn(preflight, id) ? undefined : `the preflight step ${id} gave no output`;
}
