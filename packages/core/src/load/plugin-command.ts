/** What is wrong with a command that a plugin brings; undefined when nothing is. */
export function whatIsWrongWithCommand(command: unknown, index: number): string | undefined {
  if (!isRecord(command) || typeof command['name'] !== 'string') return `gives a commands[${index}] without name`;
  const name = `the command ${command['name']}`;
  if (!/^[a-z][a-z0-9-]*$/.test(command['name'])) return `gives ${name}, whose name must be one word of small letters`;
  if (typeof command['description'] !== 'string') return `gives ${name} without description`;
  const schema = command['with'];
  if (!isRecord(schema) || schema['type'] !== 'object' || !isRecord(schema['properties'])) return `gives ${name} without a with of { type: 'object', properties }`;
  const { properties } = schema;
  const odd = Object.entries(properties).find(([, property]) => !isOption(property));
  if (odd !== undefined) return `gives ${name} a with whose ${odd[0]} is neither a string, a number, a boolean, an enum of strings nor a list of strings`;
  const positionals = command['positionals'] ?? [];
  if (!Array.isArray(positionals)) return `gives ${name} positionals that are not a list`;
  const stray: unknown = positionals.find((each) => typeof each !== 'string' || !Object.hasOwn(properties, each));
  if (stray !== undefined) return `gives ${name} the positional ${JSON.stringify(stray)}, which its with does not have`;
  return typeof command['run'] === 'function' ? undefined : `gives ${name} without run`;
}

/** The name that two commands of a list share, if any do. */
export function sameCommand(commands: unknown): string | undefined {
  const names = Array.isArray(commands) ? commands.map((command: unknown) => (isRecord(command) ? String(command['name']) : '')) : [];
  return names.find((name, index) => names.indexOf(name) !== index);
}

/** Whether a command line can say it: one flat value, or a list of strings. */
function isOption(property: unknown): boolean {
  if (!isRecord(property)) return false;
  const { enum: words, type, items } = property;
  if (Array.isArray(words)) return words.every((word) => typeof word === 'string');
  if (type === 'array') return isRecord(items) && items['type'] === 'string';
  return typeof type === 'string' && ['string', 'number', 'integer', 'boolean'].includes(type);
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
