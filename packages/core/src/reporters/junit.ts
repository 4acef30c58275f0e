import type { TestEnd } from '../events/event.js';
import type { Failure, RemediationReport, RunReport, ScenarioReport } from '../events/report.js';
import { defineReporter } from '../plugin.js';
import type { JudgedSlo } from '../plugin.js';
import type { SloShift } from '../events/remedy-event.js';
import { differenceOf } from '../wording/evidence.js';
import { plainJson, plainText } from '../text/plain.js';
import { healedSlos } from '../wording/issues.js';
import { remedyText, resultText } from '../wording/remedies.js';
import { createNewestRows } from './newest-rows.js';
import { outcomeWord, sloCells } from '../wording/words.js';

/**
 * `junit.xml` for CI systems: one suite a scenario with a case a row, and the suites `preflight`, `slos` and `run`.
 *
 * Nothing that is not a pass is green: a violated SLO is a failure; an SLO without data, without enough data or that could not be judged is an
 * error, because CI systems count skipped cases as success. Only rows that were skipped for a stated reason are skipped. The case `outcome` of the
 * suite `run` is an error when the run was cancelled, broke off, could not run, was inconclusive or needs a human.
 *
 * What a change healed passes, and says so: its rows and its SLOs have the property `healed_by` with the change, and such an SLO tells what came of it in its output.
 */
export const junit = defineReporter({
  name: 'junit',
  description: 'junit.xml for CI systems: a suite a scenario, a case a row, and a case an SLO',
  with: { type: 'object', properties: {} },
  create() {
    let write: ((name: string, body: string) => Promise<void>) | undefined;
    const newest = createNewestRows();
    return {
      name: 'junit',
      start(io) {
        write = (name, body) => io.write(name, body);
      },
      on: newest.on,
      finish: (report) => write?.('junit.xml', junitXml(report, newest.rows())),
    };
  },
});

type Rows = ReadonlyMap<string, ReadonlyMap<number, TestEnd | undefined>>;

/** One test case: `problem` decides whether it is green. */
interface Case {
  readonly name: string;
  readonly seconds: number;
  readonly problem?: { readonly kind: 'failure' | 'error' | 'skipped'; readonly type: string; readonly message: string; readonly body: string } | undefined;
  readonly properties?: readonly (readonly [string, string])[];
  readonly output?: string | undefined;
}

function junitXml(report: RunReport, rows: Rows): string {
  const kept = report.remediations.filter(({ state }) => state === 'kept');
  const healed = healedSlos(report);
  const suites: readonly (readonly [string, number, readonly Case[]])[] = [
    ['preflight', seconds(report.preflight.reduce((total, { duration_ms }) => total + duration_ms, 0)), report.preflight.map(preflightCase)],
    ...report.scenarios.map((scenario) => [scenario.id, seconds(scenario.duration_ms), scenarioCases(scenario, rows.get(scenario.id) ?? new Map(), report)] as const),
    ['slos', 0, report.slos.map((slo) => sloCase(slo, healed.get(slo.id), kept))],
    ['run', seconds(report.duration_ms), [runCase(report)]],
  ];
  const all = suites.flatMap(([, , cases]) => cases);
  const body = suites.filter(([, , cases]) => cases.length > 0).map(([name, time, cases]) => suiteXml(report, name, time, cases));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${attribute(report.suite)}" ${tally(all)} time="${time3(seconds(report.duration_ms))}" timestamp="${attribute(report.started.slice(0, 19))}">\n${body.join('')}</testsuites>\n`;
}

function suiteXml(report: RunReport, name: string, time: number, cases: readonly Case[]): string {
  const properties = name === 'run' ? propertiesXml('    ', [['run_id', report.run_id], ['environment', report.environment], ['engine', report.engine], ['seed', String(report.seed)], ['outcome', report.outcome], ['exit_code', String(report.exit_code)]]) : '';
  return `  <testsuite name="${attribute(name)}" ${tally(cases)} time="${time3(time)}" timestamp="${attribute(report.started.slice(0, 19))}">\n${properties}${cases.map((each) => caseXml(name, each)).join('')}  </testsuite>\n`;
}

function caseXml(suite: string, { name, seconds: time, problem, properties = [], output }: Case): string {
  const head = `    <testcase name="${attribute(name)}" classname="${attribute(suite)}" time="${time3(time)}"`;
  const inside = propertiesXml('      ', properties) + (problem === undefined ? '' : problemXml(problem)) + (output === undefined ? '' : `      <system-out>${content(output)}</system-out>\n`);
  return inside === '' ? `${head}/>\n` : `${head}>\n${inside}    </testcase>\n`;
}

function problemXml({ kind, type, message, body }: NonNullable<Case['problem']>): string {
  if (kind === 'skipped') return `      <skipped message="${attribute(message)}"/>\n`;
  return `      <${kind} type="${attribute(type)}" message="${attribute(message)}">${content(body)}</${kind}>\n`;
}

function propertiesXml(indent: string, properties: readonly (readonly [string, string])[]): string {
  if (properties.length === 0) return '';
  return `${indent}<properties>\n${properties.map(([name, value]) => `${indent}  <property name="${attribute(name)}" value="${attribute(value)}"/>\n`).join('')}${indent}</properties>\n`;
}

function tally(cases: readonly Case[]): string {
  const count = (kind: string): number => cases.filter(({ problem }) => problem?.kind === kind).length;
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}"`;
}

function preflightCase({ step, outcome, duration_ms, error }: RunReport['preflight'][number]): Case {
  const message = error?.message ?? outcome;
  return { name: step, seconds: seconds(duration_ms), problem: outcome === 'passed' ? undefined : { kind: 'error', type: error?.code ?? outcome, message, body: [message, ...(error?.hint == null ? [] : [`hint: ${error.hint}`])].join('\n') } };
}

function scenarioCases(scenario: ScenarioReport, ended: ReadonlyMap<number, TestEnd | undefined>, report: RunReport): readonly Case[] {
  const failures = new Map<number, Failure[]>();
  for (const failure of scenario.failures) failures.set(failure.row, [...(failures.get(failure.row) ?? []), failure]);
  const healed = healedBy(report.remediations.filter(({ state, scenarios }) => state === 'kept' && scenarios.includes(scenario.id)));
  const cases = [...ended.entries()].sort(([a], [b]) => a - b).map(([row, end]) => rowCase(row, end, failures.get(row) ?? [], healed));
  const missing = scenario.rows.total - ended.size;
  if (missing <= 0) return cases;
  const message = `${missing} of ${scenario.rows.total} rows were not reached: ${report.reason}`;
  return [...cases, { name: `${missing} rows not reached`, seconds: 0, problem: { kind: 'skipped', type: 'not-reached', message, body: message } }];
}

/** The changes that healed something, as a property of its case. */
function healedBy(changes: readonly RemediationReport[]): readonly (readonly [string, string])[] {
  return changes.map((change) => ['healed_by', remedyText(change)]);
}

function rowCase(row: number, end: TestEnd | undefined, failures: readonly Failure[], healed: readonly (readonly [string, string])[]): Case {
  const name = `row ${row}`;
  if (end === undefined) return { name, seconds: 0, problem: { kind: 'error', type: 'cancelled', message: 'the run ended before this row did', body: failures.map(failureText).join('\n\n') } };
  const base = { name, seconds: seconds(end.duration_ms), properties: end.attempts > 1 ? ([['attempts', String(end.attempts)], ...(end.outcome === 'passed' ? [['flaky', 'true'] as const] : [])] as const) : [] };
  if (end.outcome === 'passed') return { ...base, properties: [...base.properties, ...healed] };
  if (end.outcome === 'skipped') return { ...base, problem: { kind: 'skipped', type: 'skipped', message: end.reason ?? 'every step was skipped', body: '' } };
  const [first] = failures;
  const message = first === undefined ? (end.reason ?? `the row ${end.outcome}`) : `${first.step}: ${first.error.message}`;
  const type = first?.error.code ?? (end.outcome === 'cancelled' ? 'REALOPS_CANCELLED' : 'REALOPS_STEP_FAILED');
  return { ...base, problem: { kind: end.outcome === 'failed' ? 'failure' : 'error', type, message, body: failures.map(failureText).join('\n\n') } };
}

function failureText(failure: Failure): string {
  const { source, error, sent, received, expectations } = failure;
  const broken = expectations.filter(({ held }) => !held).map((each) => differenceOf(each)).flatMap(({ expected, got }) => [`expected  ${expected}`, `got       ${got}`]);
  return [
    `${source.file}:${source.line}:${source.column}  ${failure.step} (${failure.use})  ${error.code}`,
    ...(broken.length > 0 ? broken : [`error     ${error.message}`]),
    ...(error.hint === null ? [] : [`hint: ${error.hint}`]),
    ...(sent === null ? [] : [`sent      ${plainJson(sent, 1_000)}`]),
    ...(received === null ? [] : [`received  ${plainJson(received, 1_000)}`]),
    `attempt ${failure.attempts} · trace ${failure.trace_id}`,
    `again     ${failure.command}`,
  ].join('\n');
}

function sloCase(slo: JudgedSlo, healed: SloShift | undefined, kept: readonly RemediationReport[]): Case {
  const { target, actual, n, interval, note } = sloCells(slo, healed);
  const message = `${slo.title}: ${actual}, target ${target} (n ${n}, 95 % interval ${interval})${note === '' ? '' : `, ${note}`}`;
  const properties = [['value', slo.value === null ? '' : String(slo.value)], ['unit', slo.unit], ['samples', String(slo.samples)], ['verdict', slo.verdict]] as const;
  const body = `${message}\n${slo.objective}`;
  const by = healed === undefined ? [] : kept.filter(({ shifts }) => shifts.some((shift) => shift.slo === slo.id));
  if (slo.verdict === 'pass') return { name: slo.id, seconds: 0, properties: [...properties, ...healedBy(by)], output: by.length === 0 ? undefined : [message, ...by.map((change) => `${change.cause} → ${remedyText(change)}; ${resultText(change)}`)].join('\n') };
  return { name: slo.id, seconds: 0, properties, problem: slo.verdict === 'fail' ? { kind: 'failure', type: 'slo-violation', message, body } : { kind: 'error', type: slo.verdict, message, body } };
}

function runCase(report: RunReport): Case {
  const { outcome, reason, duration_ms } = report;
  // A failed run is told by the cases that failed.
  const told = outcome === 'healthy' || outcome === 'remedied' || outcome === 'failed';
  return { name: 'outcome', seconds: seconds(duration_ms), problem: told ? undefined : { kind: 'error', type: report.torn ? 'broken-off' : outcome, message: `${outcomeWord(report)}: ${reason}`, body: reason } };
}

function seconds(milliseconds: number): number {
  return milliseconds / 1_000;
}

function time3(value: number): string {
  return value.toFixed(3);
}

/** Text for XML 1.0: {@link plainText} leaves only characters that it allows but for the two non-characters. */
function content(text: string): string {
  return plainText(text).replaceAll(/[\ufffe\uffff]/g, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function attribute(text: string): string {
  return content(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;');
}
