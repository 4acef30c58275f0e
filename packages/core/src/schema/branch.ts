/** The keywords of a schema as far as they are looked at. */
export interface SchemaNode {
  readonly [keyword: string]: unknown;
}

/** One complaint of the validator: where in the value and where in the schema, and both of them. */
export interface ValidatorError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: SchemaNode;
  readonly schema?: unknown;
  readonly parentSchema?: unknown;
  readonly data?: unknown;
}

/**
 * The branches of a `oneOf` that were meant for a value: those of its type; among objects those whose fixed properties (an enum of one value, such as
 * `kind: wav`) are not contradicted, then those that know most of its keys.
 */
export function branchesFor(branches: readonly unknown[], value: unknown): readonly number[] {
  const fitting = branches.flatMap((branch, index) => (isNode(branch) && admitsType(branch, value) && !contradicts(branch, value) ? [{ branch, index }] : []));
  if (!isNode(value)) return fitting.map(({ index }) => index);
  const ranked = fitting.map(({ branch, index }) => ({ index, known: Object.keys(value).filter((key) => key in propertiesOf(branch)).length }));
  const most = Math.max(...ranked.map(({ known }) => known));
  return ranked.flatMap(({ index, known }) => (known === most ? [index] : []));
}

/** The properties of an object schema. */
export function propertiesOf(schema: SchemaNode): SchemaNode {
  return isNode(schema['properties']) ? schema['properties'] : {};
}

/** Whether something is an object (not null, not a list). */
export function isNode(value: unknown): value is SchemaNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function admitsType(branch: SchemaNode, value: unknown): boolean {
  const { type } = branch;
  const own = Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
  if (Array.isArray(branch['enum'])) return branch['enum'].some((each) => typeof each === typeof value);
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return types.some((each) => each === undefined || each === own || (each === 'integer' && own === 'number'));
}

/** Whether a property that a branch fixes to one value has another one. */
function contradicts(branch: SchemaNode, value: unknown): boolean {
  if (!isNode(value)) return false;
  return Object.entries(propertiesOf(branch)).some(([name, property]) => {
    if (!isNode(property) || !Object.hasOwn(value, name)) return false;
    const fixed: readonly unknown[] | undefined = Array.isArray(property['enum']) ? property['enum'] : 'const' in property ? [property['const']] : undefined;
    const given = value[name];
    return fixed?.length === 1 && fixed[0] !== given && !(typeof given === 'string' && given.includes('${{'));
  });
}
