import type { ScalarPart, Style } from './part.js';

/** The offsets in the file of every character of a scalar's value, and of its end; undefined when they cannot be told for certain. */
type OffsetMap = readonly number[];

const maps = new WeakMap<ScalarPart, OffsetMap | 'unknown'>();

/** The offset in the file of an offset in the value of a scalar; undefined when it cannot be told, so that the caller points at the whole value. */
export function scalarOffset(text: string, node: ScalarPart, offset: number): number | undefined {
  const { start, end } = node;
  // By far the most values stand on one line as they are.
  if (node.style === 'plain' && isVerbatim(text, start, end, '\n')) return Math.min(start + offset, end);
  if (node.style === 'single' && isVerbatim(text, start + 1, end - 1, "'")) return Math.min(start + 1 + offset, end - 1);
  if (node.style === 'double' && isVerbatim(text, start + 1, end - 1, '\\')) return Math.min(start + 1 + offset, end - 1);
  let map = maps.get(node);
  if (map === undefined) {
    map = mapOf(text, node) ?? 'unknown';
    maps.set(node, map);
  }
  return map === 'unknown' ? undefined : (map[Math.min(offset, map.length - 1)] ?? undefined);
}

/** Whether a stretch of a file holds no line break and not the character that stands for something else in its style. */
function isVerbatim(text: string, start: number, end: number, escape: string): boolean {
  const written = text.slice(start, end);
  return !written.includes('\n') && !written.includes('\r') && !written.includes(escape);
}

/** Reads the written form again, noting where each character comes from; trusted only when it gives the value that the parser gave. */
function mapOf(text: string, { start, end, style, value: json, source }: ScalarPart): OffsetMap | undefined {
  const value = typeof json === 'string' ? json : source;
  if (style === 'literal' || style === 'folded') return mapOfBlock(text.slice(start, end), start, style === 'folded', value);
  const quoted = style !== 'plain';
  const read = readFlow(text, quoted ? start + 1 : start, quoted ? end - 1 : end, style);
  return read.value === value ? [...read.offsets, quoted ? end - 1 : end] : undefined;
}

interface Reading {
  value: string;
  readonly offsets: number[];
}

function push(reading: Reading, characters: string, offset: number): void {
  reading.value += characters;
  for (let count = 0; count < characters.length; count += 1) reading.offsets.push(offset);
}

/** Plain and quoted text: line breaks are folded, quotes and escapes undone. */
function readFlow(text: string, start: number, end: number, style: Style): Reading {
  const reading: Reading = { value: '', offsets: [] };
  // What must not be trimmed before a line break: everything up to the last character that is no bare blank.
  let firm = 0;
  let index = start;
  while (index < end) {
    const character = text.charAt(index);
    const line = /^(?:\r\n|\r|\n)/.exec(text.slice(index, index + 2));
    if (line !== null) {
      reading.value = reading.value.slice(0, firm);
      reading.offsets.length = firm;
      index = fold(text, index, end, reading);
      firm = reading.value.length;
      continue;
    }
    if (style === 'single' && character === "'") {
      push(reading, "'", index);
      index += 2;
    } else if (style === 'double' && character === '\\') {
      index = readEscape(text, index, end, reading);
    } else {
      push(reading, character, index);
      index += 1;
      if (character === ' ' || character === '\t') continue;
    }
    firm = reading.value.length;
  }
  return reading;
}

/** One line break becomes a blank, more become one fewer; blanks around them are dropped. Gives the offset after them. */
function fold(text: string, start: number, end: number, reading: Reading, silent = false): number {
  const breaks: number[] = [];
  let index = start;
  for (let found = /^[ \t]*(\r\n|\r|\n)/.exec(text.slice(index, end)); found !== null; found = /^[ \t]*(\r\n|\r|\n)/.exec(text.slice(index, end))) {
    breaks.push(index);
    index += found[0].length;
  }
  while (index < end && (text.charAt(index) === ' ' || text.charAt(index) === '\t')) index += 1;
  const [first, ...more] = breaks;
  if (more.length > 0) for (const offset of more) push(reading, '\n', offset);
  else if (first !== undefined && !silent) push(reading, ' ', first);
  return index;
}

const ESCAPES: { readonly [letter: string]: string } = { '0': '\0', a: '\u0007', b: '\b', e: '\u001b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', N: '\u0085', _: '\u00a0', L: '\u2028', P: '\u2029' };

function readEscape(text: string, index: number, end: number, reading: Reading): number {
  const letter = text.charAt(index + 1);
  // A backslash at the end of a line joins it to the next one.
  if (letter === '\n' || letter === '\r') return fold(text, index + 1, end, reading, true);
  const digits = { x: 2, u: 4, U: 8 }[letter];
  if (digits === undefined) {
    push(reading, ESCAPES[letter] ?? letter, index);
    return index + 2;
  }
  const code = Number.parseInt(text.slice(index + 2, index + 2 + digits), 16);
  push(reading, code <= 0x10_ff_ff ? String.fromCodePoint(code) : '', index);
  return index + 2 + digits;
}

/** Block text: every line lost the same indentation. An indentation that is written down (`|2`) is found by trying. */
function mapOfBlock(raw: string, start: number, folded: boolean, value: string): OffsetMap | undefined {
  const lines = [...raw.matchAll(/[^\r\n]*(?:\r\n|\r|\n|$)/g)].map((found) => ({ text: found[0].replace(/[\r\n]+$/, ''), offset: start + found.index }));
  const body = lines.slice(1);
  const first = body.find((line) => line.text.trim() !== '')?.text ?? '';
  const deepest = first.length - first.trimStart().length;
  const wanted = value.replace(/\n+$/, '');
  for (let indent = deepest; indent >= 0; indent -= 1) {
    const reading: Reading = { value: '', offsets: [] };
    readBlock(body, indent, folded, reading);
    if (reading.value.replace(/\n+$/, '') === wanted) return reading.offsets;
  }
  return undefined;
}

function readBlock(lines: readonly { readonly text: string; readonly offset: number }[], indent: number, folded: boolean, reading: Reading): void {
  let before: string | undefined;
  let waiting: number[] = [];
  for (const { text, offset } of lines) {
    const content = text.slice(Math.min(indent, text.length));
    if (content === '') {
      waiting.push(offset);
      continue;
    }
    if (before === undefined) for (const each of waiting) push(reading, '\n', each);
    else {
      const joins = folded && !/^[ \t]/.test(before) && !/^[ \t]/.test(content);
      if (joins && waiting.length === 0) push(reading, ' ', offset - 1);
      else for (const each of joins ? waiting : [offset - 1, ...waiting]) push(reading, '\n', each);
    }
    waiting = [];
    for (let index = 0; index < content.length; index += 1) push(reading, content.charAt(index), offset + Math.min(indent, text.length) + index);
    before = content;
  }
  const last = lines.at(-1);
  if (last !== undefined) push(reading, '\n', last.offset);
}
