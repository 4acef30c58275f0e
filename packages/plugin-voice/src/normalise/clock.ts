import { token, wordOf, type Token } from './tokens.js';

/** Words between `klockan` and the time; with one of them `klockan` stays. */
const LINKS = new Set(['är', 'var', 'blir', 'blev', 'prick', 'cirka', 'ungefär']);

/** A time and how many tokens said it. */
interface Found {
  readonly time: Token;
  readonly length: number;
}

/**
 * Clock times in one form, H:MM: `klockan tio`, `kl. 10`, `10.00` after klockan and `10:00` are one word, and so are `halv tre` and 2:30, `kvart i tre` and 2:45,
 * `fem i halv tre` and 2:25. The twelve-hour and twenty-four-hour clock stay apart, since only the meaning of the sentence could join them.
 */
export function normaliseClock(tokens: readonly Token[]): readonly Token[] {
  const out: Token[] = [];
  for (let index = 0; index < tokens.length; ) {
    const prefix = readPrefix(tokens, index);
    const found = readTime(tokens, index + prefix.length, prefix.length > 0);
    if (found === undefined) {
      const each = tokens[index];
      if (each !== undefined) out.push(each);
      index += 1;
      continue;
    }
    if (prefix.linked) out.push(...tokens.slice(index, index + prefix.length));
    out.push(prefix.length === 0 ? { ...found.time, glued: tokens[index]?.glued ?? false } : found.time);
    index += prefix.length + found.length;
  }
  return out;
}

function readPrefix(tokens: readonly Token[], from: number): { readonly length: number; readonly linked: boolean } {
  let length = 0;
  while (['klockan', 'kl'].includes(wordOf(tokens[from + length]))) length += 1;
  if (length === 0 || !LINKS.has(wordOf(tokens[from + length]))) return { length, linked: false };
  return { length: length + 1, linked: true };
}

function readTime(tokens: readonly Token[], from: number, afterKlockan: boolean): Found | undefined {
  const first = tokens[from];
  if (first?.kind === 'time') {
    const [hour = '', minute = ''] = first.text.split(':');
    return found(Number(hour), Number(minute), 1);
  }
  const relative = readRelative(tokens, from, afterKlockan);
  if (relative !== undefined || !afterKlockan) return relative;
  if (first?.kind === 'decimal') {
    const [, hour = '', minute = ''] = /^(\d{1,2})[.,]([0-5]\d)$/u.exec(first.text) ?? [];
    return minute === '' || Number(hour) > 24 ? undefined : found(Number(hour), Number(minute), 1);
  }
  const hour = hourOf(first);
  if (hour === undefined) return undefined;
  const next = tokens[from + 1];
  const after = tokens[from + 2];
  if (wordOf(next) === 'och' && minuteOf(after) !== undefined) return found(hour, minuteOf(after) ?? 0, 3);
  if (next?.kind === 'integer' && /^[0-5]\d$/u.test(next.text)) return found(hour, Number(next.text), 2);
  if (next?.text === '0' && after?.kind === 'integer' && /^\d$/u.test(after.text)) return found(hour, Number(after.text), 3);
  return found(hour, 0, 1);
}

/** `halv tre`, `kvart över tre`, `tio i tre`, `fem över halv tre`. Without klockan before them only minutes that people round to count. */
function readRelative(tokens: readonly Token[], from: number, afterKlockan: boolean): Found | undefined {
  const word = wordOf(tokens[from]);
  if (word === 'halv') {
    const hour = hourOf(tokens[from + 1]);
    return hour === undefined || hour === 0 ? undefined : found(hour, -30, 2);
  }
  const minutes = word === 'kvart' ? 15 : minuteOf(tokens[from]);
  if (minutes === undefined || minutes >= 30 || (!afterKlockan && ![5, 10, 15, 20, 25].includes(minutes)) || (minutes === 15 && word !== 'kvart' && !afterKlockan)) return undefined;
  const side = from + (wordOf(tokens[from + 1]) === 'minuter' ? 2 : 1);
  const sign = { i: -1, över: 1 }[wordOf(tokens[side])];
  const half = wordOf(tokens[side + 1]) === 'halv' ? 1 : 0;
  const hour = hourOf(tokens[side + 1 + half]);
  if (sign === undefined || hour === undefined || hour === 0 || (half === 1 && word === 'kvart')) return undefined;
  return found(hour, sign * minutes - 30 * half, side + 2 + half - from);
}

function hourOf(piece: Token | undefined): number | undefined {
  if (wordOf(piece) === 'ett') return 1;
  return piece?.kind === 'integer' && /^(?:[01]?\d|2[0-4])$/u.test(piece.text) ? Number(piece.text) : undefined;
}

function minuteOf(piece: Token | undefined): number | undefined {
  return piece?.kind === 'integer' && /^(?:[1-9]|0\d|[1-5]\d)$/u.test(piece.text) ? Number(piece.text) : undefined;
}

/** Minutes may be negative: before the hour; the hour before one is twelve. */
function found(hour: number, minutes: number, length: number): Found {
  const before = minutes < 0;
  const shown = before ? (hour === 1 ? 12 : hour - 1) : hour;
  return { time: token('time', `${shown}:${String(before ? minutes + 60 : minutes).padStart(2, '0')}`), length };
}
