import { createHash } from 'node:crypto';
import { isJsonObject, type Json } from '../text/index.js';
import type { ChangeFacts } from './records.js';

/**
 * Names exactly one change: 16 hex digits of the SHA-256 of the action, its parameters, what it changes, from which value to which. An approval of one change is none of another:
 * a value that moved meanwhile, or other parameters, give another digest.
 */
export function digestOf(change: Pick<ChangeFacts, 'remedy' | 'use' | 'with' | 'param' | 'before' | 'after'>): string {
  const { remedy, use, param, before, after } = change;
  return createHash('sha256').update(canonical({ remedy, use, with: change.with, param, before, after })).digest('hex').slice(0, 16);
}

/** JSON with the keys of every object in order. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join(',')}}`;
}
