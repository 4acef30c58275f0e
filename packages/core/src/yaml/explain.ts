import type { Part } from './part.js';

/** What the parser says is wrong: its code, its sentence, and the stretch of the file. */
export interface ParserFault {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [start: number, end: number];
}

/** A fault in plain words, at the place where it is to be mended. */
export interface YamlFault {
  readonly message: string;
  readonly hint: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** The complaints of the parser in plain words. What follows from a fault of the structure is left out: it would only repeat it. */
export function explainFaults(faults: readonly ParserFault[], text: string, root: Part | undefined): readonly YamlFault[] {
  const explained: YamlFault[] = [];
  for (const fault of [...faults].sort((a, b) => a.pos[0] - b.pos[0])) {
    const known = LOCAL[fault.code];
    if (known === undefined) return [...explained, explainStructure(fault, text, root)];
    const [start, end] = fault.pos;
    explained.push({ message: known[0].replace('TEXT', () => text.slice(start, end)), hint: known[1], start, end: Math.min(end, start + 80) });
  }
  return explained;
}

/** Faults that hide nothing of what follows. */
const LOCAL: { readonly [code: string]: readonly [message: string, hint: string | undefined] } = {
  ALIAS_PROPS: ['an alias has an anchor or a tag of its own', 'leave it out'],
  BAD_ALIAS: ['an alias needs a name', 'a text that begins with * stands in quotes'],
  BAD_DIRECTIVE: ['a line that begins with % is not known', 'leave it out'],
  BAD_DQ_ESCAPE: ['a double-quoted text holds an escape that YAML does not know', 'write the backslash twice, or use single quotes'],
  BAD_SCALAR_START: ['a text without quotes may not begin with TEXT', 'put the text into quotes'],
  MULTIPLE_ANCHORS: ['a value has two anchors', 'leave out one of them'],
  MULTIPLE_TAGS: ['a value has two tags', 'leave out both; suites have no tags'],
  NON_STRING_KEY: ['a key must be a text', 'write key: value, with a text as the key'],
  TAG_RESOLVE_FAILED: ['the tag TEXT is not allowed', 'leave it out; a text that begins with ! stands in quotes'],
};

function explainStructure({ code, message, pos: [offset] }: ParserFault, text: string, root: Part | undefined): YamlFault {
  const line = lineAt(text, offset);
  const tab = /^\s*?\t/.exec(line.text);
  if (tab !== null) return { message: 'a tab stands where spaces are needed', hint: 'indent with spaces', start: line.start + tab[0].length - 1, end: line.start + tab[0].length };
  const template = line.text.indexOf('${{');
  if (template >= 0 && !/["']/.test(line.text.slice(0, template))) {
    const close = line.text.indexOf('}}', template);
    return { message: 'a template needs quotes here', hint: "write '${{ … }}': YAML reads braces and colons itself", start: line.start + template, end: line.start + (close < 0 ? template + 3 : close + 2) };
  }
  const quote = lastOpen(root, offset, (part) => (part.kind === 'scalar' && (part.style === 'single' || part.style === 'double') ? /^(?:'(?:[^']|'')*'|"(?:[^"\\]|\\[^])*")$/.test(text.slice(part.start, part.end)) : undefined));
  if (quote !== undefined) return { message: `the ${text.charAt(quote)} that begins here is not closed`, hint: `put a ${text.charAt(quote)} at the end of the text`, start: quote, end: quote + 1 };
  const bracket = /^Flow/.test(message) ? lastOpen(root, offset, (part) => isClosed(part, text)) : undefined;
  if (bracket !== undefined) {
    const written = text.charAt(bracket);
    return { message: `the ${written} that begins here is not closed`, hint: `put a ${CLOSERS[written] ?? ''} at its end; lines inside are indented further than the key`, start: bracket, end: bracket + 1 };
  }
  const start = offset + (/^\s*/.exec(text.slice(offset, line.start + line.text.length))?.[0].length ?? 0);
  const rest = { start, end: Math.max(start + 1, line.start + line.text.trimEnd().length) };
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && message.includes('sequence')) return { message: 'the item is not indented like the ones above it', hint: 'the dashes of one list stand in the same column', ...rest };
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || code === 'MULTILINE_IMPLICIT_KEY') return explainKey(text, offset, line);
  if (code === 'UNEXPECTED_TOKEN' && message.includes('block-seq-ind')) return { message: 'a list item may not stand on the line of its key', hint: 'put "- …" on a line of its own, or write [ … ]', ...rest };
  if (code === 'UNEXPECTED_TOKEN' && message.includes('at node end')) return { message: 'this stands behind the end of a value', hint: 'look for a quote or bracket that ends too early, or lines that are indented differently', ...rest };
  if (code === 'MISSING_CHAR' && message.includes('map values')) return { message: 'a colon is missing', hint: 'write key: value, or "- " before an item of a list', ...rest };
  const [sentence, hint] = STRUCTURE[code] ?? [`the YAML cannot be read: ${lowerFirst(message.split('\n')[0] ?? '')}`, undefined];
  return { message: sentence, hint, ...rest };
}

const CLOSERS: { readonly [opener: string]: string } = { '[': ']', '{': '}' };

/** Whether the bracket at the begin of a part has its counterpart; undefined where there is none, as in the map that `a: b` is within `[ ]`. */
function isClosed(part: Part, text: string): boolean | undefined {
  const closer = CLOSERS[text.charAt(part.start)];
  return closer === undefined || (part.kind !== 'list' && part.kind !== 'map') || !part.flow ? undefined : text.charAt(part.end - 1) === closer;
}

/** Two keys on one line, a line without its colon, or a value whose next line is indented like a nested block. */
function explainKey(text: string, offset: number, line: Line): YamlFault {
  const rest = text.slice(offset, line.start + line.text.length).trimEnd();
  if (/:(?:\s|$)/.test(rest)) return { message: 'a text without quotes may not hold a colon and a space', hint: 'put the text into quotes, or begin a new line', start: offset, end: offset + rest.length };
  if (line.text.slice(0, offset - line.start).trim().replace(/^(?:- *)+/, '') === '') return { message: 'a colon is missing', hint: 'write key: value, or "- " before an item of a list', start: offset, end: offset + rest.length };
  const below = /\S[^\r\n]*/.exec(text.slice(line.start + line.text.length));
  const start = line.start + line.text.length + (below?.index ?? 0);
  return { ...INDENTATION, start, end: start + (below?.[0].trimEnd().length ?? 1) };
}

const INDENTATION = { message: 'the indentation does not fit the lines above', hint: 'entries of one list or map begin in the same column' };

const STRUCTURE: { readonly [code: string]: readonly [message: string, hint: string | undefined] } = {
  BAD_INDENT: [INDENTATION.message, INDENTATION.hint],
  BAD_PROP_ORDER: ['an anchor or a tag stands in the wrong place', 'it stands right before its value'],
  BLOCK_IN_FLOW: ['a list or map of lines stands inside [ ] or { }', 'write it inside the brackets: [a, b] or { key: value }'],
  KEY_OVER_1024_CHARS: ['a key is longer than 1024 characters', undefined],
  MISSING_CHAR: ['a character is missing here', 'look for a missing comma, colon, quote or bracket'],
  RESOURCE_EXHAUSTION: ['the file is nested too deeply', 'keep deep values as JSON in a data file'],
  TAB_AS_INDENT: ['a tab stands where spaces are needed', 'indent with spaces'],
  UNEXPECTED_TOKEN: ['this is not expected here', 'look for a missing colon, comma, quote or bracket'],
};

/** Where the last part begins, before an offset, of which `closed` says that it is not; undefined from `closed` means that it is another kind of part. */
function lastOpen(part: Part | undefined, before: number, closed: (part: Part) => boolean | undefined): number | undefined {
  if (part === undefined || part.kind === 'alias' || part.start > before) return undefined;
  const below = part.kind === 'list' ? part.items : part.kind === 'map' ? part.entries.flatMap(({ key, value }) => [key, value]) : [];
  for (const each of [...below].reverse()) {
    const found = lastOpen(each, before, closed);
    if (found !== undefined) return found;
  }
  return closed(part) === false ? part.start : undefined;
}

interface Line {
  readonly text: string;
  readonly start: number;
}

/** The line that holds an offset; at the end of the file the last line that is not empty. */
function lineAt(text: string, offset: number): Line {
  const at = Math.min(offset, text.trimEnd().length);
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', start);
  return { text: text.slice(start, end < 0 ? undefined : end).replace(/\r$/, ''), start };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
