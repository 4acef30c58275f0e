import type { OptionSchema, PluginCommand } from '../model/command.js';
import { isFlag, isList, optionOf, placeholderOf } from './command-options.js';

/** The text of `--help`. `line` is how the command is called: `realops voice prepare`. */
export function commandHelp(command: PluginCommand, line: string): string {
  const { properties, required = [] } = command.with;
  const positional = command.positionals ?? [];
  const named = Object.entries(properties).filter(([name]) => !positional.includes(name));
  const places = positional.map((name) => {
    const place = `${placeholderOf(name)}${isList(properties[name]) ? '…' : ''}`;
    return required.includes(name) ? ` <${place}>` : ` [<${place}>]`;
  });
  const rows = [
    ...positional.map((name) => [placeholderOf(name), describe(properties[name], required.includes(name))] as const),
    ...named.map(([name, schema]) => [`--${optionOf(name)}${isFlag(schema) ? '' : ` ${shapeOf(name, schema)}`}`, describe(schema, required.includes(name))] as const),
  ];
  const width = Math.min(30, Math.max(0, ...rows.map(([left]) => left.length))) + 2;
  const examples = (command.examples ?? []).map((each) => `  ${each}`);
  return [
    `usage: ${line}${named.length === 0 ? '' : ' [options]'}${places.join('')}`, '', command.description,
    ...(rows.length === 0 ? [] : ['', 'options', ...rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`.trimEnd())]),
    ...(examples.length === 0 ? [] : ['', 'examples', ...examples]),
  ].join('\n');
}

function describe(schema: OptionSchema | undefined, isNeeded: boolean): string {
  const { description = '', default: value } = schema ?? {};
  const more = [isList(schema) ? 'may be given more than once' : '', isNeeded ? '' : shownDefault(value)].filter((each) => each !== '');
  return `${description.replace(/\.$/, '')}${more.length === 0 ? '' : ` (${more.join('; ')})`}`;
}

function shownDefault(value: unknown): string {
  if (value === undefined || value === false || (Array.isArray(value) && value.length === 0)) return '';
  return `default ${Array.isArray(value) ? value.join(' ') : JSON.stringify(value).replaceAll('"', '')}`;
}

function shapeOf(name: string, schema: OptionSchema): string {
  if ('enum' in schema) return schema.enum.join('|');
  return schema.type === 'number' || schema.type === 'integer' ? 'N' : placeholderOf(name);
}
