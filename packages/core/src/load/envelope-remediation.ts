import type { ObjectSchema } from '../schema/infer.js';
import { condition, duration, id, text } from './envelope-parts.js';

/** A rule that names the cause of failing SLOs. */
export const diagnosisSchema = {
  type: 'object',
  description: 'A rule that names the cause of failing SLOs',
  properties: {
    id,
    when: { ...condition, description: 'When the rule holds; reads slos, metrics, events, history and preflight, e.g. slos.wer.verdict = "fail"' },
    cause: { ...text, description: 'What is wrong, in words for people' },
    evidence: { type: 'array', items: condition, default: [], description: 'Expressions that are shown with their values, e.g. [metrics.voice.truncated.rate]' },
    confidence: { oneOf: [{ type: 'number', minimum: 0, maximum: 1, description: 'How sure the rule is, from 0 to 1' }, condition], default: 0.5, description: 'How sure the rule is when it holds, from 0 to 1, or an expression that gives it; the surest comes first' },
    explains: { oneOf: [text, { type: 'array', items: text, minItems: 1 }], description: 'The SLOs that it explains; those that when names by default' },
  },
  required: ['id', 'when', 'cause'],
} as const satisfies ObjectSchema;

/** A bounded parameter of the system under test; how it is read and written is checked form by form. */
export const knobSchema = {
  type: 'object',
  description: 'A bounded parameter of the system under test: how it is read, how it is written, and what it may be set to',
  properties: {
    range: { type: 'array', items: { type: 'number', description: 'A number written here; the bounds of a knob are no templates' }, minItems: 2, maxItems: 2, description: 'The lowest and the highest value, e.g. [300, 1200]' },
    maxStep: { type: 'number', description: 'The most that one change may move it' },
    unit: { ...text, description: 'The unit of the value, e.g. ms' },
    whole: { type: 'boolean', description: 'true admits whole numbers only' },
    values: { type: 'array', items: {}, minItems: 2, description: 'The values it may have, e.g. [small, large]' },
    toggle: { enum: [true], description: 'true for a switch that is on or off' },
    read: { description: 'How the value in force is read: { url, at }, { command, at } or { file, at }' },
    write: { description: "How a value is put in force: { url, json: { name: '${{ value }}' } }, { command } or { file, at, reload }" },
    settle: { ...duration, default: '2s', description: 'How long the system may take to have a written value in force' },
  },
  required: ['read', 'write'],
} as const satisfies ObjectSchema;

/** A change that may be made when a cause was found; `with` is checked by the action. */
export const remedySchema = {
  type: 'object',
  description: 'A change that may be made when a cause was found, e.g. { id: longer_eos, when: …, use: knob.change, with: … }',
  properties: {
    id,
    title: text,
    when: { ...condition, description: 'When the change may help, e.g. diagnosis = "eos_too_short"; reads what diagnoses read, and diagnosis' },
    use: { ...text, description: 'The action, e.g. knob.change' },
    with: { type: 'object', properties: {}, additionalProperties: true, default: {}, description: 'The parameters of the action' },
    cooldown: { ...duration, default: '30m', description: 'The least time between two changes by this remedy, over all runs' },
    dailyLimit: { type: 'integer', minimum: 1, maximum: 100, default: 4, description: 'The most changes by this remedy within 24 hours, over all runs' },
    guards: { type: 'array', items: text, default: [], description: 'Objectives or ids of SLOs that must hold after the change, or it is undone at once' },
    approval: { type: 'boolean', default: false, description: 'true lets every change wait for realops approve' },
    settle: { ...duration, default: '0s', description: 'How long to wait after the change before it is validated' },
  },
  required: ['id', 'when', 'use'],
} as const satisfies ObjectSchema;

/** What an alert may do by a name alone. */
export const ALERT_ACTIONS = ['collect-diagnostics', 'create-incident', 'retest', 'remediate'] as const;

/** A condition that people want to know of; each entry of `do` is checked by itself. */
export const alertSchema = {
  type: 'object',
  description: 'A condition that people want to know of',
  properties: {
    id,
    title: text,
    when: { ...condition, description: 'When it is so; reads what diagnoses read, and diagnosis' },
    for: { ...duration, default: '0s', description: 'How long the condition must have held before the alert fires' },
    clearAfter: { ...duration, default: '0s', description: 'How long the condition must have been gone before it clears' },
    severity: { enum: ['critical', 'major', 'minor'], default: 'major' },
    do: { type: 'array', items: {}, minItems: 1, description: 'What is done, e.g. [collect-diagnostics, create-incident, retest, remediate, notify: team]' },
    group: { ...text, description: 'Alerts of one group that fire together are told in one message' },
    repeat: { ...duration, description: 'A firing alert is told again after this time; once by default' },
    quiet: { type: 'string', pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$', description: "Hours (UTC) without messages, e.g. '22:00-07:00'; critical alerts are told all the same" },
  },
  required: ['id', 'when', 'do'],
} as const satisfies ObjectSchema;

const phase = { ...duration, description: 'The longest that the phase may take' } as const;

/** How `realops loop` repeats. */
export const loopSchema = {
  type: 'object',
  description: 'How realops loop repeats, e.g. { every: 15m }',
  properties: {
    every: { ...duration, description: 'From start to start; 15m by default' },
    cron: { ...text, description: "Instead of every: five fields in UTC, e.g. '*/15 * * * *'" },
    everyWhileFailing: { ...duration, description: 'From start to start while something fails' },
    budget: { type: 'object', properties: { preflight: phase, execute: phase, analyse: phase, remedy: phase, report: phase }, default: {}, description: 'The longest that each phase may take' },
    health: { type: 'integer', minimum: 0, maximum: 65_535, description: 'The port of /healthz on 127.0.0.1; 0 takes a free one; none by default' },
  },
} as const satisfies ObjectSchema;
