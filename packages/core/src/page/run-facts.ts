import type { Measured, RunEvent, RunStart, TestStart } from '../events/event.js';
import type { Unit } from '../metrics/metric.js';
import type { StepOutcome } from '../model/words.js';
import { createWorstRows, type WorstRow } from './worst-rows.js';

/** When a row ran and how it ended; `open` when the log ends before the row does. */
export interface RowSpan {
  readonly row: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly outcome: StepOutcome | 'open';
}

/** The rows of one scenario in time, in the order they ended, and the times it waited for locks. */
export interface ScenarioTime {
  readonly scenario: string;
  readonly rows: readonly RowSpan[];
  readonly waits: readonly { readonly startMs: number; readonly endMs: number; readonly locks: readonly string[] }[];
}

/** The valid samples of one metric in one scenario under one condition. */
export interface Series {
  readonly metric: string;
  readonly kind: string;
  readonly unit: Unit;
  readonly scenario: string;
  /** What the labels say, e.g. `noise cafe, snr 10`; '' without labels. */
  readonly condition: string;
  readonly values: readonly number[];
  /** The wholes of a ratio, one per value; empty for other kinds. */
  readonly wholes: readonly number[];
  readonly missing: number;
}

/** What the page draws beyond the report: the samples, the rows in time, the rows that weigh most in an SLO. */
export interface RunFacts {
  readonly start: RunStart | undefined;
  readonly lastMs: number;
  readonly times: readonly ScenarioTime[];
  readonly series: readonly Series[];
  /** By SLO, the worst first. */
  readonly worst: ReadonlyMap<string, readonly WorstRow[]>;
}

/** Gathers facts event by event. Memory: 8 bytes a sample and one small record a row. */
export interface FactsFold {
  on(event: RunEvent): void;
  facts(): RunFacts;
}

interface OpenSeries extends Series {
  readonly values: number[];
  readonly wholes: number[];
  missing: number;
}

/** More conditions than this in one scenario say nothing side by side; they are put together. */
const MOST_CONDITIONS = 12;

/** No facts yet. Total: any events in any order give facts. */
export function createFacts(): FactsFold {
  const times = new Map<string, { readonly rows: RowSpan[]; readonly waits: { startMs: number; endMs: number; locks: readonly string[] }[]; readonly open: Map<number, number> }>();
  const series = new Map<string, Map<string, OpenSeries>>();
  const worst = createWorstRows();
  let start: RunStart | undefined;
  let lastMs = 0;
  const timeOf = (scenario: string): NonNullable<ReturnType<typeof times.get>> => {
    const time = times.get(scenario) ?? { rows: [], waits: [], open: new Map<number, number>() };
    times.set(scenario, time);
    return time;
  };
  const onStart = ({ scenario, row, at_ms }: TestStart): void => {
    const time = timeOf(scenario);
    time.open.set(row, at_ms);
    const waiting = time.waits.at(-1);
    if (waiting !== undefined && Number.isNaN(waiting.endMs)) waiting.endMs = at_ms;
  };
  const measured = (event: Measured): void => {
    if (event.invalid !== null) return;
    const key = JSON.stringify([event.metric, event.scenario]);
    const conditions = series.get(key) ?? new Map<string, OpenSeries>();
    series.set(key, conditions);
    const wanted = conditionOf(event.labels);
    const condition = conditions.has(wanted) || conditions.size < MOST_CONDITIONS ? wanted : 'other conditions';
    const one = conditions.get(condition) ?? { metric: event.metric, kind: event.kind, unit: event.unit, scenario: event.scenario, condition, values: [], wholes: [], missing: 0 };
    conditions.set(condition, one);
    if (event.value === null) one.missing += 1;
    else {
      one.values.push(event.value);
      if (event.whole !== null) one.wholes.push(event.whole);
    }
  };
  return {
    on(event) {
      if (Number.isFinite(event.at_ms)) lastMs = Math.max(lastMs, event.at_ms);
      worst.on(event);
      if (event.event === 'run_start') start ??= event;
      else if (event.event === 'test_start') onStart(event);
      else if (event.event === 'test_end') {
        const time = timeOf(event.scenario);
        time.rows.push({ row: event.row, startMs: time.open.get(event.row) ?? Math.max(0, event.at_ms - event.duration_ms), endMs: event.at_ms, outcome: event.outcome });
        time.open.delete(event.row);
      } else if (event.event === 'lock_wait') timeOf(event.scenario).waits.push({ startMs: event.at_ms, endMs: Number.NaN, locks: event.locks });
      else if (event.event === 'measured') measured(event);
    },
    facts: () => ({
      start,
      lastMs,
      times: [...times].map(([scenario, { rows, waits, open }]) => ({
        scenario,
        rows: [...rows, ...[...open].map(([row, startMs]) => ({ row, startMs, endMs: lastMs, outcome: 'open' as const }))],
        waits: waits.map((wait) => ({ ...wait, endMs: Number.isNaN(wait.endMs) ? lastMs : wait.endMs })),
      })),
      series: [...series.values()].flatMap((conditions) => [...conditions.values()]),
      worst: worst.rows(),
    }),
  };
}

function conditionOf(labels: Measured['labels']): string {
  return Object.keys(labels).sort().map((name) => `${name} ${String(labels[name])}`).join(', ');
}
