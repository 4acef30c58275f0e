import type { Measured, RunEvent } from '../events/event.js';
import type { Unit } from '../metrics/metric.js';

/** The valid samples of one metric in one scenario under one condition. */
export interface Series {
  readonly metric: string;
  readonly kind: string;
  readonly unit: Unit;
  readonly scenario: string;
  /** What the labels say, e.g. `noise cafe, snr 10`; '' without labels. */
  readonly condition: string;
  /** The labels as texts, by name in order of the alphabet; null where conditions were put together because there were too many. */
  readonly labels: { readonly [name: string]: string } | null;
  readonly values: readonly number[];
  /** The wholes of a ratio, one per value; empty for other kinds. */
  readonly wholes: readonly number[];
  readonly missing: number;
}

/** Gathers samples by condition as events pass. Memory: 8 bytes a sample. */
export interface SeriesFold {
  on(event: RunEvent): void;
  /** Samples that were judged: of two runs of a scenario, before and after a change, those of the one that counts. */
  series(): readonly Series[];
  /** The scenarios that run again because of a change at this moment. */
  repeated(): ReadonlySet<string>;
}

interface OpenSeries extends Series {
  readonly values: number[];
  readonly wholes: number[];
  missing: number;
}

/** More conditions than this of a metric in one scenario are put together, so that a label that is different in every sample fills no memory. */
const MOST_CONDITIONS = 240;

/** No samples yet. Total: any events in any order give series. */
export function createSeries(): SeriesFold {
  const series = new Map<string, Map<string, OpenSeries>>();
  let repeated: ReadonlySet<string> = new Set();
  let earlier: readonly (readonly [string, Map<string, OpenSeries>])[] = [];
  let outcomes: ReadonlyMap<string, readonly string[]> = new Map();
  const measured = (event: Measured): void => {
    if (event.invalid !== null) return;
    const left = outcomes.get(event.metric) ?? [];
    const names = Object.keys(event.labels).filter((name) => !left.includes(name)).sort();
    const key = JSON.stringify([event.metric, event.scenario]);
    const conditions = series.get(key) ?? new Map<string, OpenSeries>();
    series.set(key, conditions);
    const wanted = names.map((name) => `${name} ${String(event.labels[name])}`).join(', ');
    const isKept = conditions.has(wanted) || conditions.size < MOST_CONDITIONS;
    const condition = isKept ? wanted : 'other conditions';
    const one = conditions.get(condition) ?? { metric: event.metric, kind: event.kind, unit: event.unit, scenario: event.scenario, condition, labels: isKept ? Object.fromEntries(names.map((name) => [name, String(event.labels[name])])) : null, values: [], wholes: [], missing: 0 };
    conditions.set(condition, one);
    if (event.value === null) one.missing += 1;
    else {
      one.values.push(event.value);
      if (event.whole !== null) one.wholes.push(event.whole);
    }
  };
  const isOf = (conditions: Map<string, OpenSeries>): boolean => [...conditions.values()].some(({ scenario }) => repeated.has(scenario));
  const repeat = (scenarios: readonly string[]): void => {
    repeated = new Set(scenarios);
    earlier = [...series].filter(([, conditions]) => isOf(conditions));
    // Set, not deleted: the order of the charts stays.
    for (const [key] of earlier) series.set(key, new Map());
  };
  const settle = (kept: boolean): void => {
    if (!kept) {
      for (const [key, conditions] of series) if (isOf(conditions)) series.set(key, new Map());
      for (const [key, conditions] of earlier) series.set(key, conditions);
    }
    repeated = new Set();
    earlier = [];
  };
  return {
    on(event) {
      if (event.event === 'measured') measured(event);
      else if (event.event === 'run_start') outcomes = new Map(event.metrics.flatMap(({ name, outcomes: left }) => (left === undefined ? [] : [[name, left]])));
      else if (event.event === 'rerun_start') repeat(event.scenarios);
      else if (event.event === 'remediation_validated') settle(event.result === 'pass');
    },
    series: () => [...series.values()].flatMap((conditions) => [...conditions.values()]),
    repeated: () => repeated,
  };
}
