import type { AlertReport, Failure, IncidentReport, MetricReport, PreflightReport, RemediationReport, RunReport, ScenarioReport } from './report.js';
import { enumOf, integer, listOf, nullable, number, object, text, type SchemaNode } from './schema-nodes.js';
import { attemptsNode, counts, errorNode, evidenceNode, expectationNode, sloNode, sourceNode } from './shared-schema.js';
import { alertFields, changeFields, diagnosedFields, shiftNode } from './remedy-schema.js';

type Fields<T> = { readonly [K in keyof T]: SchemaNode };

const outcome = enumOf('passed', 'failed', 'error', 'skipped', 'cancelled');

const failure = object({
  scenario: text(), row: integer(), step: text(), use: text(), phase: enumOf('preflight', 'setup', 'steps', 'finally'), source: sourceNode, outcome: enumOf('failed', 'error', 'cancelled'), error: errorNode,
  expectations: listOf(expectationNode), sent: evidenceNode, received: evidenceNode, duration_ms: number(), attempts: attemptsNode, trace_id: text(), at_ms: number(), timestamp: text(),
  command: text('Runs only this row again'),
} satisfies Fields<Failure>);

const scenario = object({
  id: text(), title: text(), tags: listOf(text()), source: sourceNode, outcome, rows: counts('total', 'passed', 'failed', 'error', 'skipped', 'cancelled', 'flaky'), started_ms: nullable(number()), duration_ms: number(),
  failures: listOf(failure), skipped: listOf(object({ reason: text(), rows: integer() })),
} satisfies Fields<ScenarioReport>);

const preflight = object({ step: text(), outcome, duration_ms: number(), error: nullable(errorNode) } satisfies Fields<PreflightReport>);

const metric = object({
  metric: text(), kind: text(), unit: text(), scenario: nullable(text()), samples: integer(), missing: integer(), invalid: integer(),
  mean: nullable(number()), min: nullable(number()), p50: nullable(number()), p95: nullable(number()), max: nullable(number()), sum: nullable(number()), last: nullable(number()),
} satisfies Fields<MetricReport>);

const remediation = object({
  ...changeFields, state: enumOf('proposed', 'applied', 'kept', 'failed', 'rolled-back', 'aborted', 'conflict'), why: text(), shifts: listOf(shiftNode), guards: listOf(shiftNode),
  command: nullable(text('Allows a proposed change')), digest: nullable(text()), at_ms: number(),
} satisfies Fields<RemediationReport>);

const { alert: alertName, title, severity, since, message } = alertFields;
const alert = object({ alert: alertName, title, severity, state: enumOf('fired', 'cleared'), since, message } satisfies Fields<AlertReport>);

const incident = object({ id: text(), title: text(), severity: enumOf('critical', 'major', 'minor'), file: text('Relative to the run folder') } satisfies Fields<IncidentReport>);

/** JSON Schema (2020-12) of `result.json`. It is open: a newer version may add fields. */
export const RESULT_SCHEMA: SchemaNode = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'RealOps result, version 1',
  description: 'The report of a run as data: result.json of a run folder.',
  ...object({
    version: { const: 1 }, run_id: text(), suite: text(), environment: enumOf('sandbox', 'staging', 'production'), engine: text(), suite_argument: text(), state_argument: nullable(text()), started: text(), ended: text(), duration_ms: number(),
    seed: integer(), concurrency: integer(), outcome: enumOf('healthy', 'remedied', 'failed', 'needs-human', 'could-not-run', 'inconclusive', 'cancelled'), exit_code: integer(), reason: text(),
    preflight: listOf(preflight), slos: listOf(sloNode), counts: counts('pass', 'fail', 'inconclusive', 'no-data', 'error'), scenarios: listOf(scenario), metrics: listOf(metric), 
    diagnoses: listOf(object(diagnosedFields)), remediations: listOf(remediation), held: listOf(object({ issue: text(), remedy: nullable(text()), why: text() })), alerts: listOf(alert), incidents: listOf(incident), diagnostics: listOf(text()),
    manual_actions: listOf(object({ what: text(), command: nullable(text()) })), warnings: listOf(object({ about: text(), code: text(), message: text() })),
    phases: listOf(object({ phase: text(), started_ms: number(), duration_ms: number() })), events: integer(), torn: { type: 'boolean', description: 'The log ended without run_end: the run was killed' },
  } satisfies Fields<RunReport>),
};
