import { isJsonObject } from '../text/index.js';

/** Fills the defaults of a schema into a value in place, also inside the alternative of a `oneOf` that has the type of the value. */
export function fillDefaults(schema: unknown, value: unknown): void {
  if (!isRecord(schema)) return;
  if (Array.isArray(schema['oneOf'])) {
    const fitting = schema['oneOf'].filter((branch) => isRecord(branch) && branch['type'] === typeOf(value));
    if (fitting.length === 1) fillDefaults(fitting[0], value);
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) fillDefaults(schema['items'], item);
    return;
  }
  if (!isJsonObject(value)) return;
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  for (const [name, property] of Object.entries(properties)) {
    if (!Object.hasOwn(value, name) && isRecord(property) && property['default'] !== undefined) Reflect.set(value, name, structuredClone(property['default']));
    if (Object.hasOwn(value, name)) fillDefaults(property, Reflect.get(value, name));
  }
  if (isRecord(schema['additionalProperties'])) for (const name of Object.keys(value)) if (!Object.hasOwn(properties, name)) fillDefaults(schema['additionalProperties'], Reflect.get(value, name));
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}
