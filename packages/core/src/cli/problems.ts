import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { formatProblems, type Problem, type RealopsError } from '../index.js';
import type { CliIo } from './io.js';

/** The problems of a failed load or of a single error, each at least as a sentence. */
export function problemsOf(error: RealopsError): readonly Problem[] {
  if (error.problems.length > 0) return error.problems;
  return [{ code: error.code, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }), ...(error.source === undefined ? {} : { source: error.source }) }];
}

/** Problems with code frames, paths relative to the current folder. */
export function showProblems(problems: readonly Problem[], io: CliIo): string {
  const texts = new Map<string, string | undefined>();
  const textOf = (file: string): string | undefined => {
    if (!texts.has(file)) texts.set(file, readText(file));
    return texts.get(file);
  };
  return `${formatProblems(problems, { textOf, showPath: (file) => showPath(file, io) })}\n`;
}

/** Problems as data: `{ problems: [{ code, message, file, line, column, hint }] }`. */
export function problemsAsJson(problems: readonly Problem[], io: CliIo): string {
  const list = problems.map(({ code, message, source, hint }) => ({
    code, message, file: source === undefined ? null : showPath(source.file, io), line: source?.line ?? null, column: source?.column ?? null, hint: hint ?? null,
  }));
  return `${JSON.stringify({ problems: list }, null, 2)}\n`;
}

/** Problems as annotations of a GitHub workflow. */
export function problemsAsAnnotations(problems: readonly Problem[], io: CliIo): string {
  const escape = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return problems.map(({ code, message, source, hint }) => {
    const place = source === undefined ? '' : `file=${escape(showPath(source.file, io)).replaceAll(',', '%2C')},line=${source.line},col=${source.column},`;
    return `::error ${place}title=${code}::${escape(hint === undefined ? message : `${message} (${hint})`)}\n`;
  }).join('');
}

function showPath(file: string, io: CliIo): string {
  const path = relative(io.cwd, file);
  return path === '' || path.startsWith('..') ? file : path;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
