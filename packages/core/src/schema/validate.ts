import { Ajv, type ValidateFunction } from 'ajv';
import type { Json } from '../text/index.js';
import { DURATION_PATTERN } from '../time/index.js';
import { copyOf, fillDefaults } from './defaults.js';
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
      const copy = copyOf(value);
      fillDefaults(schema, copy);
      const issues = validate(copy) ? [] : explainErrors(validate.errors ?? [], templates === 'exempt');
      return { value: asJson(copy), issues };
    },
  };
  compiled.set(schema, made);
  return made;
}

/** The seam where values from YAML, JSON or a step become JSON; ajv leaves the type of what it has accepted to the caller. */
function asJson(value: unknown): Json {
  return value as Json;
}

function engine(): Ajv {
  if (ajv !== undefined) return ajv;
  // Defaults are filled in by fillDefaults, since ajv does not fill them inside oneOf. Schemas are typed literals, so the meta-schema need not be loaded.
  ajv = new Ajv({ strict: true, allErrors: true, useDefaults: false, coerceTypes: false, verbose: true, strictTypes: false, allowUnionTypes: true, validateSchema: false, addUsedSchema: false, logger: false });
  ajv.addKeyword({ keyword: 'holds', type: 'string', errors: false, validate: (holds: unknown, value: unknown) => holds !== 'duration' || (typeof value === 'string' && DURATION_PATTERN.test(value.trim())) });
  return ajv;
}

/** Keywords whose value holds data, not schemas. */
const DATA: ReadonlySet<string> = new Set(['enum', 'const', 'required', 'examples']);

/** A copy of a schema in which every object without `additionalProperties` refuses extra keys. */
function closeObjects(schema: object): object {
  const closed: { [keyword: string]: unknown } = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'default') continue;
    if (keyword === 'holds' && Reflect.get(schema, 'type') !== 'string') continue;
    if (DATA.has(keyword)) closed[keyword] = value;
    else if (Array.isArray(value)) closed[keyword] = value.map((item: unknown) => (isRecord(item) ? closeObjects(item) : item));
    else if (!isRecord(value)) closed[keyword] = value;
    else if (keyword === 'properties' || keyword === '$defs' || keyword === 'patternProperties') closed[keyword] = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, isRecord(each) ? closeObjects(each) : each]));
    else closed[keyword] = closeObjects(value);
  }
  if (closed['type'] === 'object' && closed['additionalProperties'] === undefined) closed['additionalProperties'] = false;
  return closed;
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
