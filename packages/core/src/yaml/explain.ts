import { isCollection, isScalar, visit, type Document } from 'yaml';

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
export function explainFaults(faults: readonly ParserFault[], text: string, document: Document.Parsed): readonly YamlFault[] {
  const explained: YamlFault[] = [];
  for (const fault of [...faults].sort((a, b) => a.pos[0] - b.pos[0])) {
    const known = LOCAL[fault.code];
    if (known === undefined) return [...explained, explainStructure(fault, text, document)];
    const [start, end] = fault.pos;
    const written = text.slice(start, end);
    explained.push({ message: known[0].replace('TEXT', written), hint: known[1], start, end: Math.min(end, start + 80) });
  }
  return explained;
}

/** Faults that hide nothing of what follows. */
const LOCAL: { readonly [code: string]: readonly [message: string, hint: string | undefined] } = {
  BAD_ALIAS: ['an alias needs a name', 'a text that begins with * stands in quotes'],
  BAD_DQ_ESCAPE: ['a double-quoted text holds an escape that YAML does not know', 'write the backslash twice, or use single quotes'],
  BAD_SCALAR_START: ['a text without quotes may not begin with TEXT', 'put the text into quotes'],
  MULTIPLE_ANCHORS: ['a value has two anchors', 'leave out one of them'],
  MULTIPLE_TAGS: ['a value has two tags', 'leave out both; suites have no tags'],
  TAG_RESOLVE_FAILED: ['the tag TEXT is not allowed', 'leave it out; a text that begins with ! stands in quotes'],
};

function explainStructure({ code, message, pos: [offset] }: ParserFault, text: string, document: Document.Parsed): YamlFault {
  const line = lineAt(text, offset);
  const tab = /^\s*?\t/.exec(line.text);
  if (tab !== null) return { message: 'a tab stands where spaces are needed', hint: 'indent with spaces', start: line.start + tab[0].length - 1, end: line.start + tab[0].length };
  const template = line.text.indexOf('${{');
  if (template >= 0) {
    const close = line.text.indexOf('}}', template);
    return { message: 'a template needs quotes here', hint: "write '${{ … }}': YAML reads braces and colons itself", start: line.start + template, end: line.start + (close < 0 ? template + 3 : close + 2) };
  }
  const quote = openQuote(document, text, offset);
  if (quote !== undefined) return { message: 'a quote is not closed', hint: `put a ${text.charAt(quote)} at the end of the text`, start: quote, end: quote + 1 };
  const bracket = /^Flow/.test(message) ? openBracket(document, text, offset) : undefined;
  if (bracket !== undefined) {
    const written = text.charAt(bracket);
    return { message: `a ${written} is not closed`, hint: `put a ${written === '[' ? ']' : '}'} at its end; lines inside are indented further than the key`, start: bracket, end: bracket + 1 };
  }
  if (code === 'BLOCK_AS_IMPLICIT_KEY' || code === 'MULTILINE_IMPLICIT_KEY') return explainKey(text, offset, line);
  const [sentence, hint] = STRUCTURE[code] ?? [`the YAML cannot be read: ${lowerFirst(message.split('\n')[0] ?? '')}`, undefined];
  const start = offset + (/^\s*/.exec(text.slice(offset, line.start + line.text.length))?.[0].length ?? 0);
  return { message: sentence, hint, start, end: Math.max(start + 1, line.start + line.text.trimEnd().length) };
}

/** Two keys on one line, a line without its colon, or a value whose next line is indented like a nested block. */
function explainKey(text: string, offset: number, line: Line): YamlFault {
  const rest = text.slice(offset, line.start + line.text.length).trimEnd();
  if (/:(?:\s|$)/.test(rest)) return { message: 'a text without quotes may not hold a colon and a space', hint: 'put the text into quotes', start: offset, end: offset + rest.length };
  if (line.text.slice(0, offset - line.start).trim().replace(/^(?:- *)+/, '') === '') return { message: 'a colon is missing', hint: 'write key: value, or "- " before an item of a list', start: offset, end: offset + rest.length };
  const below = /\S[^\r\n]*/.exec(text.slice(line.start + line.text.length));
  const start = line.start + line.text.length + (below?.index ?? 0);
  return { ...indentation, start, end: start + (below?.[0].trimEnd().length ?? 1) };
}

const indentation = { message: 'the indentation does not fit the lines above', hint: 'entries of one list or map begin at the same column' };

const STRUCTURE: { readonly [code: string]: readonly [message: string, hint: string | undefined] } = {
  BAD_INDENT: [indentation.message, indentation.hint],
  BLOCK_IN_FLOW: ['a block stands inside [ ] or { }', 'write it inside the brackets: [a, b] or { key: value }'],
  MISSING_CHAR: ['a character is missing here', 'look for a missing comma, colon, quote or bracket'],
  RESOURCE_EXHAUSTION: ['the file is nested too deeply', undefined],
  UNEXPECTED_TOKEN: ['this is not expected here', 'look for a missing colon, comma, quote or bracket'],
};

/** The offset of a quote that is never closed before an offset. */
function openQuote(document: Document.Parsed, text: string, offset: number): number | undefined {
  let found: number | undefined;
  visit(document, {
    Scalar(_, { type, range }) {
      if ((type !== 'QUOTE_SINGLE' && type !== 'QUOTE_DOUBLE') || range === undefined || range === null || range[0] > offset) return;
      const raw = text.slice(range[0], range[1]);
      if (!(type === 'QUOTE_SINGLE' ? /^'(?:[^']|'')*'$/ : /^"(?:[^"\\]|\\[^])*"$/).test(raw)) found = range[0];
    },
  });
  return found;
}

/** The offset of the innermost bracket that is not closed before an offset. */
function openBracket(document: Document.Parsed, text: string, offset: number): number | undefined {
  let found: number | undefined;
  visit(document, {
    Node(_, node) {
      if (isScalar(node) || !isCollection(node) || node.flow !== true || node.range === undefined || node.range === null) return;
      const [start, end] = node.range;
      const closed = text.charAt(end - 1) === (text.charAt(start) === '[' ? ']' : '}');
      if (start < offset && !closed) found = start;
    },
  });
  return found;
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
