import { isJsonObject, type Json } from '../../text/index.js';

/** The keys of a JSON pointer (`/a/b~1c`), or of plain names joined by dots (`a.b`); undefined for anything else, which is an expression. */
export function keysOf(at: string): readonly string[] | undefined {
  if (at.startsWith('/')) return at.slice(1).split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return /^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*$/.test(at) ? at.split('.') : undefined;
}

/** The value at a place; undefined when there is none. */
export function valueAt(value: Json, keys: readonly string[]): Json | undefined {
  let found: Json | undefined = value;
  for (const key of keys) {
    if (Array.isArray(found)) found = /^(?:0|[1-9]\d*)$/.test(key) ? list(found)[Number(key)] : undefined;
    else found = isJsonObject(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return found;
}

/** A copy of a value with another one at a place that exists. */
export function withValueAt(value: Json, keys: readonly string[], replacement: Json): Json {
  const [key, ...rest] = keys;
  if (key === undefined) return replacement;
  if (Array.isArray(value)) return list(value).map((item, index) => (String(index) === key ? withValueAt(item, rest, replacement) : item));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, name === key ? withValueAt(item, rest, replacement) : item]));
}

function list(value: readonly Json[]): readonly Json[] {
  return value;
}
