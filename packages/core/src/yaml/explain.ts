/** A complaint of the parser. */
export interface ParserError {
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

/** A complaint in one plain sentence, with a way out where there is one. `opener`: what stands open and should be pointed at instead. */
export interface Explained {
  readonly message: string;
  readonly hint: string | undefined;
  readonly opener?: '"' | "'" | '[' | '{';
}

/** What is wrong in our own words. `together` are the codes of all complaints that begin at the same place. */
export function explainYaml({ code, message }: ParserError, together: ReadonlySet<string>): Explained {
  const opener = openerOf(code, message);
  if (opener !== undefined) return { message: opener === '[' || opener === '{' ? `the ${opener} that begins here is not closed, or its lines are not indented` : `the ${opener} that begins here is not closed`, hint: 'close it, and indent its lines deeper than the key', opener };
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && message.includes('sequence')) return { message: 'a list item is not indented like the ones above it', hint: 'the dashes of one list stand in the same column' };
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && together.has('MULTILINE_IMPLICIT_KEY')) return { message: 'the lines after this value are indented as if they belonged to it', hint: 'keys of one map begin in the same column' };
  if (code === 'UNEXPECTED_TOKEN' && message.includes('block-seq-ind')) return { message: 'a list item may not stand on the line of its key', hint: 'put "- …" on a line of its own, or write [ … ]' };
  if (code === 'UNEXPECTED_TOKEN' && message.includes('at node end')) return { message: 'something stands behind the end of a value', hint: 'look for a quote or bracket that ends too early, or lines that are indented differently' };
  if (code === 'MISSING_CHAR' && message.includes('map values')) return { message: 'a line without a colon stands among keys', hint: 'write key: value' };
  if (code === 'MISSING_CHAR' && message.includes(',')) return { message: 'a comma is missing', hint: undefined };
  const known = SENTENCES[code];
  if (known !== undefined) return { message: known[0], hint: known[1] };
  const sentence = message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '').trim() ?? '';
  return { message: sentence === '' ? 'the YAML cannot be read' : `the YAML cannot be read: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`, hint: undefined };
}

/** Complaints that most often only follow from an earlier one. */
export const FOLLOWING: ReadonlySet<string> = new Set(['UNEXPECTED_TOKEN', 'MISSING_CHAR', 'MULTILINE_IMPLICIT_KEY', 'NON_STRING_KEY', 'BAD_INDENT', 'BLOCK_AS_IMPLICIT_KEY', 'TAB_AS_INDENT']);

function openerOf(code: string, message: string): Explained['opener'] {
  if (code === 'MISSING_CHAR' && message.includes('closing "')) return '"';
  if (code === 'MISSING_CHAR' && message.includes("closing '")) return "'";
  if ((code !== 'BAD_INDENT' && code !== 'MISSING_CHAR') || !message.startsWith('Flow')) return undefined;
  return message.startsWith('Flow seq') ? '[' : '{';
}

const SENTENCES: { readonly [code: string]: readonly [message: string, hint: string | undefined] } = {
  ALIAS_PROPS: ['an alias has an anchor or a tag of its own', 'leave it out'],
  BAD_ALIAS: ['an alias is not written correctly', 'put the text into quotes if no alias is meant'],
  BAD_DIRECTIVE: ['the file begins with a % line that is not known', 'leave it out'],
  BAD_DQ_ESCAPE: ['a double-quoted text holds an escape that YAML does not know', 'write the backslash twice, or use single quotes'],
  BAD_INDENT: ['the indentation does not fit the lines above', 'lines of one list or map begin in the same column'],
  BAD_PROP_ORDER: ['an anchor or a tag stands in the wrong place', undefined],
  BAD_SCALAR_START: ['a plain text may not begin with this character', 'put the text into quotes'],
  BLOCK_AS_IMPLICIT_KEY: ['a colon makes a second key on this line', 'put the text into quotes if the colon belongs to it, else begin a new line'],
  BLOCK_IN_FLOW: ['a list or map of lines stands inside [ ] or { }', 'write it with [ ] and { } too'],
  COMMENT_SPACE: ['a comment needs a space before its #', undefined],
  DUPLICATE_KEY: ['a key stands twice in the same map', 'leave out one of them'],
  KEY_OVER_1024_CHARS: ['a key is longer than 1024 characters', undefined],
  MISSING_CHAR: ['a closing character is missing', 'look for an open quote, [ or {'],
  MULTILINE_IMPLICIT_KEY: ['a key spreads over several lines', 'look for a line without a colon, or an open quote'],
  MULTIPLE_ANCHORS: ['a value has two anchors', 'leave out one of them'],
  MULTIPLE_DOCS: ['the file holds more than one document', 'leave out the --- line, or use include'],
  MULTIPLE_TAGS: ['a value has two tags', 'leave them out'],
  NON_STRING_KEY: ['a key must be a text', 'put it into quotes'],
  RESOURCE_EXHAUSTION: ['the file is nested too deeply', 'split it with include'],
  TAB_AS_INDENT: ['a tab stands where spaces are needed', 'indent with spaces'],
  TAG_RESOLVE_FAILED: ['the file uses a tag that is not allowed', 'leave out the !tag'],
  UNEXPECTED_TOKEN: ['something stands here that YAML does not expect', 'look for a missing colon, quote or bracket'],
};
