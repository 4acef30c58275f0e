import { isJsonObject, type Json } from '../text/index.js';
import { formsOf } from './forms.js';
import { isCredentialKey, isSuspect, redactGeneric } from './generic.js';
import { createMatcher, SHORTEST } from './matcher.js';

/** Takes secrets out of everything that leaves the engine. */
export interface Redactor {
  /** The text with every form of every secret replaced by `[secret:NAME]`, and what looks like a credential by `[redacted]`. */
  text(value: string): string;
  /** The same for every text and key of a JSON value; the same reference when nothing had to be replaced. */
  json<T extends Json>(value: T): T;
  /** Whether a serialised line holds nothing to replace; false at the least doubt. */
  clean(serialised: string): boolean;
  /** Whether a serialised line holds no registered secret; what merely looks like a credential is not looked for. */
  holdsNoSecret(serialised: string): boolean;
}

/** Whole numbers below this are never taken for a secret that consists of digits: they would be hit by chance. */
const SMALLEST_NUMBER = 100_000;

/**
 * A redactor for the given secrets, by name. A secret of fewer than four characters is replaced only where it stands as a word of its own, as
 * written: it is too short to be told from other text in any other form.
 */
export function createRedactor(secrets: Iterable<readonly [name: string, value: string]>): Redactor {
  const names = new Map<string, string>();
  const words = new Map<string, string>();
  const numbers = new Map<number, string>();
  for (const [name, value] of secrets) {
    if (value.trim() === '') continue;
    if (value.length < SHORTEST) words.set(value, name);
    else for (const form of formsOf(value)) if (form.length >= SHORTEST && !names.has(form)) names.set(form, name);
    if (/^[1-9]\d{5,14}$/.test(value) && Number(value) >= SMALLEST_NUMBER) numbers.set(Number(value), name);
  }
  const matcher = createMatcher(names.keys());
  // In a serialised line every form may be escaped once more.
  const lineMatcher = createMatcher(new Set([...names.keys()].flatMap((form) => [form, JSON.stringify(form).slice(1, -1)])));
  const shortOnes = [...words.keys()];
  const word = wordPattern(shortOnes);
  // Marks of an earlier pass stay, even when a secret is called or spelt like a part of them.
  const marks = new RegExp(String.raw`(\[redacted\]${[...new Set([...names.values(), ...words.values()])].map((name) => `|${escapePattern(`[secret:${name}]`)}`).join('')})`);
  const registered = (value: string): string => {
    const result = matcher.replace(value, (form) => `[secret:${names.get(form) ?? '?'}]`);
    if (word === undefined) return result;
    return result.split(marks).map((piece, index) => (index % 2 === 1 ? piece : piece.replace(word, (found) => `[secret:${words.get(found) ?? '?'}]`))).join('');
  };
  const text = (value: string): string => {
    if (!value.includes('[redacted]') && !value.includes('[secret:')) return redactGeneric(registered(value));
    return redactGeneric(value.split(marks).map((piece, index) => (index % 2 === 1 ? piece : registered(piece))).join(''));
  };
  const number = (value: number): Json => {
    const name = numbers.get(value);
    return name === undefined ? value : `[secret:${name}]`;
  };
  const holdsNoSecret = (serialised: string): boolean => !lineMatcher.test(serialised) && !shortOnes.some((each) => serialised.includes(each));
  return {
    text,
    // Redaction gives JSON of the same form, texts for texts; only a number that is a secret becomes a text.
    json: <T extends Json>(value: T): T => redactJson(value, text, number) as T,
    clean: (serialised) => !isSuspect(serialised) && holdsNoSecret(serialised),
    holdsNoSecret,
  };
}

/** Secrets as words of their own: no letter, digit or underscore beside them. */
function wordPattern(words: readonly string[]): RegExp | undefined {
  return words.length === 0 ? undefined : new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:${[...words].sort((a, b) => b.length - a.length).map(escapePattern).join('|')})(?![\p{L}\p{N}_])`, 'gu');
}

function escapePattern(text: string): string {
  return text.replaceAll(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`);
}

function redactJson(value: Json, text: (value: string) => string, number: (value: number) => Json): Json {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return number(value);
  if (Array.isArray(value)) {
    const items: readonly Json[] = value.map((item: Json) => redactJson(item, text, number));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isJsonObject(value)) return value;
  let changed = false;
  const entries = Object.entries(value).map(([key, item]): [string, Json] => {
    const cleanKey = text(key);
    const cleanItem = redactJson(item, text, number);
    const credential = typeof cleanItem === 'string' && cleanItem !== '' && isCredentialKey(key) && !cleanItem.includes('[secret:') && !cleanItem.includes('[redacted]');
    const kept = credential ? '[redacted]' : cleanItem;
    changed ||= cleanKey !== key || kept !== item;
    return [cleanKey, kept];
  });
  return changed ? Object.fromEntries(entries) : value;
}
