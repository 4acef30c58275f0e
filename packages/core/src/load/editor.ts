import type { ObjectSchema, Schema } from '../schema/infer.js';
import { isJsonObject, type Json, type JsonObject } from '../text/index.js';
import { channelSchema } from './channels.js';
import { readSchemas, writeSchemas } from '../model/knob-access.js';
import { ALERT_ACTIONS, alertSchema, diagnosisSchema, knobSchema, loopSchema, remedySchema } from './envelope-remediation.js';
import { metricSchema, scenarioSchema, sloSchema, stepSchema, suiteSchema } from './envelope.js';
import type { Registry } from './registry.js';

/** A text that holds a template, which may stand for any value. */
const TEMPLATE: JsonObject = { type: 'string', pattern: '\\$\\{\\{' };

/**
 * The JSON Schema (draft 7) of suite files for editors: the same literals that the loader checks against, folded so that completion works: `use` is a
 * list of constants with descriptions, and each step type has its own `if/then` for `with`.
 */
export function editorSchema(registry: Pick<Registry, 'steps' | 'actions' | 'notifiers' | 'reporters' | 'sinks'>): JsonObject {
  const types = sorted(registry.steps.values());
  const step = plain(stepSchema);
  const steps: JsonObject = { type: 'array', items: { $ref: '#/definitions/step' } };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'https://realops.dev/schemas/scenarios.schema.json',
    title: 'RealOps suite',
    ...over(plain(suiteSchema), {
      preflight: steps,
      scenarios: { type: 'array', items: { $ref: '#/definitions/scenario' } },
      slos: { type: 'array', items: { $ref: '#/definitions/slo' } },
      metrics: { type: 'object', additionalProperties: { $ref: '#/definitions/metric' } },
      reporters: outlet([...registry.reporters.values()]),
      sinks: registry.sinks.size === 0 ? { type: 'array' } : outlet([...registry.sinks.values()]),
      diagnoses: { type: 'array', items: { $ref: '#/definitions/diagnosis' } },
      knobs: { type: 'object', additionalProperties: { $ref: '#/definitions/knob' } },
      remedies: { type: 'array', items: { $ref: '#/definitions/remedy' } },
      alerts: { type: 'array', items: { $ref: '#/definitions/alert' } },
      notify: { type: 'object', additionalProperties: { $ref: '#/definitions/channel' } },
      loop: { $ref: '#/definitions/loop' },
    }),
    definitions: {
      scenario: over(plain(scenarioSchema), { setup: steps, steps: { ...steps, minItems: 1 }, finally: steps }),
      slo: plain(sloSchema),
      metric: plain(metricSchema),
      ...remediationDefinitions(registry),
      nested: { type: 'object', properties: { use: uses(types), with: { type: 'object' } }, required: ['use'], additionalProperties: false, allOf: cases(types) },
      step: { ...over(step, { use: uses(types), parallel: { ...steps, minItems: 1 } }), anyOf: [{ required: ['use'] }, { required: ['parallel'] }], allOf: cases(types) },
    },
  };
}

/** A list of reporters or sinks: names, or objects with `use` and options; those that the type declares, where it does. */
function outlet(types: readonly { readonly name: string; readonly description: string; readonly with?: ObjectSchema }[]): JsonObject {
  const name: JsonObject = { enum: types.map((type) => type.name).sort() };
  const declared = sorted(types.flatMap((type) => (type.with === undefined ? [] : [{ use: type.name, description: type.description, with: type.with }])));
  return { type: 'array', items: { anyOf: [name, { type: 'object', properties: { use: name }, required: ['use'], allOf: declared.map(optionsCase) }] } };
}

/** The definitions of what stands under diagnoses, knobs, remedies, alerts, notify and loop. */
function remediationDefinitions({ actions, notifiers }: Pick<Registry, 'actions' | 'notifiers'>): JsonObject {
  const types = sorted(actions.values());
  const channels = sorted([...notifiers.values()].map(({ name, description, with: schema }) => ({ use: name, description, with: schema })));
  const forms = (schemas: { readonly [form: string]: Schema }): JsonObject => ({ anyOf: Object.values(schemas).map(templated) });
  const word: JsonObject = { enum: [...ALERT_ACTIONS] };
  const notify: JsonObject = { type: 'object', properties: { notify: { type: 'string', description: 'The name of a channel under notify' } }, required: ['notify'], additionalProperties: false };
  const kind = (name: string): JsonObject => ({ required: [name] });
  return {
    diagnosis: plain(diagnosisSchema),
    knob: { ...over(plain(knobSchema), { read: forms(readSchemas), write: forms(writeSchemas) }), oneOf: [{ ...kind('range'), required: ['range', 'maxStep'] }, kind('values'), kind('toggle')] },
    remedy: { ...over(plain(remedySchema), { use: uses(types, 'The action') }), allOf: cases(types) },
    alert: over(plain(alertSchema), { do: { type: 'array', minItems: 1, items: { anyOf: [word, notify] } } }),
    channel: { ...over(plain(channelSchema), { use: uses(channels, 'The notifier') }), allOf: channels.map(optionsCase) },
    loop: { ...plain(loopSchema), not: { required: ['every', 'cron'] } },
  };
}

/** The `if/then` for the options of a notifier, a reporter or a sink, which stand beside `use`. */
function optionsCase({ use, with: schema }: Types[number]): JsonObject {
  return { if: { properties: { use: { const: use } }, required: ['use'] }, then: over(templated(schema), { use: {} }) };
}

function sorted<T extends { readonly use: string }>(types: Iterable<T>): readonly T[] {
  return [...types].sort((a, b) => (a.use < b.use ? -1 : 1));
}

type Types = readonly { readonly use: string; readonly description: string; readonly with: Schema }[];

function uses(types: Types, description = 'The step type'): JsonObject {
  return { description, oneOf: types.map((type) => ({ const: type.use, description: type.description })) };
}

/** One `if/then` for each step type; types with required parameters need a `with`. */
function cases(types: Types): readonly JsonObject[] {
  return types.map(({ use, with: schema }) => {
    const needs = 'required' in schema && Array.isArray(schema.required) && schema.required.length > 0;
    return { if: { properties: { use: { const: use } }, required: ['use'] }, then: { properties: { with: templated(schema) }, ...(needs ? { required: ['with'] } : {}) } };
  });
}

function over(schema: JsonObject, properties: JsonObject): JsonObject {
  const own = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const described = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const before = own[name];
      const description = isJsonObject(before) && typeof before['description'] === 'string' ? { description: before['description'] } : {};
      return [name, isJsonObject(property) ? { ...description, ...property } : property];
    }),
  );
  return { ...schema, properties: { ...own, ...described } };
}

/** The schema without our own keywords, closed where the loader closes it. */
function plain(schema: Schema): JsonObject {
  return convert(schema, (leaf) => leaf);
}

/** The schema with every leaf that is no text also open to a template. */
function templated(schema: Schema): JsonObject {
  return convert(schema, (leaf) => (leaf['type'] === 'string' || Object.keys(leaf).every((key) => key === 'description') ? leaf : describe(leaf, { anyOf: [without(leaf, 'description'), TEMPLATE] })), true);
}

function convert(schema: Schema, leaf: (schema: JsonObject) => JsonObject, nested = false): JsonObject {
  if (nested && schema.holds === 'step') return { $ref: '#/definitions/nested' };
  const { holds: _, ...rest } = schema;
  // The schema literals hold JSON only.
  const json = rest as unknown as JsonObject;
  if ('oneOf' in schema) return describe(json, { anyOf: schema.oneOf.map((branch) => convert(branch, leaf, nested)) });
  if (!('type' in schema) || schema.type === undefined || 'enum' in schema) return leaf(json);
  if (schema.type === 'array' && 'items' in schema) return leaf({ ...json, items: convert(schema.items, leaf, nested) });
  if (schema.type === 'object' && 'properties' in schema) {
    const extra = schema.additionalProperties;
    const additional: Json = typeof extra === 'object' ? convert(extra, leaf, nested) : (extra ?? false);
    return { ...json, properties: Object.fromEntries(Object.entries(schema.properties).map(([name, property]) => [name, convert(property, leaf, nested)])), additionalProperties: additional };
  }
  return leaf(json);
}

function describe(from: JsonObject, schema: JsonObject): JsonObject {
  return { ...(typeof from['description'] === 'string' ? { description: from['description'] } : {}), ...(from['default'] === undefined ? {} : { default: from['default'] }), ...schema };
}

function without(schema: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== key && name !== 'default'));
}
