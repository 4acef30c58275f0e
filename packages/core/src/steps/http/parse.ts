import { RealopsError, type Json } from '../../plugin.js';
import { decodeContent, decodeText } from './decode.js';
import type { Exchange } from './exchange.js';

/** How an answer is read. */
export type ParseMode = 'auto' | 'json' | 'text' | 'none';

/** The answer as text and, where it is JSON, as a value; otherwise the value is the text. Bytes that are no text give an empty text and null. */
export interface ParsedBody {
  readonly text: string;
  readonly value: Json;
}

const NOTHING: ParsedBody = { text: '', value: null };

/**
 * Decodes and parses an answer. `auto` parses what calls itself JSON and takes other texts as text; `json` insists on JSON; `text` never parses; `none` looks at nothing.
 * @throws RealopsError REALOPS_PROTOCOL when the answer is not what it should be, with its beginning
 */
export async function parseBody(answer: Exchange, mode: ParseMode, maxBytes: number): Promise<ParsedBody> {
  if (mode === 'none' || answer.body.length === 0) return NOTHING;
  const type = answer.headers['content-type'] ?? '';
  const content = await decodeContent(answer.body, answer.headers, maxBytes);
  const text = decodeText(content, type);
  if (mode === 'json' || (mode === 'auto' && callsItselfJson(type))) return parseJson(text ?? content.toString('latin1'), type, answer.status);
  if (mode === 'text') return { text: text ?? content.toString('utf8'), value: text ?? content.toString('utf8') };
  return text === undefined ? NOTHING : { text, value: text };
}

/** `application/json`, `text/json` and the `+json` family, but not sequences of JSON such as `application/json-seq`. */
function callsItselfJson(contentType: string): boolean {
  return /^\s*[\w.-]+\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType);
}

function parseJson(text: string, type: string, status: number): ParsedBody {
  if (text.trim() === '') return { text, value: null };
  try {
    // JSON.parse gives JSON and nothing else.
    return { text, value: JSON.parse(text) as Json };
  } catch (error) {
    const html = /^\s*</.test(text);
    throw new RealopsError('REALOPS_PROTOCOL', `the answer (status ${status}, content-type ${type === '' ? 'missing' : type}) should be JSON but is ${html ? 'HTML' : 'not'}: ${beginning(text)}`, {
      cause: error,
      hint: html ? 'a proxy or an error page may have answered instead of the service' : 'use parse: text to take it as it is',
    });
  }
}

/**
 * Parses JSON texts inside a JSON value in place of the text, at dotted paths such as `response` or `choices.0.message`. Paths that are not there, and values that are no text, stay as they are.
 * @throws RealopsError REALOPS_PROTOCOL for a text that is not JSON
 */
export function parseInside(value: Json, paths: readonly string[]): Json {
  return paths.reduce((whole, path) => replaceAt(whole, path.split('.'), path), value);
}

function replaceAt(value: Json, [key, ...rest]: readonly string[], path: string): Json {
  if (key === undefined) return parseText(value, path);
  if (Array.isArray(value)) return value.map((item: Json, index) => (String(index) === key ? replaceAt(item, rest, path) : item));
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, name === key ? replaceAt(item, rest, path) : item]));
}

function parseText(value: Json, path: string): Json {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Json;
  } catch (error) {
    throw new RealopsError('REALOPS_PROTOCOL', `body.${path} should hold JSON text but holds ${beginning(value)}`, { cause: error, hint: 'leave the path out of parseJsonIn to take it as text' });
  }
}

/** The first 200 characters of a text on one line, in quotes. */
export function beginning(text: string): string {
  const line = text.slice(0, 200).replaceAll(/\s+/g, ' ').trim();
  return JSON.stringify(text.length > 200 ? `${line}…` : line);
}
