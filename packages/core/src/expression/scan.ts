/** A piece of a string with templates: literal text, or the source of one `${{ }}`. Offsets are in the string; `start` and `end` hold the braces too. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly text: string; readonly offset: number; readonly start: number; readonly end: number }
  | { readonly kind: 'unclosed'; readonly offset: number };

/** Splits a string at its `${{ }}`; `$${{` stands for a literal `${{`. Braces, texts, patterns and comments inside an expression are followed, so a `}}` in one of them does not end it. */
export function scanTemplate(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let literal = '';
  let index = 0;
  for (let open = text.indexOf('${{', index); open >= 0; open = text.indexOf('${{', index)) {
    if (text.charAt(open - 1) === '$' && open > index) {
      literal += `${text.slice(index, open - 1)}\${{`;
      index = open + 3;
      continue;
    }
    literal += text.slice(index, open);
    if (literal !== '') pieces.push({ kind: 'text', text: literal });
    literal = '';
    const end = endOfExpression(text, open + 3);
    if (end === undefined) return [...pieces, { kind: 'unclosed', offset: open }];
    const inner = text.slice(open + 3, end);
    pieces.push({ kind: 'expression', text: inner.trim(), offset: open + 3 + inner.length - inner.trimStart().length, start: open, end: end + 2 });
    index = end + 2;
  }
  literal += text.slice(index);
  if (literal !== '') pieces.push({ kind: 'text', text: literal });
  return pieces;
}

/** The offset of the `}}` that closes an expression, or undefined. */
function endOfExpression(text: string, start: number): number | undefined {
  let depth = 0;
  let index = start;
  while (index < text.length) {
    const character = text.charAt(index);
    const skipped = endOfQuoted(text, index, start);
    if (skipped !== undefined) index = skipped;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      if (depth === 0) return text.charAt(index + 1) === '}' ? index : undefined;
      depth -= 1;
    }
    index += 1;
  }
  return undefined;
}

/** The last character of the text, name, comment or pattern that begins at an index; undefined when none does. An open one goes to the end. */
function endOfQuoted(text: string, index: number, start: number): number | undefined {
  const character = text.charAt(index);
  if (character === '"' || character === "'") return endAfter(text, index, character, true);
  if (character === '`') return endAfter(text, index, character, false);
  if (character !== '/') return undefined;
  if (text.charAt(index + 1) === '*') {
    const end = text.indexOf('*/', index + 2);
    return end < 0 ? text.length : end + 1;
  }
  // A slash begins a pattern where a value may stand, and divides behind a value.
  const before = text.slice(start, index).trimEnd();
  return before === '' || /[([{,;:=<>!~&?+*-]$|\b(?:and|or|in)$/.test(before) ? endAfter(text, index, '/', true) : undefined;
}

function endAfter(text: string, start: number, quote: string, escapes: boolean): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (escapes && character === '\\') index += 1;
    else if (character === quote) return index;
  }
  return text.length;
}
