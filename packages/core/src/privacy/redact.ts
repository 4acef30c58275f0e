import { isJsonObject, type Json } from '../text/index.js';
import { formsOf } from './forms.js';

/** Takes secrets out of everything that leaves the engine. */
export interface Redactor {
  /** The text with every form of every secret replaced by `[secret:NAME]`, and what looks like a credential by `[redacted]`. */
  text(value: string): string;
  /** The same for every text and key of a JSON value; the same reference when nothing had to be replaced. */
  json<T extends Json>(value: T): T;
  /** Whether a serialised line holds nothing to replace. */
  clean(serialised: string): boolean;
}

/** Values shorter than this are replaced only where they stand as a word of their own, or nearly every text would be hit. */
const SHORTEST = 4;

/** Credentials that are recognised without being registered. Each pattern is linear. */
const GENERIC: readonly { readonly pattern: RegExp; readonly replacement: string }[] = [
  { pattern: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,20000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g, replacement: '[redacted]' },
  { pattern: /\b([a-z][a-z0-9+.-]{1,20}:\/\/)[^\s"'<>@]{1,400}@(?=[\w[])/gi, replacement: '$1[redacted]@' },
  { pattern: /\b(authorization\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?(?:Bearer|Basic|Token|Digest)?\s{0,3})(?!\[)[\w.~+/=:-]{4,4000}/gi, replacement: '$1[redacted]' },
  { pattern: /\b((?:Bearer|Basic)\s{1,3})(?!\[)[\w.~+/=-]{8,4000}/g, replacement: '$1[redacted]' },
  { pattern: /([?&;](?:api[_-]?key|access[_-]?token|token|password|passwd|pwd|secret|signature|sig)=)(?!\[)[^&\s"'<>\\]{1,2000}/gi, replacement: '$1[redacted]' },
];

/** One cheap test that lets almost every clean line pass without running the patterns. */
const SUSPECT = /:\/\/[^\s"'<>]{0,400}@|authorization|cookie|x-api-key|"pass(?:word|wd)"|client_secret|(?:access|refresh)_token|Bearer\s|Basic\s|PRIVATE KEY|[?&;](?:api|access|token|pass|pwd|secret|sig)/i;

/** A redactor for the given secrets, by name. */
export function createRedactor(secrets: Iterable<readonly [name: string, value: string]>): Redactor {
  const names = new Map<string, string>();
  const short = new Map<string, string>();
  for (const [name, value] of secrets) {
    if (value === '') continue;
    if (value.length < SHORTEST) {
      short.set(value, name);
      continue;
    }
    for (const form of formsOf(value)) if (form.length >= SHORTEST && !names.has(form)) names.set(form, name);
  }
  const registered = alternation([...names.keys()], '');
  const words = alternation([...short.keys()], String.raw`(?<![\p{L}\p{N}_])|(?![\p{L}\p{N}_])`);
  const text = (value: string): string => {
    let result = value;
    if (registered !== undefined) result = result.replace(registered, (form) => `[secret:${names.get(form) ?? '?'}]`);
    if (words !== undefined) result = result.replace(words, (form) => `[secret:${short.get(form) ?? '?'}]`);
    if (SUSPECT.test(result)) for (const { pattern, replacement } of GENERIC) result = result.replace(pattern, replacement);
    return result;
  };
  const json = <T extends Json>(value: T): T => redactJson(value, text) as T;
  return {
    text,
    json,
    clean(serialised) {
      if (registered !== undefined) registered.lastIndex = 0;
      if (words !== undefined) words.lastIndex = 0;
      return !(registered?.test(serialised) ?? false) && !(words?.test(serialised) ?? false) && !SUSPECT.test(serialised);
    },
  };
}

function alternation(forms: readonly string[], bounds: string): RegExp | undefined {
  if (forms.length === 0) return undefined;
  const [before = '', after = ''] = bounds.split('|');
  // Longer forms first, so that a part never hides the whole.
  const escaped = [...forms].sort((a, b) => b.length - a.length).map((form) => form.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`));
  return new RegExp(`${before}(?:${escaped.join('|')})${after}`, 'gu');
}

function redactJson(value: Json, text: (value: string) => string): Json {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => redactJson(item, text));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isJsonObject(value)) return value;
  let changed = false;
  const result: { [key: string]: Json } = {};
  for (const [key, item] of Object.entries(value)) {
    const cleanKey = text(key);
    const sensitive = typeof item === 'string' && SENSITIVE_KEY.test(key) && item !== '' && !item.startsWith('[secret:');
    const cleanItem = sensitive ? '[redacted]' : redactJson(item, text);
    changed ||= cleanKey !== key || cleanItem !== item;
    result[cleanKey] = cleanItem;
  }
  return changed ? result : value;
}

/** Keys whose text value is a credential whatever it looks like. */
const SENSITIVE_KEY = /^(?:proxy-)?authorization$|^set-cookie$|^cookie$|^x-api-key$|^password$|^passwd$|^client_secret$|^access_token$|^refresh_token$/i;
