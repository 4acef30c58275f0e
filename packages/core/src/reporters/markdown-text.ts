import { plainLine, plainText } from './plain.js';

/** Text from outside as Markdown that shows exactly that text: no link, image, markup, HTML or table cell can come of it. */
export function markdownText(text: string): string {
  return plainLine(text)
    .replaceAll(/[\\`*[\]<>|~&!$]/g, String.raw`\$&`)
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, String.raw`\_`)
    .replaceAll(/(?<=https?):(?=\/\/)|(?<=\bwww)\./g, '&#$&;')
    .replaceAll('&#:;', '&#58;')
    .replaceAll('&#.;', '&#46;')
    .replace(/^(\d+)([.)])/, String.raw`$1\$2`)
    .replace(/^([-+#=])/, String.raw`\$1`)
    .replaceAll(/@(?=\w)/g, '&#64;');
}

/** A word from outside in code signs; safe inside a table. */
export function markdownCode(text: string): string {
  const line = plainLine(text).replaceAll('|', '\u00a6');
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

/** A table whose columns stand under each other in plain text too. Cells are Markdown already. `right` names the columns of numbers. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[], width: (text: string) => number, right: ReadonlySet<number> = new Set()): readonly string[] {
  const widths = head.map((cell, column) => Math.max(3, width(cell), ...rows.map((row) => width(row[column] ?? ''))));
  const line = (cells: readonly string[]): string => `| ${widths.map((size, column) => pad(cells[column] ?? '', size, width, right.has(column))).join(' | ')} |`;
  return [line(head), `|${widths.map((size, column) => (right.has(column) ? `${'-'.repeat(size + 1)}:` : '-'.repeat(size + 2))).join('|')}|`, ...rows.map(line)];
}

function pad(text: string, size: number, width: (text: string) => number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, size - width(text)));
  return right ? space + text : text + space;
}
