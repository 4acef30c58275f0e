import { RealopsError } from '../errors/index.js';
import type { JsonObject } from '../text/index.js';

/**
 * Rows of a table with a header line. Commas follow RFC 4180 (quotes, doubled quotes, line breaks inside quotes); tabs know no quoting, as in Common Voice.
 * Every value is a string; an empty cell is an empty string.
 * @throws RealopsError REALOPS_DATA_INVALID with the line when a row has another number of cells than the header.
 */
export function parseDelimited(file: string, text: string, separator: '\t' | ','): readonly JsonObject[] {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const lines = separator === '\t' ? splitTabs(body) : splitCommas(file, body);
  const [header, ...rows] = lines;
  if (header === undefined) return [];
  const names = header.cells.map((name) => name.trim());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RealopsError('REALOPS_DATA_INVALID', `the header names the column "${twice}" twice`, { source: { file, line: 1, column: 1 }, hint: 'rename one of them' });
  return rows.map(({ cells, line }) => {
    if (cells.length !== names.length) {
      throw new RealopsError('REALOPS_DATA_INVALID', `the row has ${cells.length} cells, the header ${names.length}`, { source: { file, line, column: 1 }, hint: separator === ',' ? 'a text with a comma stands in quotes' : 'exactly one tab stands between two cells' });
    }
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

interface Line {
  readonly cells: readonly string[];
  readonly line: number;
}

function splitTabs(text: string): readonly Line[] {
  return text.split(/\r\n|\n|\r/).flatMap((content, index) => (content === '' ? [] : [{ cells: content.split('\t'), line: index + 1 }]));
}

function splitCommas(file: string, text: string): readonly Line[] {
  const lines: Line[] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let start = 1;
  let lineStart = 0;
  let quote = { line: 1, column: 1 };
  const endLine = (): void => {
    cells.push(cell);
    if (cells.length > 1 || cell !== '') lines.push({ cells, line: start });
    cells = [];
    cell = '';
  };
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (character === '\n') {
      line += 1;
      lineStart = index + 1;
    }
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text.charAt(index + 1) === '"') (cell += '"'), (index += 1);
      else quoted = false;
    } else if (character === '"' && cell === '') {
      quoted = true;
      quote = { line, column: index - lineStart + 1 };
    } else if (character === ',') cells.push(cell), (cell = '');
    else if (character === '\n') endLine(), (start = line);
    else if (character !== '\r') cell += character;
  }
  if (quoted) throw new RealopsError('REALOPS_DATA_INVALID', 'a quote is not closed', { source: { file, ...quote }, hint: 'put a " at the end of the text; a quote inside is written twice' });
  endLine();
  return lines;
}
