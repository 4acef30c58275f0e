import type { SourceRange } from '../errors/index.js';

/** Turns offsets of a text into lines and columns; the index of lines is made when the first place is asked for. */
export interface Lines {
  /** The place of a stretch; `endColumn` only when it ends on the line on which it begins. */
  range(start: number, end: number): SourceRange;
}

/** The lines of a file, which end with LF, CRLF or CR. */
export function createLines(file: string, text: string): Lines {
  let starts: readonly number[] | undefined;
  const lineOf = (offset: number): { readonly line: number; readonly column: number } => {
    starts ??= [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((found) => found.index + found[0].length)];
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
  return {
    range(start, end) {
      const first = lineOf(start);
      const last = lineOf(end);
      return { file, ...first, ...(last.line === first.line && last.column > first.column ? { endColumn: last.column } : {}) };
    },
  };
}
