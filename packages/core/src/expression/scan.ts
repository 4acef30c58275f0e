/** A piece of a string with templates: literal text, or the source of one `${{ }}`. Offsets are in the string. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'expression'; readonly text: string; readonly offset: number; readonly length: number }
  | { readonly kind: 'unclosed'; readonly offset: number };

/** Splits a string at its `${{ }}`; `$${{` stands for a literal `${{`. Braces and quotes inside an expression are followed, so `}}` in a text or object does not end it. */
export function scanTemplate(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let literal = '';
  let index = 0;
  while (index < text.length) {
    if (text.startsWith('$${{', index)) {
      literal += '${{';
      index += 4;
      continue;
    }
    if (!text.startsWith('${{', index)) {
      literal += text.charAt(index);
      index += 1;
      continue;
    }
    const end = endOfExpression(text, index + 3);
    if (literal !== '') pieces.push({ kind: 'text', text: literal });
    literal = '';
    if (end === undefined) return [...pieces, { kind: 'unclosed', offset: index }];
    const inner = text.slice(index + 3, end);
    const lead = inner.length - inner.trimStart().length;
    pieces.push({ kind: 'expression', text: inner.trim(), offset: index + 3 + lead, length: Math.max(1, inner.trim().length) });
    index = end + 2;
  }
  if (literal !== '') pieces.push({ kind: 'text', text: literal });
  return pieces;
}

/** The offset of the `}}` that closes an expression, or undefined. */
function endOfExpression(text: string, start: number): number | undefined {
  let depth = 0;
  let quote: string | undefined;
  for (let index = start; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote !== undefined) {
      if (character === '\\') index += 1;
      else if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'" || character === '`') quote = character;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      if (depth === 0) return text.charAt(index + 1) === '}' ? index : undefined;
      depth -= 1;
    }
  }
  return undefined;
}
