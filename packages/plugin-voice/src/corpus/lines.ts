import type { Findings } from './findings.js';

/** A line of a text file, without its end. Lines count from 1. */
export interface Line {
  readonly text: string;
  readonly line: number;
}

/** The lines of a file that are not empty. A byte order mark and CRLF are read over; a line that is not UTF-8 is a fault and left out. */
export function linesOf(text: string, findings: Findings): readonly Line[] {
  if (text.startsWith('\ufeff')) findings.tolerated('bom', 1);
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  return body.split('\n').flatMap((raw, index): readonly Line[] => {
    const line = index + 1;
    const content = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (content !== raw) findings.tolerated('crlf', line);
    if (content.includes('\ufffd')) return findings.fault(line, 'is not UTF-8'), [];
    return content.trim() === '' ? [] : [{ text: content, line }];
  });
}

/** The rows of a table with a header; tabs part the cells and quotes mean nothing. A row with another number of cells than the header is a fault. */
export function rowsOf(text: string, findings: Findings): { readonly names: readonly string[]; readonly rows: readonly TableRow[] } {
  const [header, ...lines] = linesOf(text, findings);
  if (header === undefined) return { names: [], rows: [] };
  const names = header.text.split('\t').map((name) => name.trim());
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) !== index);
  if (twice !== undefined) findings.fault(header.line, `the header names the column "${twice}" twice`);
  const places = new Map(names.map((name, index) => [name, index]));
  const rows = lines.flatMap(({ text: content, line }): readonly TableRow[] => {
    const cells = content.split('\t');
    if (cells.length !== names.length) return findings.fault(line, `has ${cells.length} cells, the header ${names.length}`), [];
    return [{ line, cells: { get: (name) => cells[places.get(name) ?? -1] } }];
  });
  return { names, rows };
}

/** A row of a table, its cells by the names of the columns. */
export interface TableRow {
  readonly line: number;
  readonly cells: { get(name: string): string | undefined };
}

/** A cell that holds a number of at least 0; undefined when it is empty, NaN when it is none. */
export function numberIn(cell: string | undefined): number | undefined {
  if (cell === undefined || cell.trim() === '') return undefined;
  const value = Number(cell);
  return value >= 0 && Number.isFinite(value) ? value : Number.NaN;
}
