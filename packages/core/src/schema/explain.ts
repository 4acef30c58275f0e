import type { ErrorObject } from 'ajv';
import { isJsonObject, preview, suggestion } from '../text/index.js';

/** One way in which a value does not fit its schema. */
export interface SchemaIssue {
  readonly path: readonly (string | number)[];
  /** Whether the key at the path is wrong, or its value. */
  readonly part: 'key' | 'value';
  /** The end of a sentence that begins with the path: `must be a number, got "high"`. */
  readonly message: string;
  readonly hint?: string;
}

interface SchemaNode {
  readonly [keyword: string]: unknown;
}

/** The errors of the validator as sentences: one for each mistake, with a way out. Of alternatives only the best fitting branch is explained. */
export function explainErrors(errors: readonly ErrorObject[], root: unknown, _schema: object): readonly SchemaIssue[] {
  const alternatives = errors.filter(({ keyword }) => keyword === 'oneOf');
  // Errors inside the branches of a oneOf are told by the oneOf.
  const outer = alternatives.filter((error) => !alternatives.some((other) => other !== error && isInside(error, other)));
  const plain = errors.filter((error) => !alternatives.some((other) => other === error || isInside(error, other)));
  return [...plain.map((error) => explain(error, root)), ...outer.flatMap((error) => explainAlternative(error, errors, root))];
}

function isInside(error: ErrorObject, oneOf: ErrorObject): boolean {
  return error !== oneOf && error.schemaPath.startsWith(`${oneOf.schemaPath}/`);
}

function explainAlternative(oneOf: ErrorObject, errors: readonly ErrorObject[], root: unknown): readonly SchemaIssue[] {
  const inside = errors.filter((error) => isInside(error, oneOf));
  const branches: readonly unknown[] = Array.isArray(oneOf.schema) ? oneOf.schema : [];
  const ranked = branches
    .map((branch, index) => ({ branch, errors: inside.filter(({ schemaPath }) => schemaPath.startsWith(`${oneOf.schemaPath}/${index}/`)) }))
    // A branch whose own type does not fit was not meant.
    .filter((each) => !each.errors.some((error) => error.keyword === 'type' && error.instancePath === oneOf.instancePath))
    .sort((a, b) => a.errors.length - b.errors.length);
  const best = ranked[0];
  if (best !== undefined && best.errors.length > 0) return explainErrors(best.errors, root, {});
  const forms = branches.map(describeForm).join(', or ');
  return [{ path: pathOf(oneOf.instancePath), part: 'value', message: `must be ${forms}, got ${preview(valueOf(oneOf), 60)}` }];
}

function describeForm(branch: unknown): string {
  if (!isJsonObject(branch)) return 'another value';
  if (typeof branch['type'] === 'string') return TYPES[branch['type']] ?? branch['type'];
  if (Array.isArray(branch['enum'])) return `one of ${branch['enum'].map((each) => preview(each)).join(', ')}`;
  return 'another value';
}

const TYPES: { readonly [type: string]: string } = { string: 'a text', number: 'a number', integer: 'a whole number', boolean: 'true or false', array: 'a list', object: 'an object' };

function explain(error: ErrorObject, _root: unknown): SchemaIssue {
  const path = pathOf(error.instancePath);
  const issue = (message: string, hint?: string): SchemaIssue => ({ path, part: 'value', message, ...(hint === undefined ? {} : { hint }) });
  const value = valueOf(error);
  const parent = schemaOf(error);
  const { params } = error;
  switch (error.keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const known = isJsonObject(parent['properties']) ? Object.keys(parent['properties']) : [];
      return { path: [...path, key], part: 'key', message: 'is not a key here', hint: suggestion(key, known, 'keys') };
    }
    case 'required':
      return issue(`needs "${String(params['missingProperty'])}"`, describeProperty(parent, String(params['missingProperty'])));
    case 'type':
      return issue(`must be ${TYPES[String(params['type'])] ?? String(params['type'])}, got ${preview(value, 60)}`, typeHint(String(params['type']), value) ?? description(parent));
    case 'enum': {
      const allowed = Array.isArray(params['allowedValues']) ? params['allowedValues'].map(String) : [];
      return issue(`must be one of ${allowed.join(', ')}, got ${preview(value, 60)}`, typeof value === 'string' ? suggestion(value, allowed, 'values') : undefined);
    }
    case 'holds':
      return issue(`must be a duration, got ${preview(value, 60)}`, 'write a number and a unit: 500ms, 2s, 5m, 1h or 30d');
    case 'pattern':
      return issue(`does not have the right form: ${preview(value, 60)}`, description(parent) ?? `it must match ${String(params['pattern'])}`);
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
      return issue(`must be ${BOUNDS[error.keyword] ?? ''} ${String(params['limit'])}, got ${preview(value, 60)}`, description(parent));
    case 'minLength':
      return issue('must not be empty', description(parent));
    case 'minItems':
      return issue(`needs at least ${String(params['limit'])} ${params['limit'] === 1 ? 'item' : 'items'}`, description(parent));
    case 'maxItems':
    case 'maxLength':
      return issue(`is too long: at most ${String(params['limit'])} are allowed`);
    default:
      return issue(error.message ?? 'does not fit', description(parent));
  }
}

const BOUNDS: { readonly [keyword: string]: string } = { minimum: 'at least', maximum: 'at most', exclusiveMinimum: 'greater than' };

function typeHint(type: string, value: unknown): string | undefined {
  if (typeof value === 'string' && (type === 'number' || type === 'integer')) {
    const duration = /^(\d+(?:\.\d+)?)\s*(ms|s)$/.exec(value);
    if (duration !== null) return `write the number alone: ${Number(duration[1]) * (duration[2] === 's' ? 1_000 : 1)} (milliseconds)`;
    if (/^-?\d+(\.\d+)?$/.test(value)) return 'leave out the quotes';
    if (/^\d+(\.\d+)?\s*%$/.test(value)) return `write the share: ${Number.parseFloat(value) / 100}`;
  }
  if (type === 'boolean' && typeof value === 'string' && /^(yes|no|on|off)$/i.test(value)) return `YAML 1.2 reads ${value} as a text; write ${/^(yes|on)$/i.test(value) ? 'true' : 'false'}`;
  if (type === 'array') return 'write a list: [ … ], or lines that begin with "- "';
  if (type === 'string' && typeof value === 'number') return `put it into quotes: "${value}"`;
  return undefined;
}

function describeProperty(parent: SchemaNode, name: string): string | undefined {
  const properties = parent['properties'];
  const property = isJsonObject(properties) ? properties[name] : undefined;
  return isJsonObject(property) && typeof property['description'] === 'string' ? `${name}: ${property['description']}` : undefined;
}

function description(schema: SchemaNode): string | undefined {
  return typeof schema['description'] === 'string' ? schema['description'] : undefined;
}

function schemaOf(error: ErrorObject): SchemaNode {
  return isJsonObject(error.parentSchema) ? error.parentSchema : {};
}

function valueOf(error: ErrorObject): unknown {
  return error.data;
}

function pathOf(pointer: string): readonly (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('~1', '/').replaceAll('~0', '~')));
}
