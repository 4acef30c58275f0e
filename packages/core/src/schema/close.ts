/** Keywords whose value holds data, not schemas. */
const DATA: ReadonlySet<string> = new Set(['enum', 'const', 'required', 'examples']);

/** A copy of a schema in which every object without `additionalProperties` refuses extra keys. */
export function closeObjects(schema: object): object {
  const closed: { [keyword: string]: unknown } = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (keyword === 'default') continue;
    if (keyword === 'holds' && Reflect.get(schema, 'type') !== 'string') continue;
    if (DATA.has(keyword)) closed[keyword] = value;
    else if (Array.isArray(value)) closed[keyword] = value.map((item: unknown) => (isRecord(item) ? closeObjects(item) : item));
    else if (!isRecord(value)) closed[keyword] = value;
    else if (keyword === 'properties' || keyword === '$defs' || keyword === 'patternProperties') closed[keyword] = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, isRecord(each) ? closeObjects(each) : each]));
    else closed[keyword] = closeObjects(value);
  }
  if (closed['type'] === 'object' && closed['additionalProperties'] === undefined) closed['additionalProperties'] = false;
  return closed;
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
