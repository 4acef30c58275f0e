import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDelimited } from './delimited.js';

const csv = (text: string) => parseDelimited('rows.csv', text, ',');
const tsv = (text: string) => parseDelimited('rows.tsv', text, '\t');

describe('parseDelimited', () => {
  it('reads commas with quotes, doubled quotes and line breaks inside quotes', () => {
    expect(csv('a,b\n1,"x, ""y""\nz"\n,\n')).toEqual([{ a: '1', b: 'x, "y"\nz' }, { a: '', b: '' }]);
  });

  it('reads tabs without any quoting', () => {
    expect(tsv('path\tsentence\na.mp3\t"Hej", sa hon\n')).toEqual([{ path: 'a.mp3', sentence: '"Hej", sa hon' }]);
  });

  it.each(['\n', '\r\n'])('takes lines that end with %j, a byte order mark, empty lines and no line end at the end', (end) => {
    expect(csv(`\uFEFFa,b${end}${end}1,2${end}3,4`)).toEqual([{ a: '1', b: '2' }, { a: '3', b: '4' }]);
    expect(tsv(`\uFEFFa\tb${end}${end}1\t2${end}3\t4`)).toEqual([{ a: '1', b: '2' }, { a: '3', b: '4' }]);
  });

  it('gives no rows for an empty file or a header alone', () => {
    expect(csv('')).toEqual([]);
    expect(csv('a,b\n')).toEqual([]);
  });

  it.each([
    ['a,b\n1,2\n3\n', 3, 1, 'the row has 1 cells, the header 2'],
    ['a,b\n"x\ny",2\n3,4,5\n', 4, 1, 'the row has 3 cells, the header 2'],
    ['a,a\n', 1, 1, 'the header names the column "a" twice'],
    ['a,b\n1,"x\n\n', 2, 3, 'a quote is not closed'],
  ])('refuses %j at its line', (text, line, column, message) => {
    expect(() => csv(text)).toThrow(expect.objectContaining({ code: 'REALOPS_DATA_INVALID', message, source: { file: 'rows.csv', line, column } }));
  });

  it('reads back every table that is written with all cells in quotes', () => {
    const cell = fc.string().map((text) => text.replaceAll('\r', ''));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
        const text = [['a', 'b'], ...rows].map((cells) => cells.map((each) => `"${each.replaceAll('"', '""')}"`).join(',')).join('\n');
        expect(csv(text)).toEqual(rows.map(([a, b]) => ({ a, b })));
      }),
    );
  });
});
