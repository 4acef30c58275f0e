import { parseArgs } from 'node:util';
import type { OptionSchema, PluginCommand } from '../model/command.js';
import { suggestion } from '../text/suggest.js';
import { UsageError } from './io.js';

type Value = string | number | boolean | readonly string[];

/**
 * The parameters of a command from its command line, defaults filled in.
 * @throws UsageError that says what came and what is wanted
 */
export function parseCommandLine(command: PluginCommand, args: readonly string[]): { readonly [name: string]: unknown } {
  const { properties, required = [] } = command.with;
  const positional = command.positionals ?? [];
  const named = Object.keys(properties).filter((name) => !positional.includes(name));
  const options = Object.fromEntries(named.map((name) => [optionOf(name), { type: isFlag(properties[name]) ? ('boolean' as const) : ('string' as const), multiple: isList(properties[name]) }]));
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  const values = new Map<string, Value>();
  const rest: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') rest.push(token.value);
    if (token.kind !== 'option') continue;
    const name = named.find((each) => optionOf(each) === token.name);
    if (name === undefined) throw new UsageError(`there is no option ${token.rawName}; ${suggestion(token.rawName, named.map((each) => `--${optionOf(each)}`), 'options')}`);
    if (isFlag(properties[name])) {
      if (token.value !== undefined) throw new UsageError(`${token.rawName} takes no value, got "${token.value}"`);
      values.set(name, true);
      continue;
    }
    if (token.value === undefined) throw new UsageError(`${token.rawName} needs a value`);
    take(values, name, token.rawName, token.value, properties[name]);
  }
  for (const [index, name] of positional.entries()) {
    const all = isList(properties[name]) && index === positional.length - 1 ? rest.splice(0) : rest.splice(0, 1);
    for (const text of all) take(values, name, placeholderOf(name), text, properties[name]);
  }
  const [extra] = rest;
  if (extra !== undefined) throw new UsageError(`"${extra}" is one argument too many`);
  const missing = required.find((name) => !values.has(name));
  if (missing !== undefined) throw new UsageError(positional.includes(missing) ? `name ${placeholderOf(missing)}` : `--${optionOf(missing)} is needed`);
  const defaults = Object.entries(properties).flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value] as const]));
  return Object.fromEntries([...defaults, ...values]);
}

function take(values: Map<string, Value>, name: string, shown: string, text: string, schema: OptionSchema | undefined): void {
  if (!isList(schema)) return void values.set(name, valueOf(shown, text, schema));
  const before = values.get(name);
  values.set(name, [...(typeof before === 'object' ? before : []), text]);
}

function valueOf(shown: string, text: string, schema: OptionSchema | undefined): Value {
  if (schema === undefined || schema.type === 'array') return text;
  if ('enum' in schema) {
    const words = schema.enum.map(String);
    if (words.includes(text)) return text;
    throw new UsageError(`${shown} takes ${words.join(', ')}, got "${text}"; ${suggestion(text, words, 'there are')}`);
  }
  if (schema.type === 'string') {
    if (text.length < (schema.minLength ?? 0)) throw new UsageError(`${shown} may not be empty`);
    if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(text)) throw new UsageError(`${shown} must look like ${schema.pattern}, got "${text}"`);
    return text;
  }
  if (schema.type !== 'number' && schema.type !== 'integer') return text;
  const { minimum, maximum, exclusiveMinimum, type } = schema;
  const number = text.trim() === '' ? Number.NaN : Number(text);
  const fits = Number.isFinite(number) && (type === 'number' || Number.isSafeInteger(number)) && number >= (minimum ?? -Infinity) && number <= (maximum ?? Infinity) && number > (exclusiveMinimum ?? -Infinity);
  if (fits) return number;
  const bounds = [minimum === undefined ? '' : `at least ${minimum}`, exclusiveMinimum === undefined ? '' : `more than ${exclusiveMinimum}`, maximum === undefined ? '' : `at most ${maximum}`].filter((bound) => bound !== '');
  throw new UsageError(`${shown} takes ${type === 'integer' ? 'a whole number' : 'a number'}${bounds.length === 0 ? '' : ` of ${bounds.join(' and ')}`}, got "${text}"`);
}

/** An option without a value. */
export function isFlag(schema: OptionSchema | undefined): boolean {
  return schema?.type === 'boolean';
}

/** An option that may be given more than once. */
export function isList(schema: OptionSchema | undefined): boolean {
  return schema?.type === 'array';
}

/** `maxSeconds` as it stands on a command line: `max-seconds`. */
export function optionOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** What stands for the value of a parameter in usage lines. */
export function placeholderOf(name: string): string {
  return optionOf(name).toUpperCase();
}
