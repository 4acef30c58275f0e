import type { Measured, RunEvent, RunStart } from '../events/event.js';

/** A row that weighs on an SLO. */
export interface WorstRow {
  readonly scenario: string;
  readonly row: number;
  readonly traceId: string;
  /** A number, 1 or 0 for a rate, the part of a ratio; null when there was no value. */
  readonly value: number | null;
  readonly whole: number | null;
  /** The last final transcript of the row before it was measured; null when there is none. */
  readonly heard: string | null;
}

/** Keeps the worst rows of every SLO as measurements pass. */
export interface WorstRows {
  on(event: RunEvent): void;
  /** By SLO, the worst first. */
  rows(): ReadonlyMap<string, readonly WorstRow[]>;
}

/** So many rows are kept for each SLO. */
const MOST = 8;

interface Watch {
  readonly slo: RunStart['slos'][number];
  readonly lower: boolean;
  /** By scenario, so that a repetition can take the place of what came before it. */
  readonly worst: Map<string, readonly Weighed[]>;
}

interface Weighed {
  readonly weight: number;
  readonly row: WorstRow;
}

/** No rows yet. An SLO's metric, labels and direction come from `run_start`. */
export function createWorstRows(): WorstRows {
  const watches = new Map<string, Watch[]>();
  const tags = new Map<string, readonly string[]>();
  const heard = new Map<string, string>();
  let started = false;
  let earlier: readonly { readonly watch: Watch; readonly scenario: string; readonly rows: readonly Weighed[] }[] = [];
  const start = (event: RunStart): void => {
    if (started) return;
    started = true;
    for (const { id, tags: own } of event.scenarios) tags.set(id, own);
    for (const slo of event.slos) {
      const watch = { slo, lower: /[<>=]/.exec(slo.objective)?.[0] === '>', worst: new Map<string, readonly Weighed[]>() };
      watches.set(slo.metric, [...(watches.get(slo.metric) ?? []), watch]);
    }
  };
  const repeat = (scenarios: readonly string[]): void => {
    earlier = [...watches.values()].flat().flatMap((watch) => scenarios.map((scenario) => ({ watch, scenario, rows: watch.worst.get(scenario) ?? [] })));
    for (const { watch, scenario } of earlier) watch.worst.set(scenario, []);
  };
  const settle = (kept: boolean): void => {
    if (!kept) for (const { watch, scenario, rows } of earlier) watch.worst.set(scenario, rows);
    earlier = [];
  };
  return {
    on(event) {
      if (event.event === 'run_start') start(event);
      else if (event.event === 'rerun_start') repeat(event.scenarios);
      else if (event.event === 'remediation_validated') settle(event.result === 'pass');
      else if (event.event === 'asr_final') heard.set(placeOf(event), event.text);
      else if (event.event === 'test_end') heard.delete(placeOf(event));
      else if (event.event === 'measured' && event.invalid === null) {
        for (const watch of watches.get(event.metric) ?? []) {
          if (matches(event, watch.slo.where, tags)) keep(watch, event, heard.get(placeOf(event)) ?? null);
        }
      }
    },
    rows: () => new Map([...watches.values()].flat().map(({ slo, worst }) => [slo.id, [...worst.values()].flat().sort((a, b) => (a.weight === b.weight ? 0 : a.weight > b.weight ? -1 : 1)).slice(0, MOST).map(({ row }) => row)])),
  };
}

function placeOf({ scenario, row }: { readonly scenario: string; readonly row: number }): string {
  return `${row} ${scenario}`;
}

function matches({ scenario, step, row, labels }: Measured, where: RunStart['slos'][number]['where'], tags: ReadonlyMap<string, readonly string[]>): boolean {
  const own: { readonly [label: string]: string | number | boolean } = { ...labels, scenario, step, row };
  return Object.entries(where).every(([label, wanted]) => {
    if (label === 'tag') return (tags.get(scenario) ?? []).some((tag) => wanted.includes(tag));
    const value = own[label];
    return value !== undefined && wanted.includes(String(value));
  });
}

/** How much a sample weighs against its SLO; null when it does not. */
function weightOf({ kind, value }: Measured, lower: boolean): number | null {
  if (value === null) return Infinity;
  if (kind === 'rate') return (value === 0) === lower ? 1 : null;
  if (kind === 'ratio') return lower ? null : value > 0 ? value : null;
  return kind === 'distribution' ? (lower ? -value : value) : null;
}

function keep({ worst, lower }: Watch, event: Measured, heard: string | null): void {
  const weight = weightOf(event, lower);
  if (weight === null) return;
  const { scenario, row, trace_id: traceId, value, whole } = event;
  const known = worst.get(scenario) ?? [];
  const last = known.at(-1);
  if (known.length >= MOST && last !== undefined && weight <= last.weight) return;
  const at = known.findIndex((each) => each.weight < weight);
  worst.set(scenario, known.toSpliced(at < 0 ? known.length : at, 0, { weight, row: { scenario, row, traceId, value, whole, heard } }).slice(0, MOST));
}
