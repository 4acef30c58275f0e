import type { Failure, RunReport } from '../events/report.js';
import { plainLine } from '../text/plain.js';

/** Failures that look alike: the same step, the same code, the same sentence but for its numbers and quoted words. */
export interface Cause {
  /** The one that came first, told in full. */
  readonly example: Failure;
  readonly failures: readonly Failure[];
  /** The scenarios it hit, in order. */
  readonly scenarios: readonly string[];
}

/** The failures of a run by cause, the most frequent first. Cancelled steps are left out: the run says why it was cancelled. */
export function groupByCause(scenarios: RunReport['scenarios']): readonly Cause[] {
  const groups = new Map<string, Failure[]>();
  for (const failure of scenarios.flatMap(({ failures }) => failures)) {
    if (failure.outcome === 'cancelled') continue;
    const key = causeKey(failure);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [failure]);
    else known.push(failure);
  }
  return [...groups.values()]
    .flatMap((failures) => {
      const [example] = failures;
      return example === undefined ? [] : [{ example, failures, scenarios: [...new Set(failures.map(({ scenario }) => scenario))] }];
    })
    .sort((a, b) => b.failures.length - a.failures.length);
}

/** The same for failures that look alike: broken expectations when the same ones broke, errors when they say the same. */
export function causeKey({ use, step, error, expectations }: Pick<Failure, 'use' | 'step' | 'error' | 'expectations'>): string {
  const broken = expectations.filter(({ held }) => !held).map(({ expression }) => expression);
  return JSON.stringify([use, step, error.code, broken.length > 0 ? broken : alike(error.message)]);
}

function alike(message: string): string {
  return message.replaceAll(/"(?:[^"\\]|\\.)*"/g, '"…"').replaceAll(/\d+(?:[.,]\d+)*/g, '#');
}

/** Row numbers as people write them: `3, 5–9, 17 and 12 more`. */
export function rowList(rows: readonly number[], most = 8): string {
  const sorted = [...new Set(rows)].sort((a, b) => a - b);
  const spans: { from: number; to: number }[] = [];
  for (const row of sorted) {
    const open = spans.at(-1);
    if (open !== undefined && open.to === row - 1) open.to = row;
    else spans.push({ from: row, to: row });
  }
  const shown = spans.slice(0, most);
  const left = spans.slice(most).reduce((count, { from, to }) => count + to - from + 1, 0);
  const list = shown.map(({ from, to }) => (from === to ? `${from}` : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`)).join(', ');
  return left === 0 ? list : `${list} and ${left} more`;
}

/** Where the failures of a cause happened: `asr_noisy rows 3, 5–9 · chat row 1`. */
export function placesOf({ failures, scenarios }: Cause): string {
  const places = scenarios.slice(0, 6).map((scenario) => {
    const rows = failures.filter((failure) => failure.scenario === scenario).map(({ row }) => row);
    return `${plainLine(scenario)} row${new Set(rows).size === 1 ? '' : 's'} ${rowList(rows)}`;
  });
  return scenarios.length > 6 ? `${places.join(' · ')} · and ${scenarios.length - 6} more scenarios` : places.join(' · ');
}
