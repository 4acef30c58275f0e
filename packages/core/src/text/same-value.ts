import { isJsonObject, type Json } from './json.js';

/** Numbers that differ by less than this share of the larger one are the same: 0.35 − 0.1 and 0.25 after a round trip through a system that computes in binary. */
const TOLERANCE = 1e-9;

/** Whether two values are the same: numbers within a billionth of each other, lists item by item, objects key by key in any order. */
export function sameValue(a: Json, b: Json): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b || Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => sameValue(item, b[index] ?? null));
  if (!isJsonObject(a) || !isJsonObject(b)) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key] ?? null, b[key] ?? null));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
