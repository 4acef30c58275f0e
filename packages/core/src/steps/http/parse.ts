import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { RealopsError, type Json } from '../../plugin.js';

/** How an answer is read. */
export type ParseMode = 'auto' | 'json' | 'text' | 'none';

/** The answer as text and, where it is JSON, as a value; otherwise the value is the text. */
export interface ParsedBody {
  readonly text: string;
  readonly value: Json;
}

/**
 * Decodes and parses an answer. `auto` parses what calls itself JSON and takes the rest as text; `json` insists.
 * @throws RealopsError REALOPS_PROTOCOL when it is not what it should be, with its beginning
 */
export function parseBody(body: Buffer, headers: { readonly [name: string]: string }, mode: ParseMode, maxBytes: number): ParsedBody {
  if (mode === 'none') return { text: '', value: null };
  const text = decode(body, headers['content-encoding'], maxBytes).toString('utf8');
  const type = headers['content-type'] ?? '';
  const isJson = /\bjson\b/i.test(type);
  if (mode === 'text' || (mode === 'auto' && !isJson)) return { text, value: text };
  if (text === '') return { text, value: null };
  try {
    // JSON.parse gives JSON and nothing else.
    return { text, value: JSON.parse(text) as Json };
  } catch (error) {
    const html = /^\s*</.test(text) ? 'HTML' : 'something else';
    throw new RealopsError('REALOPS_PROTOCOL', `the answer should be JSON but is ${html} (content-type ${type === '' ? 'missing' : type}): ${beginning(text)}`, { cause: error, hint: html === 'HTML' ? 'a proxy or an error page may have answered instead of the service' : 'use parse: text to take it as it is' });
  }
}

/** Parses JSON texts inside a JSON value in place of the text, at dotted paths such as `response` or `choices.0.message`. */
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

function decode(body: Buffer, encoding: string | undefined, maxOutputLength: number): Buffer {
  try {
    switch (encoding?.toLowerCase()) {
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(body, { maxOutputLength });
      case 'br':
        return brotliDecompressSync(body, { maxOutputLength });
      case 'deflate':
        return inflateSync(body, { maxOutputLength });
      default:
        return body;
    }
  } catch (error) {
    throw new RealopsError('REALOPS_PROTOCOL', `the answer says content-encoding ${encoding ?? ''} but cannot be decoded: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function beginning(text: string): string {
  const line = text.slice(0, 200).replaceAll(/\s+/g, ' ').trim();
  return JSON.stringify(text.length > 200 ? `${line}…` : line);
}
