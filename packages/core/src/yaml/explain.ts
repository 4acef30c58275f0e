/** The parser's complaint in one plain sentence, with a way out where there is one. */
export function explainYaml(code: string, message: string): { readonly message: string; readonly hint: string | undefined } {
  const known = SENTENCES[code];
  if (known !== undefined) return { message: known[0], hint: known[1] };
  const sentence = message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '').trim() ?? 'the file is not YAML';
  return { message: `the YAML cannot be read: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`, hint: undefined };
}

const SENTENCES: { readonly [code: string]: readonly [message: string, hint: string | undefined] } = {
  TAB_AS_INDENT: ['a tab stands where spaces are needed', 'indent with spaces'],
  BAD_INDENT: ['the indentation does not fit the lines above', 'lines of one list or map begin at the same column'],
  BAD_ALIAS: ['an alias is not written correctly', undefined],
  BAD_DQ_ESCAPE: ['a double-quoted text holds an escape that YAML does not know', 'write the backslash twice, or use single quotes'],
  BAD_SCALAR_START: ['a plain text may not begin with this character', 'put the text into quotes'],
  BLOCK_AS_IMPLICIT_KEY: ['a key with a nested block stands on one line', 'put the nested part on a line of its own, or quote the text'],
  BLOCK_IN_FLOW: ['a block stands inside [ ] or { }', undefined],
  MISSING_CHAR: ['a closing character is missing', 'look for an open quote, [ or {'],
  MULTILINE_IMPLICIT_KEY: ['a key spreads over several lines', 'look for a missing colon, or an open quote'],
  MULTIPLE_ANCHORS: ['a value has two anchors', undefined],
  MULTIPLE_DOCS: ['the file holds more than one document', 'leave out the --- line, or use include'],
  MULTIPLE_TAGS: ['a value has two tags', undefined],
  RESOURCE_EXHAUSTION: ['the file is nested too deeply', undefined],
  TAG_RESOLVE_FAILED: ['the file uses a tag that is not allowed', 'leave out the !tag'],
  UNEXPECTED_TOKEN: ['something stands here that YAML does not expect', 'look for a missing colon, quote or bracket'],
};
