import { messageOf } from '../../../errors/index.js';
import type { Json } from '../../../plugin.js';
import { brokenFile, type FileFormat } from './types.js';

/** JSON, with or without a byte order mark. */
export const formatJson: FileFormat = {
  name: 'JSON',
  parse(file, text) {
    try {
      // JSON.parse gives JSON and nothing else.
      return JSON.parse(text.replace(/^\ufeff/, '')) as Json;
    } catch (error) {
      throw brokenFile(file, `is not JSON: ${messageOf(error)}`, 'comments are not JSON; a file that has them may be YAML', error);
    }
  },
  replace(_file, text, keys, value) {
    const found = locate(text, skipBlank(text, text.startsWith('\ufeff') ? 1 : 0), keys);
    return found === undefined ? undefined : { ...found, text: JSON.stringify(value) };
  },
};

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Where the value at `keys` stands below the value that begins at `start`. The text is known to be JSON. Of keys that are there twice the last counts, as for JSON.parse. */
function locate(text: string, start: number, [key, ...rest]: readonly string[]): Stretch | undefined {
  if (key === undefined) return { start, end: endOfValue(text, start) };
  const open = text[start];
  if (open !== '{' && open !== '[') return undefined;
  let found: number | undefined;
  let at = skipBlank(text, start + 1);
  for (let index = 0; text[at] !== '}' && text[at] !== ']'; index += 1) {
    let name = String(index);
    if (open === '{') {
      const end = endOfValue(text, at);
      name = String(JSON.parse(text.slice(at, end)));
      at = skipBlank(text, skipBlank(text, end) + 1);
    }
    if (name === key) found = at;
    at = skipBlank(text, endOfValue(text, at));
    if (text[at] === ',') at = skipBlank(text, at + 1);
  }
  return found === undefined ? undefined : locate(text, found, rest);
}

/** The end of the value that begins at `start`. */
function endOfValue(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '"') {
      for (at += 1; text[at] !== '"' && at < text.length; at += 1) if (text[at] === '\\') at += 1;
      if (depth === 0) return at + 1;
    } else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (character === ',' || character === ':' || isBlank(character))) return at;
  }
  return text.length;
}

function skipBlank(text: string, start: number): number {
  let at = start;
  while (isBlank(text[at] ?? '')) at += 1;
  return at;
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t';
}
