import { createHash } from 'node:crypto';
import type { Ajv, KeywordCxt, Name, Options } from 'ajv';
import { late } from '../late/late.js';
import type { Json } from '../text/index.js';
import { DURATION_PATTERN } from '../time/index.js';
import { closeObjects } from './close.js';
import { copyOf, fillDefaults } from './defaults.js';
import { explainErrors, type SchemaIssue } from './explain.js';
import { readyValidator, type Validate } from './ready.js';

/** A schema compiled once; checks values against it. */
export interface CompiledSchema {
  /**
   * The value with defaults filled in (a copy), and every way in which it does not fit. With `templates: 'exempt'` a text that holds `${{`
   * fits anywhere: it is checked again once it has been rendered.
   */
  check(value: unknown, options?: { readonly templates?: 'exempt' | 'forbid' }): { readonly value: Json; readonly issues: readonly SchemaIssue[] };
}

const compiled = new WeakMap<object, CompiledSchema>();
let engine: Ajv | undefined;

/** The compiled form of a schema literal, made on first use and kept with it. Objects are closed unless they say `additionalProperties`. */
export function compileSchema(schema: object): CompiledSchema {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  let validate: Validate | undefined;
  const made: CompiledSchema = {
    check(value, { templates = 'forbid' } = {}) {
      validate ??= readyValidator(fingerprintOf(schema)) ?? (engine ??= createEngine()).compile(closeObjects(schema));
      const copy = copyOf(value);
      fillDefaults(schema, copy);
      const issues = validate(copy) ? [] : explainErrors(validate.errors ?? [], templates === 'exempt');
      return { value: asJson(copy), issues };
    },
  };
  compiled.set(schema, made);
  return made;
}

/** What tells one schema from another: a digest of all its keywords in order. */
export function fingerprintOf(schema: object): string {
  return createHash('sha256').update(JSON.stringify(schema)).digest('hex');
}

/**
 * The compiler of closed schemas; also called by the build, which keeps the code of what it compiles (`source`). Defaults are filled in by fillDefaults, since
 * ajv does not fill them inside oneOf. Schemas are typed literals, so the meta-schema need not be loaded.
 */
export function createEngine(code: NonNullable<Options['code']> = {}): Ajv {
  const { Ajv: Compiler, _ } = late('ajv');
  const made = new Compiler({ strict: true, allErrors: true, useDefaults: false, coerceTypes: false, verbose: true, strictTypes: false, allowUnionTypes: true, validateSchema: false, addUsedSchema: false, messages: false, logger: false, code });
  made.addKeyword({
    keyword: 'holds',
    type: 'string',
    code(context: KeywordCxt) {
      if (context.schema !== 'duration') return;
      const { source } = DURATION_PATTERN;
      const pattern: Name = context.gen.scopeValue('pattern', { key: source, ref: DURATION_PATTERN, code: _`new RegExp(${source})` });
      context.fail(_`!${pattern}.test(${context.data}.trim())`);
    },
  });
  return made;
}

/** The seam where values from YAML, JSON or a step become JSON; ajv leaves the type of what it has accepted to the caller. */
function asJson(value: unknown): Json {
  return value as Json;
}
