import { isJsonObject, sameValue, type Json } from '../../text/index.js';

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
