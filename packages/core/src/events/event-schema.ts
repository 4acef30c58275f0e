import type { EventBase, RunEvent } from './event.js';
import { anyJson, count, enumOf, integer, jsonObject, listOf, nullable, number, object, stringMap, text, type SchemaNode } from './schema-nodes.js';
import { TONES } from '../model/picture.js';
import { errorNode, expectationNode, sloNode, sourceNode } from './shared-schema.js';
import { alertFields, changeNode, diagnosedFields, shiftNode } from './remedy-schema.js';

type Own<E> = { readonly [K in Exclude<keyof E, keyof EventBase | 'event'> as string extends K ? never : K]: SchemaNode };
type EventFields = { readonly [N in RunEvent['event']]: Own<Extract<RunEvent, { readonly event: N }>> };

const place = { scenario: text(), row: count(), trace_id: text('32 hex digits, one per row') };
const stepPhase = enumOf('preflight', 'setup', 'steps', 'finally');
const outcome = enumOf('passed', 'failed', 'error', 'skipped', 'cancelled');
const tone = enumOf(...TONES);
const transcript = { ...place, step: text(), text: text() };

/** The fields of each event beside those that all have; the compiler proves that none is missing. */
const FIELDS = {
  run_start: {
    engine: text('Version of the engine'), suite: text(), environment: enumOf('sandbox', 'staging', 'production'), seed: integer(), concurrency: count(), files: listOf(text()), suite_argument: text(), state_argument: nullable(text()),
    scenarios: listOf(object({ id: text(), title: text(), tags: listOf(text()), rows: integer(), exclusive: listOf(text()), source: sourceNode })),
    preflight: listOf(text()),
    slos: listOf(object({ id: text(), title: text(), target: text(), objective: text(), metric: text(), where: stringMap(listOf(text())) })),
    metrics: listOf(object({ name: text(), kind: enumOf('distribution', 'rate', 'ratio', 'counter', 'gauge'), unit: text(), description: text() }, { whenFailed: enumOf('count', 'skip') })),
    reporters: listOf(object({ name: text(), options: jsonObject() })),
  },
  phase_start: { phase: enumOf('preflight', 'execute', 'analyse', 'remedy', 'report') },
  lock_wait: { scenario: text(), locks: listOf(text()) },
  test_start: { ...place, lane: integer('From 0') },
  test_end: { ...place, outcome, duration_ms: number(), attempts: count(), reason: nullable(text()) },
  step_start: { ...place, step: text(), use: text(), phase: stepPhase, attempt: count() },
  step_end: {
    ...place, step: text(), use: text(), phase: stepPhase, attempt: count(), retried: { type: 'boolean' }, outcome, duration_ms: number(), source: sourceNode,
    error: nullable(errorNode), expectations: listOf(expectationNode), sent: anyJson('The rendered parameters of a failed attempt, shortened'), received: anyJson('The output of a failed attempt, shortened'),
  },
  asr_partial: transcript,
  asr_final: transcript,
  note: { ...place, step: text(), name: text(), fields: jsonObject() },
  picture: {
    ...place, step: text(), attempt: count(), title: text(), duration_ms: number(), dropped: integer('Spans and marks that were left out'),
    lanes: listOf(object({ name: text(), spans: listOf(object({ from_ms: number(), to_ms: number(), tone, label: text() })), marks: listOf(object({ at_ms: number(), tone, label: text() })) })),
  },
  artifact_stored: { ...place, step: text(), attempt: count(), name: text(), path: text('Relative to the run folder'), media_type: text(), bytes: integer(), sha256: text('Of its bytes, in hex') },
  measured: {
    ...place, step: text(), attempt: count(), metric: text(), kind: enumOf('distribution', 'rate', 'ratio', 'counter', 'gauge'), unit: text(),
    value: nullable(number()), whole: nullable(number()), invalid: nullable(text()), labels: stringMap({ type: ['string', 'number', 'boolean'] }),
  },
  slo_judged: { slo: sloNode },
  slo_violation: { slo: text(), metric: text(), value: nullable(number()), threshold: number(), unit: text(), proven: { type: 'boolean' } },
  diagnosed: diagnosedFields,
  remediation_proposed: { change: changeNode, digest: text('Names exactly this change'), why: text(), command: text('Allows it') },
  remediation_held: { issue: text(), remedy: nullable(text()), why: text() },
  remediation_applied: { change: changeNode, by: text() },
  rerun_start: { id: text(), scenarios: listOf(text()), rows: integer() },
  remediation_validated: { id: text(), result: enumOf('pass', 'fail', 'worse', 'inconclusive', 'stopped'), why: text(), slos: listOf(shiftNode), guards: listOf(shiftNode) },
  remediation_ended: { change: changeNode, state: enumOf('aborted', 'conflict'), why: text(), found: anyJson('The value that was found instead') },
  remediation_rolled_back: { change: changeNode, reason: text(), by: text() },
  alert_fired: { ...alertFields, evidence: jsonObject() },
  alert_cleared: alertFields,
  incident_opened: { incident: text('Unique in its run'), title: text(), severity: enumOf('critical', 'major', 'minor'), reasons: listOf(text()), file: text('incident-ID.md, relative to the run folder') },
  diagnostics_collected: { alerts: listOf(text()), file: text('diagnostics-ID.json, relative to the run folder') },
  manual_required: { what: text(), command: nullable(text()) },
  warning: { about: text(), code: text(), message: text() },
  run_end: { outcome: enumOf('healthy', 'remedied', 'failed', 'needs-human', 'could-not-run', 'inconclusive', 'cancelled'), exit_code: integer(), duration_ms: number(), reason: text() },
} as const satisfies EventFields;

const BASE = {
  seq: count('Counts from 1 without gaps within a run'),
  timestamp: { ...text('UTC, ISO 8601 with milliseconds'), pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' },
  at_ms: number('Milliseconds since run_start on the monotonic clock'),
  run_id: text(),
};

/** The schema of one event by its name. `asr_partial` and `asr_final` may have further fields. */
export const EVENT_SCHEMAS: { readonly [name: string]: SchemaNode } = Object.fromEntries(
  Object.entries(FIELDS).map(([name, fields]) => [
    name,
    { ...object({ ...BASE, event: { const: name }, ...fields }), ...(name.startsWith('asr_') ? { additionalProperties: true } : {}) },
  ]),
);

/** The schema of what every event carries, also one of a newer version. */
export const EVENT_BASE_SCHEMA: SchemaNode = { ...object({ ...BASE, event: text() }), additionalProperties: true };

/**
 * JSON Schema (2020-12) of one line of `log.jsonl`. Readers must ignore fields and events they do not know: the schema is open, so that a
 * newer version may add some.
 */
export const EVENT_SCHEMA: SchemaNode = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'RealOps run event, version 1',
  description: 'One line of log.jsonl.',
  type: 'object',
  required: ['event'],
  properties: { event: { type: 'string', enum: Object.keys(FIELDS) } },
  oneOf: Object.values(EVENT_SCHEMAS),
};
