import type { RunReport } from '../events/report.js';
import type { JudgedSlo } from '../model/slo.js';
import type { Outcome } from '../model/words.js';
import { groupByCause } from '../wording/causes.js';
import { healedSlos } from '../wording/issues.js';
import { changeText, shiftText } from '../wording/remedies.js';
import { plural, sloCells } from '../wording/words.js';
import { causeTitle } from './failure-words.js';
import { html, join, type Markup } from './markup.js';

/** What each outcome's exit code means, for people. */
const EXIT_WORDS: { readonly [O in Outcome]: string } = {
  healthy: 'every SLO and every expectation held',
  remedied: 'something failed, was changed within its limits, and holds now',
  failed: 'an SLO or an expectation failed',
  'needs-human': 'a person has to decide before the next loop',
  'could-not-run': 'the run could not start, which says nothing about the system under test',
  inconclusive: 'nothing failed, but there was too little data for a verdict',
  cancelled: 'the run was cancelled before its end',
};

/** The verdict as one sentence: the first thing on the page. */
export function verdictSentence(report: RunReport): string {
  const { counts, slos } = report;
  const rows = rowCounts(report);
  const failedRows = rows.bad === 0 ? '' : `${capital(rows.bad === 1 ? 'one' : String(rows.bad))} of ${plural(rows.total, 'row')} failed.`;
  if (report.torn) return 'The run broke off before its end.';
  switch (report.outcome) {
    case 'healthy':
      return slos.length === 0 ? `${rows.total === 1 ? 'The row passed' : `All ${rows.total} rows passed`}. No SLOs are set.` : slos.length === 1 ? 'The SLO holds.' : `All ${slos.length} SLOs hold.`;
    case 'remedied':
      return remediedSentence(report);
    case 'could-not-run':
      return 'The run could not start.';
    case 'cancelled':
      return 'The run was cancelled.';
    case 'needs-human':
      return counts.fail > 0 ? `${sloCount(counts.fail, 'failed')}. A person is needed.` : 'A person is needed.';
    case 'failed':
      return [...(counts.fail > 0 ? [`${sloCount(counts.fail, 'failed')}.`] : []), ...(failedRows === '' ? [] : [failedRows]), ...triedSentences(report)].join(' ') || 'The run failed.';
    case 'inconclusive':
      return slos.length === 0 || rows.total === 0 ? 'Nothing was tested.' : `Nothing failed, but ${plural(counts['no-data'] + counts.inconclusive + counts.error, 'SLO')} could not be decided.`;
  }
}

function remediedSentence(report: RunReport): string {
  const healed = healedSlos(report).size;
  const kept = report.remediations.filter(({ state }) => state === 'kept');
  const parameter = kept.every(({ action }) => /^(?:knob|toggle)\./.test(action));
  const changed = kept.length <= 1 ? (parameter ? 'One parameter was changed' : 'One change was made') : `${NUMBERS[kept.length] ?? kept.length} changes were made`;
  return healed === 0 ? `${changed}, and what failed holds now.` : `${sloCount(healed, 'failed')}. ${changed}, and ${healed === 1 ? 'it holds' : 'they hold'} now.`;
}

/** What was tried in a run that failed all the same. */
function triedSentences({ remediations }: RunReport): readonly string[] {
  const validated = (wanted: string): boolean => remediations.some(({ state, shifts }) => state === wanted && shifts.length > 0);
  return [
    ...(validated('rolled-back') ? ['A change did not help and was undone.'] : []),
    ...(validated('failed') ? ['A change did not help so far.'] : []),
    ...(remediations.some(({ state }) => state === 'proposed') ? ['A change is proposed.'] : []),
  ];
}

/** Cause, change and effect of each change that was kept, in one sentence. */
function healedSentences(report: RunReport): readonly Markup[] {
  return report.remediations
    .filter(({ state }) => state === 'kept')
    .map((change) => html`${capital(change.cause)}. <b>${changeText(change)}</b>${change.shifts.length === 0 ? '' : `; ${change.shifts.map(shiftText).join('; ')}`}.`);
}

/** The sentences below the verdict: what weighs most, and what the exit code means. */
export function verdictDetail(report: RunReport): Markup {
  const broken = report.preflight.find(({ outcome }) => outcome !== 'passed' && outcome !== 'skipped');
  const [cause] = groupByCause(report.scenarios);
  const [slo, ...more] = report.slos.filter(({ verdict }) => verdict === 'fail').sort(bySeverity);
  const healed = healedSentences(report);
  const human = !report.torn && report.outcome === 'needs-human';
  const sentences: readonly (Markup | false | undefined)[] = [
    human && html`${capital(report.reason)}.`,
    ...healed,
    report.torn && html`What could be read of the log is shown: ${report.reason}.`,
    broken !== undefined && html`Preflight <b>${broken.step}</b> did not hold${broken.error === null ? '' : `: ${broken.error.message}`}.`,
    slo !== undefined && sloSentence(slo, more.length),
    cause !== undefined && html`Most frequent failure: ${causeTitle(cause.example)} (${plural(cause.failures.length, 'time')}).`,
    !report.torn && !human && healed.length === 0 && slo === undefined && cause === undefined && broken === undefined && html`${capital(report.reason)}.`,
    report.outcome === 'healthy' && report.slos.length > 0 && html`${provenWords(report.slos)}`,
    report.torn ? html`A run that breaks off has no exit code.` : html`Exit code ${report.exit_code}: ${EXIT_WORDS[report.outcome]}.`,
  ];
  return join(sentences.flatMap((each) => (each === false || each === undefined ? [] : [each])), ' ');
}

function sloSentence(slo: JudgedSlo, more: number): Markup {
  const { title, actual, target } = sloCells(slo);
  const proof = slo.proven ? 'and the sample proves it' : 'though the sample alone does not prove it';
  return html`<b>${title}</b> is ${actual} where ${target} is asked, ${proof}${more > 0 ? `; so are ${more} more` : ''}.`;
}

/** A run may be healthy on few samples; how much of it is proven is said at once. */
function provenWords(slos: readonly JudgedSlo[]): string {
  const proven = slos.filter((slo) => slo.proven).length;
  if (proven === slos.length) return 'The samples prove it.';
  return proven === 0 ? 'No sample is large enough to prove it.' : `The samples prove ${proven} of the ${slos.length}; the others hold in this run.`;
}

/** Rows of all scenarios: how many there are, how many failed or broke. */
export function rowCounts({ scenarios }: Pick<RunReport, 'scenarios'>): { readonly total: number; readonly bad: number } {
  return scenarios.reduce((sum, { rows }) => ({ total: sum.total + rows.total, bad: sum.bad + rows.failed + rows.error }), { total: 0, bad: 0 });
}

const SEVERITIES = ['critical', 'major', 'minor'];

function bySeverity(a: JudgedSlo, b: JudgedSlo): number {
  return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
}

const NUMBERS = ['No', 'One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten', 'Eleven', 'Twelve'];

function sloCount(count: number, what: string): string {
  return `${NUMBERS[count] ?? count} ${count === 1 ? 'SLO' : 'SLOs'} ${what}`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
