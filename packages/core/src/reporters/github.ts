import type { RunStart } from '../events/event.js';
import type { RemediationReport, RunReport } from '../events/report.js';
import { defineReporter } from '../plugin.js';
import type { Output } from '../plugin.js';
import { groupByCause, placesOf, type Cause } from '../wording/causes.js';
import { differenceOf } from '../wording/evidence.js';
import { plainLine } from '../text/plain.js';
import { proposalText, remedyText, resultText, undoCommand } from '../wording/remedies.js';
import { countWords, outcomeWord, plural, sloCells } from '../wording/words.js';

/** So many annotations of one level are written; the CI system itself shows ten. */
const MOST = 50;

/**
 * Annotations for GitHub Actions on standard output: an error for each violated SLO and each cause of failure (at its line in the suite), what was changed in the
 * system under test (a notice when it was kept, else a warning), an error for each thing a person is needed for, warnings, and the outcome as a notice.
 */
export const github = defineReporter({
  name: 'github',
  description: 'annotations for GitHub Actions: failures at their lines in the suite files, SLO violations, changes and proposals, warnings, the outcome',
  with: { type: 'object', properties: {} },
  create() {
    let output: Output | undefined;
    let folder = '';
    return {
      name: 'github',
      start(io) {
        output = io.output;
      },
      on(event) {
        if (event.event === 'run_start') folder = folderOf(event);
      },
      finish(report) {
        for (const line of annotations(report, folder)) output?.write(`${line}\n`);
      },
    };
  },
});

/** The folder of the suite file as the command named it, since annotations count from the working directory. */
function folderOf({ suite_argument, files }: RunStart): string {
  const argument = suite_argument.replaceAll('\\', '/');
  const [first] = files;
  if (first === undefined || !argument.endsWith(first)) return argument.replace(/\/*$/, '/');
  return argument.slice(0, argument.length - first.length);
}

function annotations(report: RunReport, folder: string): readonly string[] {
  const slos = report.slos.filter(({ verdict }) => verdict !== 'pass').map((slo) => {
    const { target, actual, n, interval, verdict, note } = sloCells(slo);
    return command(slo.verdict === 'fail' ? 'error' : 'warning', { title: `SLO ${slo.title}: ${verdict}` }, `${actual}, target ${target} (n ${n}, 95 % interval ${interval})${note === '' ? '' : `, ${note}`}`);
  });
  const preflight = report.preflight.filter(({ outcome }) => outcome !== 'passed').map(({ step, error }) => command('error', { title: `Preflight ${step}` }, error?.message ?? 'did not hold'));
  const causes = groupByCause(report.scenarios);
  const failures = causes.slice(0, MOST).map((cause) => failureLine(cause, folder));
  const more = causes.length > MOST ? [command('error', { title: 'More failures' }, `${causes.length - MOST} further causes are in summary.md and result.json`)] : [];
  const warnings = report.warnings.slice(0, MOST).map(({ about, code, message }) => command('warning', { title: `${about} ${code}` }, message));
  const changes = report.remediations.map((change) => changeLine(change, report));
  const alerts = report.alerts.filter(({ state }) => state === 'fired').slice(0, MOST).map(({ alert, severity, message }) => command('warning', { title: `Alert ${alert} (${severity})` }, message));
  const human = report.outcome === 'needs-human' ? [{ what: report.reason, command: null }, ...report.manual_actions].slice(0, MOST).map(({ what, command: how }) => command('error', { title: 'A person is needed' }, how === null ? what : `${what}\n${how}`)) : [];
  const outcome = command('notice', { title: `RealOps ${report.suite}: ${outcomeWord(report)}` }, `${report.reason} · ${countWords(report)} · exit ${report.exit_code}`);
  return [...preflight, ...human, ...slos, ...changes, ...failures, ...more, ...alerts, ...warnings, outcome];
}

function changeLine(change: RemediationReport, report: RunReport): string {
  const { state, why, rollback, command: allow } = change;
  if (state === 'proposed') return command('warning', { title: `Proposed: ${proposalText(change)}` }, [`${change.cause}: ${why}`, ...(allow === null ? [] : [`allow it: ${allow}`])].join('\n'));
  const undo = undoCommand(change, report);
  return command(state === 'kept' ? 'notice' : 'warning', { title: `Remedy ${remedyText(change)}` }, [`${change.cause} → ${resultText(change)}`, `rollback: ${rollback}${undo === null ? '' : ` (${undo})`}`].join('\n'));
}

function failureLine(cause: Cause, folder: string): string {
  const { source, scenario, step, error, expectations, command: again } = cause.example;
  const broken = expectations.filter(({ held }) => !held).map((each) => differenceOf(each)).map(({ expected, got }) => `expected ${expected}\ngot      ${got}`);
  const lines = [...(broken.length > 0 ? broken : [error.message]), ...(error.hint === null ? [] : [`hint: ${error.hint}`]), ...(cause.failures.length > 1 ? [`${plural(cause.failures.length, 'failure')} of this kind: ${placesOf(cause)}`] : []), `again: ${again}`];
  return command('error', { file: `${folder}${source.file}`, line: String(source.line), col: String(source.column), title: `${scenario} · ${step} · ${error.code}` }, lines.join('\n'));
}

function command(level: 'error' | 'warning' | 'notice', properties: { readonly [name: string]: string }, message: string): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(plainLine(value))}`).join(',');
  return `::${level} ${list}::${escapeData(message.split('\n').map(plainLine).join('\n'))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
