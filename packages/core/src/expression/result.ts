import type { Json } from '../text/index.js';

/** A result that is not JSON, as the end of a sentence. */
export class NotJson extends Error {}

/** Deeper results than this are not taken over; data that deep comes from a loop. */
const DEEPEST = 200;

/**
 * A result of the library as plain JSON: its lists carry marks, and its objects may lack a prototype. Inside lists and objects what has no value is left out.
 * @throws NotJson for functions, numbers without bound, and results nested too deeply.
 */
export function toJson(value: unknown, depth = 0): Json | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new NotJson(Number.isNaN(value) ? 'it gave something that is not a number' : 'it gave a number without bound; was something divided by 0?');
      return value;
    case 'undefined':
      return undefined;
    case 'object':
      break;
    default:
      throw new NotJson('it gave a function, not a value');
  }
  if (value === null) return null;
  if (depth > DEEPEST) throw new NotJson(`it gave a value that is nested deeper than ${DEEPEST} levels`);
  if ('_jsonata_function' in value || '_jsonata_lambda' in value) throw new NotJson('it gave a function, not a value');
  if (Array.isArray(value)) return value.map((item: unknown) => toJson(item, depth + 1)).filter((item): item is Json => item !== undefined);
  const entries = Object.entries(value).flatMap(([key, item]): [string, Json][] => {
    const converted = toJson(item, depth + 1);
    return converted === undefined ? [] : [[key, converted]];
  });
  return Object.fromEntries(entries);
}
