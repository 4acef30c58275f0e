import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { messageOf, RealopsError } from '../errors/index.js';
import { compileExpression, type Shape } from '../expression/index.js';
import type { StepType } from '../model/step-type.js';
import { resolveTarget } from '../model/egress.js';
import { compileSchema, shapeOf, type SchemaIssue } from '../schema/index.js';
import type { ObjectSchema, Schema } from '../schema/infer.js';
import { isJsonObject, preview, suggest, suggestion } from '../text/index.js';
import { child, sentenceOf, sourceOf, within, type Draft, type Node } from './draft.js';
import { takeLabels, type GivenLabels } from './labels.js';
import type { Registry } from './registry.js';

const OPEN: Shape = { kind: 'open' };

/** What literal parameters are checked against. */
export interface WithContext {
  readonly registry: Registry;
  readonly targets: { readonly [name: string]: string };
  readonly missingTargets: ReadonlyMap<string, string>;
  readonly draft: Draft;
  /** A channel: the hosts that its URLs name are allowed for its messages, and for nothing else. */
  readonly namesHosts?: boolean;
  /** The names of the knobs; only actions name any. */
  readonly knobs?: ReadonlySet<string>;
  /** Takes up the labels that steps give to what they measure. */
  readonly labels?: GivenLabels;
}

/** A step type, action or notifier as far as its parameters go. */
type Checked = Pick<StepType, 'use' | 'description' | 'with'> & Partial<Pick<StepType, 'metrics'>>;

/** The step type that `use` names; reported with a suggestion when there is none. */
export function findStepType(use: Node, { registry, draft }: WithContext): StepType | undefined {
  if (typeof use.value !== 'string') return undefined;
  const type = registry.steps.get(use.value);
  if (type === undefined) draft.report('REALOPS_STEP_UNKNOWN', `no loaded plugin registers the step type ${preview(use.value)}`, use, `${suggestion(use.value, registry.steps.keys(), 'step types')}${suggest(use.value, registry.steps.keys()) === undefined ? '; others come with the modules under plugins' : ''}`);
  return type;
}

/** Checks the `with` of a step or action: its schema (templates exempt until they are rendered), then what targets, files, expressions and nested steps it names. Gives whether it is sound. */
export function checkWith(type: Checked, node: Node, owner: Node, context: WithContext): boolean {
  const issues = issuesOf(type, node, owner, context.draft);
  if (issues === undefined) return false;
  for (const issue of issues) {
    const at = node.value === undefined ? owner : child(node, ...issue.path);
    context.draft.add({
      code: 'REALOPS_WITH_INVALID',
      message: sentenceOf([...node.path, ...issue.path], issue),
      source: sourceOf(at, node.value === undefined ? 'value' : issue.part),
      ...(issue.hint === undefined ? { hint: `${type.use}: ${type.description}` } : { hint: issue.hint }),
    });
  }
  const before = context.draft.problems.length;
  checkHolds(type.with, node, OPEN, context);
  if (context.labels !== undefined) takeLabels(type, node, context.draft, context.labels);
  return issues.length === 0 && context.draft.problems.length === before;
}

/** Undefined, and reported, when the schema itself cannot be used. */
function issuesOf(type: Checked, node: Node, owner: Node, draft: Draft): readonly SchemaIssue[] | undefined {
  try {
    return compileSchema(type.with).check(node.value ?? {}, { templates: 'exempt' }).issues;
  } catch (error) {
    draft.report('REALOPS_PLUGIN_INVALID', `the parameters of ${type.use} are declared with a schema that cannot be used: ${messageOf(error)}`, child(owner, 'use'), 'this is for the author of the plugin to mend');
    return undefined;
  }
}

/** Checks what the literal values at a node name: targets, files, expressions, knobs, nested steps. `shape` is what an expression reads: the output of the step that stands beside it under the name `step`; anything where there is none. */
export function checkHolds(schema: Schema, node: Node, shape: Shape, context: WithContext): void {
  const { value } = node;
  if (value === undefined || (typeof value === 'string' && value.includes('${{'))) return;
  if (schema.holds !== undefined) return checkHeld(schema.holds, node, shape, context);
  if (!holdsAnything(schema)) return;
  if ('oneOf' in schema) {
    for (const branch of schema.oneOf) if (compileSchema(wrap(branch)).check({ value }, { templates: 'exempt' }).issues.length === 0) return checkHolds(branch, node, shape, context);
    return;
  }
  if (!('type' in schema)) return;
  if (schema.type === 'array' && Array.isArray(value)) value.forEach((_, index) => checkHolds(schema.items, child(node, index), shape, context));
  if (schema.type === 'object' && isJsonObject(value)) {
    const beside = schema.properties['step']?.holds === 'step' ? outputOf(child(node, 'step', 'use'), context) : shape;
    for (const key of Object.keys(value)) {
      const property = schema.properties[key] ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
      if (property !== undefined) checkHolds(property, child(node, key), beside, context);
    }
  }
}

const holding = new WeakMap<Schema, boolean>();

/** Whether a schema says `holds` anywhere; most do not, and need no second look. */
function holdsAnything(schema: Schema): boolean {
  const known = holding.get(schema);
  if (known !== undefined) return known;
  const found = schema.holds !== undefined || schemasBelow(schema).some(holdsAnything);
  holding.set(schema, found);
  return found;
}

function schemasBelow(schema: Schema): readonly Schema[] {
  if ('oneOf' in schema) return schema.oneOf;
  if (!('type' in schema)) return [];
  if (schema.type === 'array') return 'items' in schema ? [schema.items] : [];
  if (schema.type !== 'object' || !('properties' in schema)) return [];
  return [...Object.values(schema.properties), ...(typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [])];
}

/** Every schema that the parameters of a type are compared with: its own, and the alternatives in it that hold something. */
export function schemasOfParameters(schema: Schema): readonly Schema[] {
  return [schema, ...alternatives(schema)];
}

function alternatives(schema: Schema): readonly Schema[] {
  if (schema.holds !== undefined || !holdsAnything(schema)) return [];
  return schemasBelow(schema).flatMap((each) => ['oneOf' in schema ? wrap(each) : [], alternatives(each)].flat());
}

const wrappers = new WeakMap<Schema, ObjectSchema>();

/** A schema as the property of an object, once per schema, so that it is compiled once. */
function wrap(schema: Schema): ObjectSchema {
  const known = wrappers.get(schema);
  if (known !== undefined) return known;
  const made: ObjectSchema = { type: 'object', properties: { value: schema } };
  wrappers.set(schema, made);
  return made;
}

function outputOf(use: Node, { registry }: WithContext): Shape {
  const type = typeof use.value === 'string' ? registry.steps.get(use.value) : undefined;
  return type?.output === undefined ? OPEN : shapeOf(type.output);
}

function checkHeld(holds: NonNullable<Schema['holds']>, node: Node, shape: Shape, context: WithContext): void {
  const { draft } = context;
  const { value } = node;
  if (holds === 'step') return checkNested(node, context);
  if (typeof value !== 'string') return;
  if (holds === 'file') {
    if (!existsSync(resolve(dirname(node.document.file), value))) draft.report('REALOPS_FILE_NOT_FOUND', `there is no file ${value}`, node, 'the path starts from the suite file');
  } else if (holds === 'expression') {
    for (const problem of compileExpression(value, { shape, functions: context.registry.functions, locate: (offset, length) => within(node, offset, length) }).problems) draft.add(problem);
  } else if (holds === 'knob') {
    if (context.knobs?.has(value) !== true) draft.report('REALOPS_KNOB_UNKNOWN', `the suite has no knob "${value}"`, node, suggestion(value, context.knobs ?? [], 'knobs'));
  } else if (holds === 'target' && !context.missingTargets.has(value) && !(context.namesHosts === true && hasHost(value))) {
    try {
      resolveTarget(value, context.targets);
    } catch (error) {
      if (error instanceof RealopsError) draft.report(error.code, error.message, node, error.hint);
    }
  }
}

function hasHost(value: string): boolean {
  return URL.canParse(value) && new URL(value).host !== '';
}

function checkNested(node: Node, context: WithContext): void {
  const use = child(node, 'use');
  if (typeof use.value !== 'string') return reportUntold(node, 'value', 'a nested step needs use', 'e.g. { use: http.request, with: { url: api } }', context);
  for (const key of isJsonObject(node.value) ? Object.keys(node.value) : []) {
    if (key !== 'use' && key !== 'with') reportUntold(child(node, key), 'key', `"${key}" is not a key of a nested step`, suggestion(key, ['use', 'with'], 'keys'), context);
  }
  const type = findStepType(use, context);
  if (type !== undefined) checkWith(type, child(node, 'with'), node, context);
}

/** Reports what the schema of the outer step, if it is strict, has told already. */
function reportUntold(node: Node, part: 'key' | 'value', message: string, hint: string, { draft }: WithContext): void {
  const { line, column } = sourceOf(node, part);
  if (!draft.problems.some(({ source }) => source?.file === node.document.file && source.line === line && source.column === column)) draft.report('REALOPS_WITH_INVALID', message, node, hint, part);
}
