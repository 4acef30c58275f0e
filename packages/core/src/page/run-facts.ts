import type { RunEvent, RunStart, TestStart } from '../events/event.js';
import type { StepOutcome } from '../model/words.js';
import { changeText } from '../wording/remedies.js';
import { createPictures, type KeptPictures } from './pictures.js';
import { createSeries, type Series } from './series.js';
import { createWorstRows, type WorstRow } from './worst-rows.js';

/** When a row ran and how it ended; `open` when the log ends before the row does. */
export interface RowSpan {
  readonly row: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly outcome: StepOutcome | 'open';
  /** It ran again after a change. */
  readonly again: boolean;
}

/** The rows of one scenario in time, in the order they ended, and the times it waited for locks. */
export interface ScenarioTime {
  readonly scenario: string;
  readonly rows: readonly RowSpan[];
  readonly waits: readonly { readonly startMs: number; readonly endMs: number; readonly locks: readonly string[] }[];
}

/** A moment at which the system under test was changed or changed back. */
export interface ChangeMoment {
  readonly atMs: number;
  readonly kind: 'made' | 'undone';
  /** `eosTimeout 700 → 850 ms`. */
  readonly what: string;
}

/** What the page draws beyond the report: the samples, the rows in time, the rows that weigh most in an SLO. */
export interface RunFacts {
  readonly start: RunStart | undefined;
  readonly lastMs: number;
  readonly times: readonly ScenarioTime[];
  /** Samples that were judged: of two runs of a scenario, before and after a change, those of the one that counts. */
  readonly series: readonly Series[];
  readonly changes: readonly ChangeMoment[];
  /** By SLO, the worst first. */
  readonly worst: ReadonlyMap<string, readonly WorstRow[]>;
  readonly pictures: KeptPictures;
}

/** Gathers facts event by event. Memory: 8 bytes a sample, one small record a row, and the pictures of a bounded number of rows. */
export interface FactsFold {
  on(event: RunEvent): void;
  facts(): RunFacts;
}

/** No facts yet. Total: any events in any order give facts. */
export function createFacts(): FactsFold {
  const times = new Map<string, { readonly rows: RowSpan[]; readonly waits: { startMs: number; endMs: number; locks: readonly string[] }[]; readonly open: Map<number, number> }>();
  const samples = createSeries();
  const worst = createWorstRows();
  const pictures = createPictures();
  const changes: ChangeMoment[] = [];
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
  return {
    on(event) {
      if (Number.isFinite(event.at_ms)) lastMs = Math.max(lastMs, event.at_ms);
      worst.on(event);
      samples.on(event);
      pictures.on(event);
      if (event.event === 'run_start') start ??= event;
      else if (event.event === 'test_start') onStart(event);
      else if (event.event === 'test_end') {
        const time = timeOf(event.scenario);
        time.rows.push({ row: event.row, startMs: time.open.get(event.row) ?? Math.max(0, event.at_ms - event.duration_ms), endMs: event.at_ms, outcome: event.outcome, again: samples.repeated().has(event.scenario) });
        time.open.delete(event.row);
      } else if (event.event === 'lock_wait') timeOf(event.scenario).waits.push({ startMs: event.at_ms, endMs: Number.NaN, locks: event.locks });
      else if (event.event === 'remediation_applied') changes.push({ atMs: event.at_ms, kind: 'made', what: changeText(event.change) });
      else if (event.event === 'remediation_rolled_back') changes.push({ atMs: event.at_ms, kind: 'undone', what: changeText({ ...event.change, before: event.change.after, after: event.change.before }) });
    },
    facts: () => ({
      start,
      lastMs,
      times: [...times].map(([scenario, { rows, waits, open }]) => ({
        scenario,
        rows: [...rows, ...[...open].map(([row, startMs]) => ({ row, startMs, endMs: lastMs, outcome: 'open' as const, again: samples.repeated().has(scenario) }))],
        waits: waits.map((wait) => ({ ...wait, endMs: Number.isNaN(wait.endMs) ? lastMs : wait.endMs })),
      })),
      changes: [...changes],
      series: samples.series(),
      worst: worst.rows(),
      pictures: pictures.kept(lastMs),
    }),
  };
}
