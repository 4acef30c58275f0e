import { isJsonObject, type Json } from '../../text/index.js';

/** Numbers that differ by less than this share of the larger one are the same: 0.35 − 0.1 and 0.25 after a round trip through a system that computes in binary. */
const TOLERANCE = 1e-9;

/** Whether two values of a register are the same: numbers within a billionth of each other, lists item by item, objects key by key in any order. */
export function sameValue(a: Json, b: Json): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b || Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, index) => sameValue(item, b[index] ?? null));
  if (!isJsonObject(a) || !isJsonObject(b)) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key] ?? null, b[key] ?? null));
}

/**
 * Whether `found` is what a write from `before` to `after` (or back) leaves when it breaks off: for a register of several parts (an object), each part has
 * the value before or after. A whole value is between only when it is one of the two.
 */
export function isBetween(found: Json, before: Json, after: Json): boolean {
  if (sameValue(found, before) || sameValue(found, after)) return true;
  if (!isJsonObject(found) || !isJsonObject(before) || !isJsonObject(after)) return false;
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return Object.keys(found).length === keys.size && [...keys].every((key) => {
    const [now, was, will] = [found[key], before[key], after[key]];
    return now !== undefined && ((was !== undefined && sameValue(now, was)) || (will !== undefined && sameValue(now, will)));
  });
}

/** A number without the dust of binary arithmetic: 0.35 − 0.1 is 0.25. */
export function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
