import { branchesFor, isNode, propertiesOf } from './branch.js';

/** A copy of lists and plain objects; everything else is handed on. */
export function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isNode(value)) return value;
  const copy: { [key: string]: unknown } = {};
  for (const key of Object.keys(value)) {
    // An own key of this name must stay one.
    if (key === '__proto__') Object.defineProperty(copy, key, { value: copyOf(value[key]), enumerable: true, configurable: true, writable: true });
    else copy[key] = copyOf(value[key]);
  }
  return copy;
}

/** Fills the defaults of a schema into a value in place, also inside the alternative of a `oneOf` that was meant for the value. */
export function fillDefaults(schema: unknown, value: unknown): void {
  if (!isNode(schema)) return;
  const { oneOf, items, additionalProperties } = schema;
  if (Array.isArray(oneOf)) {
    const [branch, another] = branchesFor(oneOf, value);
    if (branch !== undefined && another === undefined) fillDefaults(oneOf[branch], value);
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) fillDefaults(items, item);
    return;
  }
  if (!isNode(value)) return;
  const properties = propertiesOf(schema);
  for (const [name, property] of Object.entries(properties)) {
    if (!Object.hasOwn(value, name) && isNode(property) && property['default'] !== undefined) Reflect.set(value, name, copyOf(property['default']));
    if (Object.hasOwn(value, name)) fillDefaults(property, value[name]);
  }
  if (!isNode(additionalProperties)) return;
  for (const name of Object.keys(value)) if (!Object.hasOwn(properties, name)) fillDefaults(additionalProperties, value[name]);
}
