import type { Outcome } from '../model/words.js';
import type { SloShift } from '../events/remedy-event.js';
import type { RunReport } from '../events/report.js';
import { formatExact, formatInterval, formatValue } from '../metrics/format.js';
import type { JudgedSlo, Verdict } from '../model/slo.js';
import { plainLine } from '../text/plain.js';
import { healedSlos } from './issues.js';

/** Verdicts in words; the loud one is in capitals so that it is found without colour. */
export const VERDICT_WORDS: { readonly [V in Verdict]: string } = { pass: 'pass', fail: 'FAIL', inconclusive: 'inconclusive', 'no-data': 'no data', error: 'error' };

/** Outcomes in words, as the first thing to read. */
export const OUTCOME_WORDS: { readonly [O in Outcome]: string } = {
  healthy: 'HEALTHY', remedied: 'REMEDIED', failed: 'FAILED', 'needs-human': 'NEEDS A HUMAN', 'could-not-run': 'COULD NOT RUN', inconclusive: 'INCONCLUSIVE', cancelled: 'CANCELLED',
};

/** The outcome in words; a run whose log breaks off was killed, which is not the same as cancelled. */
export function outcomeWord({ outcome, torn }: Pick<RunReport, 'outcome' | 'torn'>): string {
  return torn ? 'BROKEN OFF' : OUTCOME_WORDS[outcome];
}

/** One SLO as the cells of a table, free of anything a text from outside could smuggle in but not escaped for any format. */
export interface SloCells {
  readonly title: string;
  readonly target: string;
  readonly actual: string;
  readonly n: string;
  readonly interval: string;
  readonly verdict: string;
  /** What makes the verdict understood; '' when nothing does. */
  readonly note: string;
}

/** The cells of one SLO; `healed` is how it stood before a change that healed it. The number never looks as if it were on the other side of its limit: it gets the digits it takes. */
export function sloCells(slo: JudgedSlo, healed?: SloShift): SloCells {
  const notes = [
    ...(healed === undefined ? [] : [`was ${formatValue(healed.before.value, slo.unit)}`]),
    ...(slo.verdict === 'fail' && slo.proven ? ['proven'] : []),
    ...(slo.note === null ? [] : [plainLine(slo.note)]),
    ...(slo.missing > 0 && slo.note === null ? [`${slo.missing} without a value`] : []),
    ...(slo.invalid > 0 && slo.value !== null ? [`${slo.invalid} invalid left out`] : []),
  ];
  return {
    title: plainLine(slo.title),
    target: plainLine(slo.target),
    actual: actualOf(slo),
    n: slo.whole === null || slo.samples === 0 ? String(slo.samples) : `${slo.whole} in ${slo.samples}`,
    interval: formatInterval(slo.interval, slo.unit),
    verdict: VERDICT_WORDS[slo.verdict],
    note: [...new Set(notes)].join(', '),
  };
}

function actualOf({ value, limit, unit }: JudgedSlo): string {
  const shown = formatValue(value, unit);
  if (value === null || value === limit || shown !== formatValue(limit, unit)) return shown;
  // Rounded to the limit, a value just over it would look as if it held.
  for (let digits = 4; digits <= 17; digits += 1) {
    const exact = Number(value.toPrecision(digits));
    if (exact !== limit && Math.sign(exact - limit) === Math.sign(value - limit)) return formatExact(exact, unit);
  }
  return shown;
}

/** A length of time for people: `120 ms`, `18.2 s`, `3 min 12 s`, `2 h 5 min`. */
export function durationWords(milliseconds: number): string {
  if (milliseconds < 59_950) return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

/** `1 row`, `3 rows`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What the SLOs came to: `12 passed, 1 remedied, 1 failed, 1 without data`. */
export function countWords(report: Pick<RunReport, 'counts' | 'slos' | 'remediations'>): string {
  const { counts, slos } = report;
  if (slos.length === 0) return 'no SLOs judged';
  const healed = healedSlos(report).size;
  const parts: readonly (readonly [number, string])[] = [[counts.pass - healed, 'passed'], [healed, 'remedied'], [counts.fail, 'failed'], [counts.inconclusive, 'inconclusive'], [counts['no-data'], 'without data'], [counts.error, 'could not be judged']];
  return `${plural(slos.length, 'SLO')}: ${parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`).join(', ')}`;
}
