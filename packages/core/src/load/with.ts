import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { RealopsError } from '../errors/index.js';
import { compileExpression } from '../expression/index.js';
import type { StepType } from '../model/step-type.js';
import { resolveTarget } from '../model/egress.js';
import { compileSchema } from '../schema/index.js';
import type { ObjectSchema, Schema } from '../schema/infer.js';
import { isJsonObject, preview, suggestion } from '../text/index.js';
import { child, showPath, sourceOf, within, type Draft, type Node } from './draft.js';
import type { Registry } from './registry.js';

/** What literal parameters are checked against. */
export interface WithContext {
  readonly registry: Registry;
  readonly targets: { readonly [name: string]: string };
  readonly missingTargets: ReadonlyMap<string, string>;
  readonly draft: Draft;
}

/** The step type that `use` names; reported with a suggestion when there is none. */
export function findStepType(use: Node, { registry, draft }: WithContext): StepType | undefined {
  if (typeof use.value !== 'string') return undefined;
  const type = registry.steps.get(use.value);
  if (type === undefined) draft.report('REALOPS_STEP_UNKNOWN', `no loaded plugin registers the step type ${preview(use.value)}`, use, suggestion(use.value, registry.steps.keys(), 'step types'));
  return type;
}

/** Checks the `with` of a step: its schema (templates exempt until they are rendered), then what targets, files, expressions and nested steps it names. Gives whether it is sound. */
export function checkWith(type: StepType, node: Node, owner: Node, context: WithContext): boolean {
  const { issues } = compileSchema(type.with).check(node.value ?? {}, { templates: 'exempt' });
  for (const issue of issues) {
    const at = node.value === undefined ? owner : child(node, ...issue.path);
    context.draft.add({
      code: 'REALOPS_WITH_INVALID',
      message: `${showPath([...node.path, ...issue.path])} ${issue.message}`,
      source: sourceOf(at, node.value === undefined ? 'value' : issue.part),
      ...(issue.hint === undefined ? { hint: `${type.use}: ${type.description}` } : { hint: issue.hint }),
    });
  }
  const before = context.draft.problems.length;
  checkHolds(type.with, node, context);
  return issues.length === 0 && context.draft.problems.length === before;
}

function checkHolds(schema: Schema, node: Node, context: WithContext): void {
  const { value } = node;
  if (value === undefined || (typeof value === 'string' && value.includes('${{'))) return;
  if (schema.holds !== undefined) return checkHeld(schema.holds, node, context);
  if ('oneOf' in schema) {
    for (const branch of schema.oneOf) if (compileSchema(wrap(branch)).check({ value }, { templates: 'exempt' }).issues.length === 0) return checkHolds(branch, node, context);
    return;
  }
  if (!('type' in schema)) return;
  if (schema.type === 'array' && Array.isArray(value)) value.forEach((_, index) => checkHolds(schema.items, child(node, index), context));
  if (schema.type === 'object' && isJsonObject(value)) {
    for (const key of Object.keys(value)) {
      const property = schema.properties[key] ?? (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined);
      if (property !== undefined) checkHolds(property, child(node, key), context);
    }
  }
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

function checkHeld(holds: NonNullable<Schema['holds']>, node: Node, context: WithContext): void {
  const { draft } = context;
  const { value } = node;
  if (holds === 'step') return checkNested(node, context);
  if (typeof value !== 'string') return;
  if (holds === 'file') {
    if (!existsSync(resolve(dirname(node.document.file), value))) draft.report('REALOPS_FILE_NOT_FOUND', `there is no file ${value}`, node, 'the path starts from the suite file');
  } else if (holds === 'expression') {
    for (const problem of compileExpression(value, { functions: context.registry.functions, locate: (offset, length) => within(node, offset, length) }).problems) draft.add(problem);
  } else if (holds === 'target' && !context.missingTargets.has(value)) {
    try {
      resolveTarget(value, context.targets);
    } catch (error) {
      if (error instanceof RealopsError) draft.report(error.code, error.message, node, error.hint);
    }
  }
}

function checkNested(node: Node, context: WithContext): void {
  const use = child(node, 'use');
  if (typeof use.value !== 'string') return context.draft.report('REALOPS_WITH_INVALID', 'a nested step needs use', node, 'e.g. { use: http.request, with: { url: … } }');
  for (const key of isJsonObject(node.value) ? Object.keys(node.value) : []) {
    if (key !== 'use' && key !== 'with') context.draft.report('REALOPS_KEY_UNKNOWN', `a nested step takes use and with, not "${key}"`, child(node, key), suggestion(key, ['use', 'with'], 'keys'), 'key');
  }
  const type = findStepType(use, context);
  if (type !== undefined) checkWith(type, child(node, 'with'), node, context);
}
