import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../text/index.js';

/** Whether two values are the same to compare-and-set: numbers up to rounding of the last digits (what systems do when they store 0.1 + 0.2), everything else exactly. */
export function sameValue(a: Json, b: Json): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
  return isDeepStrictEqual(a, b);
}
