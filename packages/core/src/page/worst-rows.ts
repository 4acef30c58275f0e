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
  readonly worst: { readonly weight: number; readonly row: WorstRow }[];
}

/** No rows yet. An SLO's metric, labels and direction come from `run_start`. */
export function createWorstRows(): WorstRows {
  const watches = new Map<string, Watch[]>();
  const tags = new Map<string, readonly string[]>();
  const heard = new Map<string, string>();
  let started = false;
  const start = (event: RunStart): void => {
    if (started) return;
    started = true;
    for (const { id, tags: own } of event.scenarios) tags.set(id, own);
    for (const slo of event.slos) {
      const watch = { slo, lower: /[<>=]/.exec(slo.objective)?.[0] === '>', worst: [] };
      watches.set(slo.metric, [...(watches.get(slo.metric) ?? []), watch]);
    }
  };
  return {
    on(event) {
      if (event.event === 'run_start') start(event);
      else if (event.event === 'asr_final') heard.set(placeOf(event), event.text);
      else if (event.event === 'test_end') heard.delete(placeOf(event));
      else if (event.event === 'measured' && event.invalid === null) {
        for (const watch of watches.get(event.metric) ?? []) {
          if (matches(event, watch.slo.where, tags)) keep(watch, event, heard.get(placeOf(event)) ?? null);
        }
      }
    },
    rows: () => new Map([...watches.values()].flat().map(({ slo, worst }) => [slo.id, worst.map(({ row }) => row)])),
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
  const last = worst.at(-1);
  if (worst.length >= MOST && last !== undefined && weight <= last.weight) return;
  const at = worst.findIndex((each) => each.weight < weight);
  const { scenario, row, trace_id: traceId, value, whole } = event;
  worst.splice(at < 0 ? worst.length : at, 0, { weight, row: { scenario, row, traceId, value, whole, heard } });
  if (worst.length > MOST) worst.pop();
}
