import type { Json, JsonObject } from '../plugin.js';

/** A text among options that the schema has accepted; undefined when it is not given. */
export function textOption(options: JsonObject, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A text that the schema requires. */
export function requiredText(options: JsonObject, name: string): string {
  return textOption(options, name) ?? '';
}

/** One text or a list of them. */
export function textsOption(options: JsonObject, name: string): readonly string[] {
  const value = options[name];
  const all: readonly Json[] = Array.isArray(value) ? value : [value ?? null];
  return all.filter((each): each is string => typeof each === 'string' && each !== '');
}

/** An object of texts, e.g. headers; numbers and booleans become texts. */
export function recordOption(options: JsonObject, name: string): { readonly [key: string]: string } {
  const value = options[name];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).flatMap(([key, each]) => (typeof each === 'string' || typeof each === 'number' || typeof each === 'boolean' ? [[key, String(each)]] : [])));
}
