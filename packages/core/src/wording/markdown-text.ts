import { plainLine, plainText } from '../text/plain.js';

/** Text from outside as one line of Markdown that shows exactly that text: no link, image, markup, HTML or table cell can come of it. */
export function markdownText(text: string): string {
  return plainLine(text)
    .replaceAll(/[\\`*[\]<>|~&!$]/g, (sign) => `\\${sign}`)
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, () => '\\_')
    .replaceAll(/(?<=https?):(?=\/\/)|(?<=\bwww)\./gi, (sign) => `\\${sign}`)
    .replace(/^(?:[-+#=]|\d+(?=[.)]\s))/, (start) => (/^\d/.test(start) ? `${start}\\` : `\\${start}`));
}

/** A word from outside in code signs. Inside a table {@link markdownTable} takes care of `|`. */
export function markdownCode(text: string): string {
  const line = plainLine(text);
  if (line === '') return '` `';
  const fence = '`'.repeat(longestRun(line) + 1);
  const edge = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${edge}${line}${edge}${fence}`;
}

/** Lines from outside as a block of code; nothing in them can end it. */
export function markdownBlock(lines: readonly string[], indent = ''): readonly string[] {
  const text = lines.flatMap((line) => plainText(line).split('\n'));
  const fence = '`'.repeat(Math.max(3, ...text.map((line) => longestRun(line) + 1)));
  return [`${fence}text`, ...text, fence].map((line) => `${indent}${line}`.trimEnd());
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

/** A cell that is longer stands out of its column instead of widening every other. */
const WIDEST = 60;

/** A table whose columns stand under each other in plain text too. Cells are Markdown already. `right` names the columns of numbers. */
export function markdownTable(head: readonly string[], body: readonly (readonly string[])[], width: (text: string) => number, right: ReadonlySet<number> = new Set()): readonly string[] {
  // A bar ends a cell even inside code.
  const rows = body.map((cells) => cells.map((cell) => cell.replaceAll(/(?<!\\)\|/g, '\\|')));
  const widths = head.map((cell, column) => rows.reduce((widest, row) => Math.max(widest, Math.min(WIDEST, width(row[column] ?? ''))), Math.max(3, width(cell))));
  const line = (cells: readonly string[]): string => `| ${widths.map((size, column) => pad(cells[column] ?? '', size, width, right.has(column))).join(' | ')} |`;
  return [line(head), `|${widths.map((size, column) => (right.has(column) ? `${'-'.repeat(size + 1)}:` : '-'.repeat(size + 2))).join('|')}|`, ...rows.map(line)];
}

function pad(text: string, size: number, width: (text: string) => number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, size - width(text)));
  return right ? space + text : text + space;
}
