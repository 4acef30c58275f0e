import { describe, expect, it } from 'vitest';
import { compileExpression } from './compile.js';

const told = (text: string): readonly string[] => compileExpression(text, { condition: true }).problems.map(({ message }) => message);

describe('a condition', () => {
  it.each([
    ['200', 'a number'], ["'NORMAL'", 'a text'], ['null', 'null'], ['-1', 'a number'], ['(1; 2)', 'a number'], ['[a, b]', 'a list'], ['{ "a": 1 }', 'an object'], ['a + 1', 'a number'],
    ['a & b', 'a text'], ['$count(a)', 'a number'], ['$lowercase(a)', 'a text'], ['$split(a, ",")', 'a list'], ['/a/', 'a pattern'],
  ])('%s can never hold', (text, kind) => {
    expect(told(text)).toEqual([`\`${text}\` always gives ${kind}; a condition compares something`]);
    expect(compileExpression(text).problems).toEqual([]);
  });

  it.each(['a', 'true', 'a = 1', 'a and b', '$exists(a)', '$not(a)', 'a ? b : c', '$lookup(a, "b")', 'a[0]', 'a.$count(b) = 1', '(a := 1; a = 1)', '$count(a) > 0', 'a.b', '$single(a)', '"x" in a'])('%s may hold', (text) => {
    expect(told(text).filter((message) => message.includes('always gives'))).toEqual([]);
  });
});
