import type { JsonObject } from '../../../plugin.js';
import { brokenFile, type FileFormat } from './types.js';

/** One assignment: `export` and the key, the value with its quotes, where that stands. */
interface Assignment {
  readonly key: string;
  readonly raw: string;
  readonly start: number;
}

const LINE = /^([ \t]*(?:export[ \t]+)?)([A-Za-z_][\w.-]*)([ \t]*=[ \t]*)("(?:[^"\\\r\n]|\\[^\r\n])*"|'[^'\r\n]*'|[^\r\n]*?)([ \t]*|[ \t]+#[^\r\n]*)$/gm;

/** Lines of KEY=VALUE, as in .env, EnvironmentFile and .properties: comments begin with # after a blank, the last assignment of a key counts. */
export const formatEnv: FileFormat = {
  name: 'KEY=VALUE',
  parse(file, text) {
    if (/^[ \t]*\[[^\]\r\n]*\][ \t]*$/m.test(text)) throw brokenFile(file, 'has sections, so a key alone does not say where it stands', 'read and change it by a command');
    const values: JsonObject = Object.fromEntries(assignments(text).map(({ key, raw }) => [key, unquote(raw)]));
    return values;
  },
  replace(_file, text, keys, value) {
    const [key] = keys;
    const found = assignments(text).findLast((each) => each.key === key);
    if (found === undefined || keys.length !== 1) return undefined;
    return { start: found.start, end: found.start + found.raw.length, text: quote(spell(value, unquote(found.raw)), found.raw) };
  },
};

function assignments(text: string): readonly Assignment[] {
  return [...text.matchAll(LINE)].map(({ 1: lead = '', 2: key = '', 3: sign = '', 4: raw = '', index }) => ({ key, raw, start: index + lead.length + key.length + sign.length }));
}

function unquote(raw: string): string {
  if (raw.length > 1 && raw.startsWith('"') && raw.endsWith('"')) return raw.slice(1, -1).replaceAll(/\\(["\\$`])/g, '$1');
  return raw.length > 1 && raw.startsWith("'") && raw.endsWith("'") ? raw.slice(1, -1) : raw;
}

const PAIRS: readonly (readonly [string, string])[] = [['true', 'false'], ['on', 'off'], ['yes', 'no'], ['1', '0']];

/** A truth in the words that stood there before: `on` and `off` stay on and off, capitals stay. */
function spell(value: unknown, old: string): string {
  if (typeof value !== 'boolean') return typeof value === 'string' ? value : JSON.stringify(value);
  const [yes, no] = PAIRS.find((pair) => pair.includes(old.toLowerCase())) ?? ['true', 'false'];
  const word = value ? yes : no;
  if (old === old.toUpperCase()) return word.toUpperCase();
  return /^[A-Z]/.test(old) ? `${word.slice(0, 1).toUpperCase()}${word.slice(1)}` : word;
}

/** A text with the quotes that stood there before; with double quotes when it needs some. */
function quote(text: string, old: string): string {
  if (old.startsWith("'") && !text.includes("'")) return `'${text}'`;
  return old.startsWith('"') || old.startsWith("'") || !/^[\w./:@,+-]*$/.test(text) ? `"${text.replaceAll(/["\\$`]/g, '\\$&')}"` : text;
}
