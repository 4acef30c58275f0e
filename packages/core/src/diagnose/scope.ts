import type { RunEvent } from '../events/event.js';
import type { Expression, Scope } from '../expression/types.js';
import type { Metric, Sample } from '../metrics/metric.js';
import type { MetricStore } from '../metrics/store.js';
import type { JudgedSlo, SloDefinition } from '../model/slo.js';
import type { Suite } from '../model/suite.js';
import type { JsonObject } from '../text/index.js';
import { findGap, type MetricEntry } from './gap.js';
import type { RemedyHistory } from './history.js';
import { eventsAsJson } from './notable.js';
import { metricReads } from './reads.js';
import { statisticsOf, type Statistics } from './statistics.js';

/** What rules, remedies and alerts read, and what of it has no data. */
export interface RemedyScope {
  /** `slos`, `metrics`, `events`, `history`, `preflight` and `diagnosis`. */
  readonly values: Scope;
  /** The SLOs of the suite. */
  readonly slos: ReadonlySet<string>;
  /** Those that failed, in the order of the suite. */
  readonly failing: readonly string[];
  /** Why an expression that reads these names cannot be decided; undefined when there is data for all of them. */
  gap(reads: readonly string[]): string | undefined;
}

/** What a scope is made of. */
export interface RemedyScopeParts {
  /** Every name that some expression reads (see {@link namesRead}): only the metrics among them are computed. */
  readonly reads: readonly string[];
  /** The SLOs of the suite; those that were not judged count as without data. */
  readonly slos: readonly SloDefinition[];
  readonly judged: readonly JudgedSlo[];
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly store: Pick<MetricStore, 'select'>;
  /** The events of the run so far, oldest first; only the notable ones among the last are read. */
  readonly events: readonly RunEvent[];
  readonly history: RemedyHistory;
  /** The ids of the remedies of the suite. */
  readonly remedies: readonly string[];
  /** The outputs of preflight steps by id. */
  readonly preflight: JsonObject;
}

/** Every name that the diagnoses, remedies and alerts of a suite read. */
export function namesRead(suite: Pick<Suite, 'diagnoses' | 'remedies' | 'alerts'>): readonly string[] {
  const expressions: readonly Pick<Expression, 'reads'>[] = [
    ...suite.diagnoses.flatMap(({ when, evidence, confidence }) => [when, ...evidence, ...(typeof confidence === 'number' ? [] : [confidence])]),
    ...suite.remedies.flatMap((remedy) => [remedy.when, remedy.with]),
    ...suite.alerts.map(({ when }) => when),
  ];
  return [...new Set(expressions.flatMap(({ reads }) => reads))];
}

/** The scope of one run after it was judged. Samples are walked once, and only those of metrics that are read. */
export function makeRemedyScope(parts: RemedyScopeParts): RemedyScope {
  const judged = new Map(parts.judged.map((slo) => [slo.id, slo]));
  const slos = new Map(parts.slos.map((slo) => [slo.id, sloEntry(slo, judged.get(slo.id))]));
  const metrics = readMetrics(parts);
  const values: Scope = {
    slos: Object.fromEntries(slos),
    metrics: nest(metrics),
    events: parts.reads.some((read) => read === 'events' || read.startsWith('events.')) ? eventsAsJson(parts.events) : [],
    history: historyEntry(parts),
    preflight: parts.preflight,
    diagnosis: null,
  };
  const sources = { slos, metrics, metricNames: new Set(parts.metrics.keys()), preflight: parts.preflight };
  return {
    values,
    slos: new Set(slos.keys()),
    failing: parts.slos.filter(({ id }) => judged.get(id)?.verdict === 'fail').map(({ id }) => id),
    gap: (reads) => findGap(reads, sources),
  };
}

/** The same scope with the id of the leading diagnosis as `diagnosis`, for remedies and alerts. */
export function withDiagnosis(scope: RemedyScope, diagnosis: string | null): RemedyScope {
  return { ...scope, values: { ...scope.values, diagnosis } };
}

function sloEntry({ objective, severity }: SloDefinition, judged: JudgedSlo | undefined): JsonObject {
  if (judged === undefined) return { verdict: 'no-data', value: null, limit: objective.limit, samples: 0, missing: 0, invalid: 0, proven: false, severity, unit: objective.unit };
  const { verdict, value, limit, samples, missing, invalid, proven, unit } = judged;
  return { verdict, value, limit, samples, missing, invalid, proven, severity, unit };
}

function readMetrics({ reads, metrics, store }: RemedyScopeParts): ReadonlyMap<string, MetricEntry> {
  const names = new Set(metrics.keys());
  const wanted = new Map<string, { inside: boolean; everywhere: boolean; readonly scenarios: Set<string> }>();
  for (const read of reads) {
    for (const { metric, scenario, inside } of metricReads(read, names)) {
      const want = wanted.get(metric) ?? { inside: false, everywhere: false, scenarios: new Set() };
      wanted.set(metric, want);
      want.inside ||= inside;
      want.everywhere ||= inside && scenario === undefined;
      if (scenario !== undefined) want.scenarios.add(scenario);
    }
  }
  return new Map([...wanted].flatMap(([name, want]): [string, MetricEntry][] => {
    const metric = metrics.get(name);
    if (metric === undefined) return [];
    const samples = store.select(name, {});
    return [[name, { all: statisticsOf(metric, samples), inside: want.inside ? byScenario(metric, samples, want) : new Map() }]];
  }));
}

/** The scenarios that rules name, also without samples (their counts are 0); all that have samples when a rule reads `in` as a whole. */
function byScenario(metric: Metric, samples: readonly Sample[], { scenarios, everywhere }: { readonly scenarios: ReadonlySet<string>; readonly everywhere: boolean }): ReadonlyMap<string, Statistics> {
  const groups = new Map<string, Sample[]>([...scenarios].map((scenario) => [scenario, []]));
  for (const sample of samples) {
    const scenario = String(sample.labels['scenario'] ?? '');
    const group = groups.get(scenario);
    if (group !== undefined) group.push(sample);
    else if (everywhere) groups.set(scenario, [sample]);
  }
  return new Map([...groups].map(([scenario, group]) => [scenario, statisticsOf(metric, group)]));
}

interface Branch {
  statistics: JsonObject;
  readonly below: Map<string, Branch>;
}

/** Statistics under the dotted names of their metrics. A metric may stand above others: `voice` beside `voice.final`. */
function nest(metrics: ReadonlyMap<string, MetricEntry>): JsonObject {
  const root: Branch = { statistics: {}, below: new Map() };
  for (const [name, { all, inside }] of metrics) {
    let at = root;
    for (const part of name.split('.')) {
      const below: Branch = at.below.get(part) ?? { statistics: {}, below: new Map() };
      at.below.set(part, below);
      at = below;
    }
    at.statistics = { ...all, ...(inside.size === 0 ? {} : { in: Object.fromEntries(inside) }) };
  }
  return asJson(root);
}

function asJson({ statistics, below }: Branch): JsonObject {
  return { ...Object.fromEntries([...below].map(([name, branch]) => [name, asJson(branch)])), ...statistics };
}

/** Every SLO and remedy of the suite has an entry, also before its first loop. */
function historyEntry({ history, slos, remedies }: RemedyScopeParts): JsonObject {
  return {
    loops: history.loops,
    slos: Object.fromEntries(slos.map(({ id }) => {
      const { verdicts, failing } = own(history.slos, id) ?? { verdicts: [], failing: 0 };
      return [id, { verdicts, failing }];
    })),
    remedies: Object.fromEntries(remedies.map((id) => {
      const { tries24h, minutesSince, outcome } = own(history.remedies, id) ?? { tries24h: 0, minutesSince: null, outcome: null };
      return [id, { tries24h, minutesSince, outcome }];
    })),
  };
}

function own<T>(entries: { readonly [id: string]: T }, id: string): T | undefined {
  return Object.hasOwn(entries, id) ? entries[id] : undefined;
}
