import type { ObjectSchema } from '../schema/infer.js';
import { condition, duration, id, open, text, texts } from './envelope-parts.js';

const expressions = { type: 'object', properties: {}, additionalProperties: condition } as const;

/** One entry of `preflight`, `setup`, `steps`, `finally` or `parallel`. `with` is checked by the step type, nested steps one by one. */
export const stepSchema = {
  type: 'object',
  description: 'A step: what is done, and what must hold afterwards',
  properties: {
    id,
    title: text,
    use: { type: 'string', minLength: 1, description: 'The step type, e.g. http.request' },
    with: { description: 'The parameters of the step type', ...open },
    if: { ...condition, description: 'The step is skipped unless this is true' },
    expect: { oneOf: [condition, { type: 'array', items: condition }], description: 'What must hold for the output, e.g. [status = 200, body.ok]; a list means all of them' },
    timeout: { ...duration, default: '30s' },
    retry: {
      type: 'object',
      description: 'Repeats a failed attempt, e.g. { attempts: 3, on: [connection] }; every attempt is recorded',
      properties: {
        attempts: { type: 'integer', minimum: 1, maximum: 20, description: 'All attempts together, the first included' },
        on: { type: 'array', items: { enum: ['connection', 'timeout', 'expect', 'error'] }, minItems: 1, default: ['connection', 'timeout', 'error'] },
        delay: { ...duration, default: '200ms' },
        backoff: { type: 'number', minimum: 1, maximum: 10, default: 2 },
      },
      required: ['attempts'],
    },
    each: { description: 'A list, or a ${{ }} that gives one; the step runs once for each item, read as item and index' },
    repeat: {
      description: 'How often the step runs; with until, at most so often',
      oneOf: [
        { type: 'integer', minimum: 1, maximum: 1_000_000, description: 'How often the step runs' },
        { type: 'object', properties: { times: { type: 'integer', minimum: 1, maximum: 1_000_000, description: 'How often the step runs' }, delay: duration }, required: ['times'] },
      ],
    },
    until: { ...condition, description: 'Repeats until this holds for the output; needs repeat' },
    parallel: { type: 'array', items: {}, minItems: 1, description: 'Steps that start together' },
    save: { ...expressions, description: 'Values of the output kept as saved.NAME for the steps that follow, e.g. { token: body.token }' },
    onFailure: { enum: ['stop', 'continue'], default: 'stop', description: 'Whether the row goes on after this step failed; it counts as failed either way' },
    measure: { ...expressions, description: 'Values of the output recorded under metrics of the suite, e.g. { answer_length: $length(text) }' },
  },
} as const satisfies ObjectSchema;

const steps = { type: 'array', items: {} } as const;

const row = { ...open, description: 'A row, e.g. { path: a.wav, sentence: hej }' } as const;

const dataSchema = {
  type: 'object',
  description: 'The rows of a data-driven scenario',
  properties: {
    file: { ...text, description: 'A tsv, csv, jsonl or yaml file beside the suite' },
    rows: { type: 'array', items: row, minItems: 1, description: 'Rows written here, e.g. [{ path: a.wav, sentence: hej }]' },
    where: { ...condition, description: 'Keeps the rows for which this is true; columns are read by name' },
    shuffle: { oneOf: [{ type: 'boolean' }, { type: 'integer', minimum: 0 }], description: 'true takes the seed of the run, a number is the seed' },
    limit: { type: 'integer', minimum: 1 },
    parallel: { type: 'integer', minimum: 1, maximum: 10_000, default: 1, description: 'How many rows may run at once' },
  },
} as const satisfies ObjectSchema;

/** One scenario; its steps are checked one by one. */
export const scenarioSchema = {
  type: 'object',
  description: 'A scenario: steps, run once or once for each row of data',
  properties: {
    id,
    title: text,
    tags: { type: 'array', items: text, default: [] },
    data: { description: 'Rows: { file: … }, { rows: […] } or a list', oneOf: [dataSchema, { type: 'array', items: row, minItems: 1, description: 'Rows written here, e.g. [{ path: a.wav, sentence: hej }]' }] },
    exclusive: { type: 'array', items: text, default: [], description: 'Locks: two scenarios that share one never overlap' },
    setup: { ...steps, default: [], description: 'Steps before the steps of each row; when one fails the steps are not run' },
    steps: { ...steps, minItems: 1, description: 'What is done in order, e.g. [{ use: http.request, with: { url: api } }]' },
    finally: { ...steps, default: [], description: 'Steps that run after each row, whatever happened' },
  },
  required: ['id', 'steps'],
} as const satisfies ObjectSchema;

/** One service level objective. */
export const sloSchema = {
  type: 'object',
  description: 'A service level objective: AGG(METRIC) OP VALUE[UNIT]',
  properties: {
    id,
    title: text,
    objective: { type: 'string', minLength: 1, description: 'e.g. p95(voice.final) < 800ms' },
    where: { type: 'object', properties: {}, additionalProperties: { oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'array', items: { oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] }, minItems: 1 }] }, default: {}, description: 'Labels a sample must have: scenario, step, tag or a label of the metric' },
    severity: { enum: ['critical', 'major', 'minor'], default: 'major' },
    minSamples: { type: 'integer', minimum: 1, default: 1, description: 'Fewer samples are inconclusive' },
    evidence: { enum: ['point', 'proven'], default: 'point', description: 'proven: pass and fail only when the 95 % interval excludes the other side' },
  },
  required: ['id', 'objective'],
} as const satisfies ObjectSchema;

/** A metric of the suite's own. With `from` and `value` it is computed from every output of the steps with that id; without, `measure` fills it. */
export const metricSchema = {
  type: 'object',
  properties: {
    kind: { enum: ['distribution', 'rate', 'ratio', 'counter', 'gauge'], description: 'distribution (times, sizes), rate (yes or no), ratio (errors of a total), counter or gauge' },
    unit: { enum: ['ms', 's', 'ratio', 'count', 'bytes', 'dB', 'Wh', 'celsius'] },
    description: text,
    from: { ...id, description: 'The id of the steps whose output is measured' },
    value: { ...condition, description: 'The value, from the output of the step' },
  },
  required: ['kind'],
} as const satisfies ObjectSchema;

const use = { oneOf: [text, { type: 'object', properties: { use: text }, required: ['use'], additionalProperties: true }] } as const;

/** A whole suite file. Items of lists are checked one by one, so that one mistake does not hide the next. */
export const suiteSchema = {
  type: 'object',
  description: 'A RealOps suite',
  properties: {
    version: { enum: [1], description: 'The version of the suite language; this engine reads version 1' },
    suite: { ...id, description: 'The name of the suite: letters, digits, _ and -, beginning with a letter' },
    environment: { enum: ['sandbox', 'staging', 'production'], description: 'Where the system runs; steps with side effects refuse production' },
    plugins: { ...texts, description: 'npm packages or paths of modules that bring step types, reporters and sinks' },
    include: { ...texts, description: 'More files of this suite' },
    targets: { type: 'object', properties: {}, additionalProperties: text, description: 'The only hosts steps may reach, by name' },
    secrets: { ...texts, description: 'Names of environment variables whose values never appear in any output' },
    consents: { type: 'array', items: { enum: ['audio:store', 'memory:write', 'email:metadata', 'email:full', 'calendar:read', 'calendar:write', 'analytics:training'] } },
    vars: { ...open, description: 'Values read as vars.NAME, e.g. { lang: sv }' },
    preflight: { ...steps, description: 'Checks that must hold, or nothing is run' },
    scenarios: { type: 'array', items: {} },
    metrics: { type: 'object', properties: {}, additionalProperties: {} },
    slos: { type: 'array', items: {} },
    reporters: { type: 'array', items: use },
    sinks: { type: 'array', items: use },
    diagnoses: { type: 'array', items: {}, description: 'Rules that name the cause of failing SLOs' },
    knobs: { type: 'object', properties: {}, additionalProperties: {}, description: 'Bounded parameters of the system under test, by name' },
    remedies: { type: 'array', items: {}, description: 'Changes that may be made when a cause was found' },
    alerts: { type: 'array', items: {}, description: 'Conditions that people want to know of' },
    notify: { type: 'object', properties: {}, additionalProperties: {}, description: 'Ways to reach people, by name' },
    loop: { ...open, description: 'How realops loop repeats, e.g. { every: 15m }' },
  },
} as const satisfies ObjectSchema;
