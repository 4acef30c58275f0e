import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { isJsonObject, type Json } from '../text/index.js';
import { DURATION_PATTERN } from '../time/index.js';
import { fillDefaults } from './defaults.js';
import { explainErrors, type SchemaIssue } from './explain.js';

/** A schema compiled once; checks values against it. */
export interface CompiledSchema {
  /**
   * The value with defaults filled in (a copy), and every way in which it does not fit. With `templates: 'exempt'` a text that holds `${{`
   * fits anywhere: it is checked again once it has been rendered.
   */
  check(value: unknown, options?: { readonly templates?: 'exempt' | 'forbid' }): { readonly value: Json; readonly issues: readonly SchemaIssue[] };
}

const compiled = new WeakMap<object, CompiledSchema>();
let ajv: Ajv | undefined;

/** The compiled form of a schema literal, made on first use and kept with it. Objects are closed unless they say `additionalProperties`. */
export function compileSchema(schema: object): CompiledSchema {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  let validate: ValidateFunction | undefined;
  const made: CompiledSchema = {
    check(value, { templates = 'forbid' } = {}) {
      validate ??= engine().compile(closeObjects(schema));
      const copy = structuredClone(value);
      fillDefaults(schema, copy);
      if (validate(copy)) return { value: asJson(copy), issues: [] };
      const errors = (validate.errors ?? []).filter((error) => templates === 'forbid' || !isExempt(error, value));
      const meaningful = errors.filter((error) => !isEmptyCombinator(error, errors));
      return { value: asJson(copy), issues: explainErrors(meaningful, value, schema) };
    },
  };
  compiled.set(schema, made);
  return made;
}

/** Ajv leaves the type of what it has accepted to the caller; values come from YAML or JSON. */
function asJson(value: unknown): Json {
  return value as Json;
}

function engine(): Ajv {
  if (ajv !== undefined) return ajv;
  ajv = new Ajv({ strict: true, allErrors: true, useDefaults: false, coerceTypes: false, verbose: true, strictTypes: false, allowUnionTypes: true, validateSchema: false, addUsedSchema: false, meta: false, logger: false, code: { optimize: false } });
  ajv.addKeyword({ keyword: 'holds', type: 'string', validate: (holds: unknown, value: unknown) => holds !== 'duration' || (typeof value === 'string' && (value.includes('${{') || DURATION_PATTERN.test(value.trim()))), errors: false });
  return ajv;
}

/** A copy of a schema in which every object without `additionalProperties` refuses extra keys. */
function closeObjects(schema: unknown): object {
  const close = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(close);
    if (typeof node !== 'object' || node === null) return node;
    const copy: { [key: string]: unknown } = {};
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties' && typeof value === 'object' && value !== null) copy[key] = Object.fromEntries(Object.entries(value).map(([name, property]) => [name, close(property)]));
      else copy[key] = key === 'default' || key === 'enum' || key === 'required' ? value : close(value);
    }
    delete copy['default'];
    if (copy['holds'] !== undefined && copy['type'] !== 'string') delete copy['holds'];
    if (copy['type'] === 'object' && copy['additionalProperties'] === undefined) copy['additionalProperties'] = false;
    return copy;
  };
  const closed = close(schema);
  return typeof closed === 'object' && closed !== null ? closed : {};
}

function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const part of pointer.split('/').slice(1)) value = typeof value === 'object' && value !== null ? Reflect.get(value, part.replaceAll('~1', '/').replaceAll('~0', '~')) : undefined;
  return value;
}

/** Whether an error is about a text with a template, whose value is not known yet. */
function isExempt(error: ErrorObject, root: unknown): boolean {
  if (error.keyword === 'additionalProperties' || error.keyword === 'required') return false;
  const value = valueAt(root, error.instancePath);
  if (error.keyword === 'oneOf') return holdsTemplate(value);
  return typeof value === 'string' && value.includes('${{');
}

function holdsTemplate(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('${{');
  if (Array.isArray(value)) return value.some(holdsTemplate);
  return isJsonObject(value) && Object.values(value).some(holdsTemplate);
}

/** A oneOf whose branches fail only because of templates has no other error left inside; then it is no error itself. */
function isEmptyCombinator(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  return error.keyword === 'if' && errors.length > 1;
}
