import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CODES, codeFrame, formatProblem, formatProblems, isErrorCode, sortProblems, type Problem } from './index.js';

const at = (line: number, column: number, file = 'a.yaml'): Problem => ({ code: 'REALOPS_KEY_UNKNOWN', message: `at ${line}:${column}`, source: { file, line, column } });

describe('codeFrame', () => {
  it('shows the line, the one before, and a mark under the columns', () => {
    expect(codeFrame('one\ntwo three\nfour', 2, 5, 10)).toEqual(['  1 | one', '> 2 | two three', '    |     ^^^^^']);
  });

  it('keeps line numbers of different width in line', () => {
    const text = Array.from({ length: 10 }, (_, index) => `line ${index + 1}`).join('\n');
    expect(codeFrame(text, 10, 1, 5)).toEqual(['   9 | line 9', '> 10 | line 10', '     | ^^^^']);
  });

  it('shows tabs as one column, and lines that end with CRLF', () => {
    expect(codeFrame('a\r\n\tb\r\n', 2, 2)).toEqual(['  1 | a', '> 2 |  b', '    |  ^']);
  });

  it('cuts long lines around the mark and says so', () => {
    const [line, mark] = codeFrame(`${'x'.repeat(200)}HERE${'y'.repeat(200)}`, 1, 201, 205);
    expect(line).toMatch(/^> 1 \| …x+HEREy+$/);
    expect(mark?.indexOf('^')).toBe(line?.indexOf('HERE'));
    expect(line?.length).toBeLessThan(130);
  });

  it('always marks the character it is about', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.nat(400), (before, after) => {
        const [line = '', mark = ''] = codeFrame(`${'a'.repeat(before)}#${'b'.repeat(after)}`, 1, before + 1);
        expect(line.charAt(mark.indexOf('^'))).toBe('#');
      }),
    );
  });

  it('does not fail on a place that is not there', () => {
    expect(codeFrame('', 1, 1)).toEqual(['> 1 |', '    | ^']);
    expect(codeFrame('a', 9, 40).length).toBeGreaterThan(1);
  });
});

describe('problems', () => {
  it('are sorted by file, line and column, those without a place last, equal ones once', () => {
    const placeless: Problem = { code: 'REALOPS_VALUE_INVALID', message: 'nowhere' };
    const sorted = sortProblems([placeless, at(2, 1), at(1, 9), at(1, 2, 'b.yaml'), at(1, 2), at(2, 1)]);
    expect(sorted.map(({ source, message }) => (source === undefined ? message : `${source.file}:${source.line}:${source.column}`))).toEqual(['a.yaml:1:2', 'a.yaml:1:9', 'a.yaml:2:1', 'b.yaml:1:2', 'nowhere']);
  });

  it('show place, code, message, frame and hint', () => {
    const problem: Problem = { ...at(1, 3), hint: 'leave it out' };
    expect(formatProblem(problem, { textOf: () => 'a: b', showPath: (file) => `suites/${file}` })).toBe('suites/a.yaml:1:3  REALOPS_KEY_UNKNOWN  at 1:3\n> 1 | a: b\n    |   ^\nhint: leave it out');
    expect(formatProblem({ code: 'REALOPS_USAGE', message: 'no suite' })).toBe('REALOPS_USAGE  no suite');
  });

  it('are counted at the end', () => {
    expect(formatProblems([at(1, 1)])).toMatch(/\n\n1 problem in 1 file\. Nothing was run\.$/);
    expect(formatProblems([at(1, 1), at(1, 1, 'b.yaml'), at(2, 1)])).toMatch(/\n\n3 problems in 2 files\. Nothing was run\.$/);
    expect(formatProblems([{ code: 'REALOPS_USAGE', message: 'no suite' }])).toMatch(/\n\n1 problem\. Nothing was run\.$/);
  });
});

describe('the table of codes', () => {
  it('names every code in one form, in order, with a sentence', () => {
    const codes = Object.keys(CODES);
    for (const [code, sentence] of Object.entries(CODES)) {
      expect(code).toMatch(/^REALOPS_[A-Z]+(?:_[A-Z]+)*$/);
      expect(sentence).toMatch(/^[A-Z].*\.$/);
    }
    expect(new Set(codes).size).toBe(codes.length);
    expect(isErrorCode('REALOPS_TIMEOUT')).toBe(true);
    expect(isErrorCode('toString')).toBe(false);
  });
});
