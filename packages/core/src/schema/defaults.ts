import { branchesFor, isNode, propertiesOf, type SchemaNode } from './branch.js';

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
  const { own, below, alternatives, items, rest } = planOf(schema);
  if (alternatives !== undefined) {
    const [branch, another] = branchesFor(alternatives, value);
    if (branch !== undefined && another === undefined) fillDefaults(alternatives[branch], value);
  } else if (Array.isArray(value)) {
    if (items !== undefined) for (const item of value) fillDefaults(items, item);
  } else if (isNode(value)) {
    for (const [name, fallback] of own) if (!Object.hasOwn(value, name)) Reflect.set(value, name, copyOf(fallback));
    for (const [name, property] of below) if (Object.hasOwn(value, name)) fillDefaults(property, value[name]);
    if (rest !== undefined) for (const name of Object.keys(value)) if (!Object.hasOwn(rest.properties, name)) fillDefaults(rest.schema, value[name]);
  }
}

/** Where a schema has defaults; what has none below it is left out. */
interface Plan {
  readonly own: readonly (readonly [name: string, fallback: unknown])[];
  readonly below: readonly (readonly [name: string, property: SchemaNode])[];
  readonly alternatives: readonly unknown[] | undefined;
  readonly items: SchemaNode | undefined;
  readonly rest: { readonly schema: SchemaNode; readonly properties: SchemaNode } | undefined;
}

const NOTHING: Plan = { own: [], below: [], alternatives: undefined, items: undefined, rest: undefined };
const plans = new WeakMap<SchemaNode, Plan>();

function planOf(schema: SchemaNode): Plan {
  const known = plans.get(schema);
  if (known !== undefined) return known;
  const plan = makePlan(schema);
  plans.set(schema, plan);
  return plan;
}

function makePlan(schema: SchemaNode): Plan {
  const { oneOf, items, additionalProperties } = schema;
  if (Array.isArray(oneOf)) return oneOf.some(hasDefaults) ? { ...NOTHING, alternatives: oneOf } : NOTHING;
  const properties = propertiesOf(schema);
  const nodes = Object.entries(properties).flatMap(([name, property]) => (isNode(property) ? [[name, property] as const] : []));
  return {
    own: nodes.flatMap(([name, property]) => (property['default'] === undefined ? [] : [[name, property['default']] as const])),
    below: nodes.filter(([, property]) => hasDefaults(property)),
    alternatives: undefined,
    items: isNode(items) && hasDefaults(items) ? items : undefined,
    rest: isNode(additionalProperties) && hasDefaults(additionalProperties) ? { schema: additionalProperties, properties } : undefined,
  };
}

/** Whether there is a default anywhere below a schema. */
function hasDefaults(schema: unknown): boolean {
  if (!isNode(schema)) return false;
  const { own, below, alternatives, items, rest } = planOf(schema);
  return own.length + below.length > 0 || alternatives !== undefined || items !== undefined || rest !== undefined;
}
