import type { Problem } from './realops-error.js';

/** How problems are shown: the text of each file for code frames, and whether to colour. */
export interface FormatOptions {
  /** The text of a file that a problem points into, or undefined when it is not at hand. */
  readonly textOf?: (file: string) => string | undefined;
  /** A path as the reader should see it; the identity by default. */
  readonly showPath?: (file: string) => string;
}

/** One problem as text: `file:line:column  CODE  message`, the code frame, and the hint. */
export function formatProblem(problem: Problem, options: FormatOptions = {}): string {
  const { source } = problem;
  const place = source === undefined ? '' : `${(options.showPath ?? String)(source.file)}:${source.line}:${source.column}  `;
  const lines = [`${place}${problem.code}  ${problem.message}`];
  const text = source === undefined ? undefined : options.textOf?.(source.file);
  if (source !== undefined && text !== undefined) lines.push(...codeFrame(text, source.line, source.column, source.endColumn));
  if (problem.hint !== undefined) lines.push(`hint: ${problem.hint}`);
  return lines.join('\n');
}

/** All problems, sorted by place, with the closing count. */
export function formatProblems(problems: readonly Problem[], options: FormatOptions = {}): string {
  const sorted = sortProblems(problems);
  const files = new Set(sorted.flatMap((problem) => (problem.source === undefined ? [] : [problem.source.file])));
  const count = `${plural(sorted.length, 'problem')}${files.size === 0 ? '' : ` in ${plural(files.size, 'file')}`}. Nothing was run.`;
  return [...sorted.map((problem) => formatProblem(problem, options)), count].join('\n\n');
}

/** Problems in reading order: by file, line, column; those without a place last; equal ones once. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<string>();
  const unique = problems.filter((problem) => {
    const key = JSON.stringify([problem.code, problem.message, problem.source ?? null]);
    return seen.has(key) ? false : (seen.add(key), true);
  });
  return unique.sort((a, b) => {
    if (a.source === undefined || b.source === undefined) return (a.source === undefined ? 1 : 0) - (b.source === undefined ? 1 : 0);
    return a.source.file < b.source.file ? -1 : a.source.file > b.source.file ? 1 : a.source.line - b.source.line || a.source.column - b.source.column;
  });
}

/** The line before and the line itself with a marker under the columns; tabs count as one column, long lines are cut around the marker. */
export function codeFrame(text: string, line: number, column: number, endColumn = column + 1): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/);
  const width = String(line).length;
  const shift = Math.max(0, Math.min(column - 60, (lines[line - 1] ?? '').length - 100));
  const cut = (content: string): string => (shift === 0 ? content : `…${content.slice(shift + 1)}`).slice(0, 110).replaceAll('\t', ' ').trimEnd();
  const frame: string[] = [];
  const before = lines[line - 2];
  if (before !== undefined && before.length > shift) frame.push(`  ${String(line - 1).padStart(width)} | ${cut(before)}`.trimEnd());
  frame.push(`> ${String(line).padStart(width)} | ${cut(lines[line - 1] ?? '')}`.trimEnd());
  const marks = Math.max(1, Math.min(endColumn - column, 110 - (column - 1 - shift)));
  frame.push(`  ${' '.repeat(width)} | ${' '.repeat(Math.max(0, column - 1 - shift))}${'^'.repeat(marks)}`);
  return frame;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
