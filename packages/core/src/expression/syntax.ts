import { messageOf } from '../errors/index.js';
import { foreignSpelling } from './hints.js';

/** Why a text is no JSONata, and where. */
export interface SyntaxProblem {
  readonly message: string;
  readonly hint: string | undefined;
  readonly offset: number;
  readonly length: number;
}

/** What the library throws: an object or an error with a code, a position (the offset after a token) and that token. */
export interface LibraryError {
  readonly code: string;
  readonly position: number;
  readonly token: unknown;
  readonly value: unknown;
  readonly value2: unknown;
  readonly index: number;
  readonly message: string;
}

/** The seam to the library's untyped errors. */
export function libraryError(error: unknown): Partial<LibraryError> {
  return typeof error === 'object' && error !== null ? error : { message: String(error) };
}

/** The complaint of the library in our own words; spellings of other languages are named first, since they are what most often stands behind it. */
export function explainSyntax(error: unknown, text: string): SyntaxProblem {
  if (text.trim() === '') return { message: 'the expression is empty', hint: undefined, offset: 0, length: 1 };
  const foreign = foreignSpelling(text);
  if (foreign !== undefined) return foreign;
  const { code, position, token, value, message } = libraryError(error);
  const end = Math.max(1, text.trimEnd().length);
  const spot = placeOf(text, position, token);
  switch (code) {
    case 'S0101':
      return { message: 'a text is not closed', hint: 'put the same quote at its end', offset: openQuote(text), length: 1 };
    case 'S0105':
      return { message: 'a name in backticks is not closed', hint: 'put a backtick at its end', offset: openQuote(text), length: 1 };
    case 'S0106':
      return { message: 'a comment is not closed', hint: 'put */ at its end', ...spot };
    case 'S0102':
      return { message: `the number ${String(token)} is too large`, hint: undefined, ...spot };
    case 'S0103':
      return { message: `\\${String(token)} is not an escape that a text may hold`, hint: 'write \\\\ for a backslash; in YAML, put the expression into single quotes', ...spot };
    case 'S0202':
      return { message: `${JSON.stringify(value)} is missing before ${JSON.stringify(String(token))}`, hint: undefined, ...spot };
    case 'S0203':
      return { message: `the expression breaks off: ${JSON.stringify(value)} is missing`, hint: 'look for an open bracket', offset: end - 1, length: 1 };
    case 'S0207':
      return { message: 'the expression breaks off: something is missing after its end', hint: undefined, offset: end - 1, length: 1 };
    case 'S0212':
      return { message: 'only a variable can be given a value', hint: 'write $name := value, or = to compare', ...spot };
    case 'S0213':
      return { message: `${JSON.stringify(value)} has no parts that a dot could lead to`, hint: undefined, ...spot };
    case 'S0301':
    case 'S0302':
      return { message: 'a pattern is not closed', hint: 'a pattern stands between two slashes: /…/', offset: end - 1, length: 1 };
    case 'S0201':
    case 'S0204':
    case 'S0205':
    case 'S0211':
      return token === '(end)' ? { message: 'the expression breaks off', hint: undefined, offset: end - 1, length: 1 } : { message: `${JSON.stringify(String(token))} is not expected here`, hint: hintFor(text, spot.offset), ...spot };
    default:
      return { message: `the expression cannot be read: ${lowerFirst(oneLine(message ?? messageOf(error)))}`, hint: undefined, ...spot };
  }
}

/** Where the token before a position of the library stands. */
export function placeOf(text: string, position: number | undefined, token: unknown): { readonly offset: number; readonly length: number } {
  const end = Math.max(0, Math.min(position ?? 1, text.length));
  const word = typeof token === 'string' && token !== '' ? token : '';
  const start = word === '' ? -1 : text.lastIndexOf(word, end);
  if (start < 0) return { offset: Math.max(0, end - 1), length: 1 };
  return text.charAt(start - 1) === '$' ? { offset: start - 1, length: word.length + 1 } : { offset: start, length: word.length };
}

/** Text on one line, without the dot at its end. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** Two values side by side most often lack an operator, or are a text without quotes. */
function hintFor(text: string, offset: number): string | undefined {
  return /[\w"')\]]\s+$/.test(text.slice(0, offset)) && /^[\w"'($]/.test(text.slice(offset)) ? 'put and, or, & or a comparison between them; texts stand in quotes' : undefined;
}

/** The offset of the quote that is never closed. */
function openQuote(text: string): number {
  let quote: string | undefined;
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote === undefined) {
      if (/["'`]/.test(character)) [quote, start] = [character, index];
    } else if (character === '\\' && quote !== '`') index += 1;
    else if (character === quote) quote = undefined;
  }
  return start;
}
