import type { Shape } from '../expression/types.js';
import type { Metric, MetricKind } from '../metrics/metric.js';
import type { Verdict } from './slo.js';

/** What the names of a remedy scope are made from. */
export interface RemedyNames {
  readonly slos: Iterable<string>;
  /** Undefined when not all metrics are known: then every name below `metrics` passes. */
  readonly metrics: ReadonlyMap<string, Metric> | undefined;
  readonly scenarios: Iterable<string>;
  /** Ids of remedies, for `history`. */
  readonly remedies: Iterable<string>;
  /** The outputs of preflight steps by id. */
  readonly preflight: Shape;
  /** Ids of diagnoses, where `diagnosis` may be read: in remedies and alerts. */
  readonly diagnoses?: Iterable<string> | undefined;
}

/** The statistics that rules read of a metric of each kind, beside {@link COUNTS}. */
export const STATISTICS: { readonly [K in MetricKind]: readonly string[] } = {
  distribution: ['mean', 'min', 'max', 'median', 'p50', 'p90', 'p95', 'p99', 'stddev'],
  rate: ['rate'],
  ratio: ['ratio'],
  counter: ['sum', 'last'],
  gauge: ['mean', 'min', 'max', 'last'],
};

const KINDS = ['distribution', 'rate', 'ratio', 'counter', 'gauge'] as const satisfies readonly MetricKind[];

/** The counts that rules read of every metric, however few samples it has. */
export const COUNTS = ['samples', 'missing', 'invalid'] as const;

/** What stands for failing SLOs that no rule explains; no rule may be called so. */
export const UNKNOWN_DIAGNOSIS = 'unknown';

const VERDICTS = ['pass', 'fail', 'inconclusive', 'no-data', 'error'] as const satisfies readonly Verdict[];
const SINGLE: Shape = { kind: 'keys', keys: {} };
const OPEN: Shape = { kind: 'open' };
const VERDICT: Shape = { kind: 'keys', keys: {}, values: VERDICTS, what: 'verdicts' };

const SLO: Shape = {
  kind: 'keys',
  keys: {
    verdict: VERDICT, value: SINGLE, limit: SINGLE, samples: SINGLE, missing: SINGLE, invalid: SINGLE, proven: SINGLE,
    severity: { kind: 'keys', keys: {}, values: ['critical', 'major', 'minor'], what: 'severities' },
    unit: SINGLE,
  },
};
const SLO_HISTORY = shapeOfNames(['failing'], { verdicts: { kind: 'list', items: VERDICT } });
const REMEDY_HISTORY = shapeOfNames(['tries24h', 'minutesSince', 'outcome']);

/**
 * What diagnoses, remedies and alerts read, for checking names when a suite is loaded: `slos`, `metrics`, `events`, `history`, `preflight`, and `diagnosis`
 * where there is one. The values are those of the remedy scope of a run.
 */
export function remedyShape({ slos, metrics, scenarios, remedies, preflight, diagnoses }: RemedyNames): Shape {
  const ids = [...slos];
  const none = 'the suite has no slos';
  return {
    kind: 'keys',
    keys: {
      slos: { kind: 'keys', keys: forEach(ids, SLO), none },
      metrics: metrics === undefined ? OPEN : metricsShape(metrics, [...scenarios]),
      events: { kind: 'list', items: OPEN },
      history: {
        kind: 'keys',
        keys: {
          loops: SINGLE,
          slos: { kind: 'keys', keys: forEach(ids, SLO_HISTORY), none },
          remedies: { kind: 'keys', keys: forEach(remedies, REMEDY_HISTORY), none: 'the suite has no remedies' },
        },
      },
      preflight,
      ...(diagnoses === undefined ? {} : { diagnosis: diagnosisShape([...diagnoses]) }),
    },
  };
}

function diagnosisShape(ids: readonly string[]): Shape {
  const shape = { kind: 'keys', keys: {}, values: [...ids, UNKNOWN_DIAGNOSIS], what: 'diagnoses' } as const;
  return ids.length > 0 ? shape : { ...shape, none: 'the suite has no diagnoses; write diagnoses: [{ id: …, when: …, cause: … }]' };
}

interface Branch {
  metric: Metric | undefined;
  readonly below: Map<string, Branch>;
}

/** Metrics under the dots of their names. A metric may stand above others: `voice` beside `voice.final`. */
function metricsShape(metrics: ReadonlyMap<string, Metric>, scenarios: readonly string[]): Shape {
  const root: Branch = { metric: undefined, below: new Map() };
  for (const [name, metric] of metrics) {
    let at = root;
    for (const part of name.split('.')) {
      const below: Branch = at.below.get(part) ?? { metric: undefined, below: new Map() };
      at.below.set(part, below);
      at = below;
    }
    at.metric = metric;
  }
  return branchShape(root, Object.fromEntries(KINDS.map((kind) => [kind, insideShape(kind, scenarios)])));
}

function branchShape({ metric, below }: Branch, inside: { readonly [kind: string]: Shape }): Shape {
  const deeper = Object.fromEntries([...below].map(([name, branch]) => [name, branchShape(branch, inside)]));
  if (metric === undefined) return { kind: 'keys', keys: deeper };
  return shapeOfNames([...STATISTICS[metric.kind], ...COUNTS], { in: inside[metric.kind] ?? OPEN, ...deeper });
}

/** What stands below `in` of every metric of a kind; made once for each kind, since suites have many scenarios. */
function insideShape(kind: MetricKind, scenarios: readonly string[]): Shape {
  return { kind: 'keys', keys: forEach(scenarios, shapeOfNames([...STATISTICS[kind], ...COUNTS])), none: 'the suite has no scenarios' };
}

function forEach(names: Iterable<string>, shape: Shape): { readonly [name: string]: Shape } {
  return Object.fromEntries([...names].map((name) => [name, shape]));
}

function shapeOfNames(names: readonly string[], more: { readonly [name: string]: Shape } = {}): Shape {
  return { kind: 'keys', keys: { ...forEach(names, SINGLE), ...more } };
}
