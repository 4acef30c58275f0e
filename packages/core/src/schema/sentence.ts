import { preview, suggest, suggestion } from '../text/index.js';
import { isNode, propertiesOf, type SchemaNode, type ValidatorError } from './branch.js';

/** One complaint of the validator in our words; `key` when it is about a key of the value rather than the value. */
export interface Sentence {
  readonly key?: string;
  readonly message: string;
  readonly hint?: string | undefined;
}

const TYPES: { readonly [type: string]: string } = { string: 'a text', number: 'a number', integer: 'a whole number', boolean: 'true or false', array: 'a list', object: 'an object', null: 'empty (null)' };
const BOUNDS: { readonly [keyword: string]: string } = { minimum: 'at least', maximum: 'at most', exclusiveMinimum: 'greater than', exclusiveMaximum: 'less than' };

/** A JSON type, or several, for people: `a number`, `a text or a list`. */
export function nameOfType(type: unknown): string {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return types.map((each) => TYPES[String(each)] ?? 'another value').join(' or ');
}

/** The sentence for one error, to be read behind the path of the value. */
export function sentenceFor(error: ValidatorError): Sentence {
  const schema: SchemaNode = isNode(error.parentSchema) ? error.parentSchema : {};
  const value: unknown = error.data;
  const got = value === null ? 'but it is empty (null)' : `got ${preview(value, 60)}`;
  const about = typeof schema['description'] === 'string' ? schema['description'] : undefined;
  const { keyword, params } = error;
  const limit = Number(params['limit']);
  switch (keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      return { key, message: 'is not a key here', hint: suggestion(key, Object.keys(propertiesOf(schema)), 'keys') };
    }
    case 'required': {
      const name = String(params['missingProperty']);
      const property = propertiesOf(schema)[name];
      return { message: `needs "${name}"`, hint: isNode(property) && typeof property['description'] === 'string' ? `${name}: ${property['description']}` : undefined };
    }
    case 'type':
      return { message: `must be ${nameOfType(params['type'])}, ${got}`, hint: typeHint(String(params['type']), value, schema) ?? about };
    case 'enum':
    case 'const':
      return among(Array.isArray(params['allowedValues']) ? params['allowedValues'] : [params['allowedValue']], value, got, about);
    case 'holds':
      return { message: `must be a duration, ${got}`, hint: 'write a number and a unit: 500ms, 2s, 5m, 1h or 30d' };
    case 'pattern':
      return { message: `does not have the right form, ${got}`, hint: about ?? `it must match ${String(params['pattern'])}` };
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return { message: `must be ${BOUNDS[keyword] ?? ''} ${limit}, ${got}`, hint: about };
    case 'minLength':
      return { message: value === '' ? 'must not be empty' : `must have at least ${count(limit, 'character')}, ${got}`, hint: about };
    case 'maxLength':
      return { message: `must have at most ${count(limit, 'character')}, ${got}`, hint: about };
    case 'minItems':
      return { message: Array.isArray(value) && value.length === 0 ? 'must not be empty' : `must have at least ${count(limit, 'item')}, ${got}`, hint: about };
    case 'maxItems':
      return { message: `must have at most ${count(limit, 'item')}, but has ${Array.isArray(value) ? value.length : 'more'}`, hint: about };
    default:
      return { message: 'does not fit', hint: about };
  }
}

function among(allowed: readonly unknown[], value: unknown, got: string, about: string | undefined): Sentence {
  const names = allowed.map((each) => (typeof each === 'string' ? each : preview(each)));
  const near = typeof value === 'string' ? suggest(value, names) : undefined;
  const [only] = names;
  return { message: names.length === 1 ? `must be ${only ?? ''}, ${got}` : `must be one of ${names.join(', ')}, ${got}`, hint: near === undefined ? about : `did you mean "${near}"?` };
}

const UNITS: { readonly [unit: string]: number } = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** What to write instead of a value of another type that shows what was meant. */
function typeHint(type: string, value: unknown, schema: SchemaNode): string | undefined {
  const numeric = type === 'number' || type === 'integer';
  if (numeric && typeof value === 'string') {
    const text = value.trim();
    const duration = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(text);
    if (duration !== null) return `write the number of milliseconds: ${Number(duration[1]) * (UNITS[duration[2] ?? 'ms'] ?? 1)}`;
    if (/^\d+(\.\d+)?\s*%$/.test(text)) return `write the share as a number: ${Number((Number.parseFloat(text) / 100).toPrecision(12))}`;
    if (/^-?\d+(\.\d+)?$/.test(text)) return `leave out the quotes: ${text}`;
    if (/^-?\d+,\d+$/.test(text)) return `write a decimal point: ${text.replace(',', '.')}`;
  }
  if (type === 'integer' && typeof value === 'number') return `write ${Math.round(value)}`;
  if (type === 'boolean' && typeof value === 'string') {
    if (/^(yes|on|y)$/i.test(value)) return `YAML 1.2 reads ${value} as a text; write true`;
    if (/^(no|off|n)$/i.test(value)) return `YAML 1.2 reads ${value} as a text; write false`;
    if (/^(true|false)$/i.test(value)) return `leave out the quotes: ${value.toLowerCase()}`;
  }
  if (type === 'string' && schema['holds'] === 'duration' && typeof value === 'number') return `write a unit: ${value}ms or ${value}s`;
  if (type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) return `put it into quotes: "${String(value)}"`;
  if (type === 'array' && value !== null) return 'write a list: [ … ], or lines that begin with "- "';
  return undefined;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
