import type { Json } from '../text/index.js';

/** A result of the library as plain JSON: its lists carry marks and its objects may lack a prototype. Functions and undefined become undefined; in lists and objects they are left out. */
export function toJson(value: unknown): Json | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (Array.isArray(value)) return value.map(toJson).filter((item): item is Json => item !== undefined);
  if (typeof value !== 'object') return undefined;
  const plain: { [key: string]: Json } = {};
  for (const [key, item] of Object.entries(value)) {
    const converted = toJson(item);
    if (converted !== undefined) plain[key] = converted;
  }
  return plain;
}
