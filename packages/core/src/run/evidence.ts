import type { Scope } from '../expression/types.js';
import { isJsonObject, preview, type Json, type JsonObject } from '../text/index.js';

/** The values of the names that an expression reads, for showing expected and got side by side. Secrets are redacted where events enter the stream. */
export function gotValues(reads: readonly string[], scope: Scope): JsonObject {
  const got: { [name: string]: Json } = {};
  for (const read of reads.slice(0, 10)) {
    const value = lookUp(read, scope);
    got[read] = value === undefined ? null : typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null ? cutText(value) : preview(value, 400);
  }
  return got;
}

/** A value as one short line. */
export function shorten(value: Json): string {
  return preview(value, 300);
}

function cutText(value: string | number | boolean | null): Json {
  return typeof value === 'string' && value.length > 400 ? `${value.slice(0, 400)}…` : value;
}

/** As an expression reads it: a name of a list gives the values of its items, without those that have none. */
function lookUp(path: string, scope: Scope): Json | undefined {
  let value: unknown = scope;
  for (const name of path.split('.')) value = field(value, name);
  return value as Json | undefined;
}

function field(value: unknown, name: string): unknown {
  if (Array.isArray(value)) {
    const values: readonly unknown[] = value.flatMap((item: unknown) => field(item, name) ?? []);
    return values.length === 0 ? undefined : values;
  }
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
