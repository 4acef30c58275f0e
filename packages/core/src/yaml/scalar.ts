import type { Scalar } from 'yaml';

/**
 * The offset in the file of an offset in the value of a scalar: exact for plain and quoted text on one line and for literal blocks;
 * undefined where lines are folded, so that the caller points at the whole value.
 */
export function scalarOffset(text: string, node: Scalar, offset: number): number | undefined {
  const { range } = node;
  if (range === undefined || range === null) return undefined;
  const raw = text.slice(range[0], range[1]);
  switch (node.type) {
    case 'PLAIN':
      return raw.includes('\n') ? undefined : range[0] + offset;
    case 'QUOTE_SINGLE':
    case 'QUOTE_DOUBLE':
      return raw.includes('\n') ? undefined : range[0] + quotedOffset(raw, offset, node.type === 'QUOTE_DOUBLE');
    case 'BLOCK_LITERAL':
      return blockOffset(raw, offset, range[0]);
    default:
      return undefined;
  }
}

/** Walks a quoted text, counting each escape as the characters it stands for. */
function quotedOffset(raw: string, offset: number, double: boolean): number {
  let index = 1;
  for (let value = 0; value < offset && index < raw.length - 1; value += 1) index += double ? escapeLength(raw, index) : raw.startsWith("''", index) ? 2 : 1;
  return index;
}

function escapeLength(raw: string, index: number): number {
  if (raw.charAt(index) !== '\\') return 1;
  return { x: 4, u: 6, U: 10 }[raw.charAt(index + 1)] ?? 2;
}

/** Finds the line of a literal block that holds an offset; every line lost the same indentation. */
function blockOffset(raw: string, offset: number, start: number): number | undefined {
  const lines = raw.split('\n');
  const body = lines.slice(1);
  const first = body.find((line) => line.trim() !== '');
  if (first === undefined) return undefined;
  const indent = first.length - first.trimStart().length;
  let at = start + (lines[0] ?? '').length + 1;
  let left = offset;
  for (const line of body) {
    const length = Math.max(0, line.length - indent);
    if (left <= length) return at + Math.min(indent, line.length) + left;
    left -= length + 1;
    at += line.length + 1;
  }
  return undefined;
}
