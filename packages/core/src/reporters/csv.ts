import type { Measured, RunStart } from '../events/event.js';
import type { Verdict } from '../model/slo.js';
import { defineReporter } from '../plugin.js';
import type { Reporter, ReporterIo, RunReport } from '../plugin.js';
import { plainLine } from '../text/plain.js';

/** The first line of `metrics.csv`. */
export const CSV_HEADER = 'timestamp,scenario_id,metric,value,unit,status';

/**
 * `metrics.csv`: one line a measurement, RFC 4180 with CRLF line ends.
 *
 * - `value` is in `unit`; of a ratio the share of this one sample (0.052, unit `ratio`), of a rate 1 or 0; empty when there is none.
 * - `status` is the verdict of the SLO that judges this measurement (`pass`, `fail`, `inconclusive`, `no-data`, `error`), the worst when there are
 *   several, empty when there is none; `invalid` for a measurement that is not judged, `missing` for an attempt that ended without a value.
 * - After a change of the system under test its failed scenarios run again, and one of the two runs counts. The other one is here too: `replaced` for
 *   measurements whose place the repetition took (the change was kept), `repeated` for those of a repetition that came to nothing (it was not). Leave
 *   both out, and the rest is what was judged.
 * - Text cells that a spreadsheet would take for a formula (`=`, `+`, `-`, `@` first) begin with an apostrophe.
 */
export const csv = defineReporter({
  name: 'csv',
  description: 'metrics.csv: every measurement with the verdict of the SLO that judges it',
  with: { type: 'object', properties: {} },
  create: createCsv,
});

type Slo = RunStart['slos'][number];

/** From worst to best. */
const ORDER: readonly Verdict[] = ['fail', 'error', 'inconclusive', 'no-data', 'pass'];

function createCsv(): Reporter {
  let io: ReporterIo | undefined;
  const slos = new Map<string, readonly Slo[]>();
  const tags = new Map<string, readonly string[]>();
  // The verdicts come last, so each line waits with the SLOs that judge it: an index into `judges`.
  const lines: string[] = [];
  const statuses: (number | 'invalid' | 'missing' | 'replaced' | 'repeated')[] = [];
  // Where the lines of each scenario stand that count so far, and of a repetition those from before it.
  const counting = new Map<string, number[]>();
  let earlier: readonly (readonly [string, number[]])[] = [];
  const judges: string[][] = [];
  const known = new Map<string, number>();

  const judgesOf = (event: Measured): number => {
    const ids = (slos.get(event.metric) ?? []).filter(({ where }) => judgesSample(where, event, tags)).map(({ id }) => id);
    const key = JSON.stringify(ids);
    const index = known.get(key) ?? judges.push(ids) - 1;
    known.set(key, index);
    return index;
  };
  const settle = (kept: boolean): void => {
    for (const [scenario, before] of earlier) {
      const repeated = counting.get(scenario) ?? [];
      for (const index of kept ? before : repeated) statuses[index] = kept ? 'replaced' : 'repeated';
      counting.set(scenario, kept ? repeated : before);
    }
    earlier = [];
  };
  return {
    name: 'csv',
    start: (given) => {
      io = given;
    },
    on(event) {
      if (event.event === 'run_start') {
        for (const slo of event.slos) slos.set(slo.metric, [...(slos.get(slo.metric) ?? []), slo]);
        for (const scenario of event.scenarios) tags.set(scenario.id, scenario.tags);
      } else if (event.event === 'rerun_start') {
        earlier = event.scenarios.map((scenario) => [scenario, counting.get(scenario) ?? []]);
        for (const scenario of event.scenarios) counting.delete(scenario);
      } else if (event.event === 'remediation_validated') settle(event.result === 'pass');
      else if (event.event === 'measured') {
        const places = counting.get(event.scenario) ?? [];
        places.push(lines.length);
        counting.set(event.scenario, places);
        lines.push([event.timestamp, cell(event.scenario), cell(event.metric), valueOf(event), cell(event.unit)].join(','));
        statuses.push(event.invalid !== null ? 'invalid' : event.value === null ? 'missing' : judgesOf(event));
      }
    },
    async finish(report) {
      const verdicts = verdictsOf(report);
      const words = judges.map((ids) => ORDER.find((verdict) => ids.some((id) => verdicts.get(id) === verdict)) ?? '');
      const body = lines.map((line, index) => {
        const status = statuses[index];
        return `${line},${typeof status === 'number' ? (words[status] ?? '') : (status ?? '')}\r\n`;
      });
      await io?.write('metrics.csv', `${CSV_HEADER}\r\n${body.join('')}`);
    },
  };
}

function verdictsOf({ slos }: RunReport): ReadonlyMap<string, Verdict> {
  return new Map(slos.map(({ id, verdict }) => [id, verdict]));
}

/** Whether an SLO limited to `where` judges a measurement, as the metric store selects samples. */
function judgesSample(where: Slo['where'], event: Measured, tags: ReadonlyMap<string, readonly string[]>): boolean {
  const own: { readonly [label: string]: string | number | boolean } = { ...event.labels, scenario: event.scenario, step: event.step, row: event.row };
  return Object.entries(where).every(([label, wanted]) => {
    if (label === 'tag') return (tags.get(event.scenario) ?? []).some((tag) => wanted.includes(tag));
    const value = own[label];
    return value !== undefined && wanted.includes(String(value));
  });
}

function valueOf({ kind, value, whole }: Measured): string {
  if (value === null) return '';
  if (kind !== 'ratio' || whole === null) return String(value);
  return whole === 0 ? '' : String(value / whole);
}

/** A text cell: one line, harmless in a spreadsheet, quoted when it must be. Numbers and timestamps are written as they are. */
function cell(text: string): string {
  const line = plainLine(text);
  const harmless = /^[=+\-@]/.test(line) ? `'${line}` : line;
  return /[",]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
