import jsonata from 'jsonata';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../text/index.js';
import { directReader, type DirectReader } from './direct.js';
import { quickAst } from './quick.js';

/** The reader of a text, from its quick tree where it has one, as compiling does. */
function readerOf(text: string): DirectReader | undefined {
  return directReader(quickAst(text) ?? JSON.parse(JSON.stringify(jsonata(text).ast())));
}

const scalar = fc.oneof(fc.constantFrom<Json>(0, 1, -1, 2.5, 1e21, '', 'a', 'b', '1', 'ä', true, false, null), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string());
const value: fc.Arbitrary<Json> = fc.oneof({ weight: 8, arbitrary: scalar }, { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) }, { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('a', 'b', 'x'), scalar) });
const scope = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof({ weight: 4, arbitrary: value }, { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('x', 'y'), value) }), { minKeys: 1 });
const operand = fc.constantFrom('a', 'b', 'c', 'a.x', 'b.y', '0', '1', '2.5', '"a"', "''", '"1"', 'true', 'false', 'null', '-1');
const comparison = fc.tuple(operand, fc.constantFrom('=', '!=', '<', '<=', '>', '>='), operand).map((parts) => parts.join(' '));
const text = fc.oneof(comparison, fc.array(fc.oneof(comparison, fc.constantFrom('a', 'true', 'b.x')), { minLength: 2, maxLength: 4 }).chain((parts) => fc.array(fc.constantFrom(' and ', ' or '), { minLength: 3, maxLength: 3 }).map((words) => parts.map((part, index) => (index === 0 ? part : `${words[index - 1] ?? ''}${part}`)).join(''))));

describe('directReader', () => {
  it.each([
    ['status = 200', { status: 200 }, true],
    ['status = 200', { status: 500 }, false],
    ['status = 200', { status: '200' }, false],
    ['a.x != "no"', { a: { x: 'yes' } }, true],
    ['a < b', { a: 'x', b: 'y' }, true],
    ['a >= 2 and b < 3', { a: 2, b: 2.5 }, true],
    ['a = null', { a: null }, true],
  ])('answers %s over %j at once', (expression, over, wanted) => {
    expect(readerOf(expression)?.(over)).toEqual({ known: true, value: wanted });
  });

  it.each([
    ['a = 1', {}],
    ['a < 1', { a: 'x' }],
    ['a = b', { a: [1], b: [1] }],
    ['a = b', { a: { x: 1 }, b: { x: 1 } }],
    ['a.x = 1', { a: [{ x: 1 }] }],
    ['a and b', { a: true, b: 'x' }],
  ])('leaves %s over %j to the library', (expression, over) => {
    expect(readerOf(expression)?.(over)).toEqual({ known: false });
  });

  it.each(['a in b', 'a + 1 = 2', '$count(a) = 1', 'a[0] = 1', 'a = 1 ? 2 : 3'])('does not read %s', (expression) => {
    expect(readerOf(expression)).toBeUndefined();
  });

  it('never differs from the library', async () => {
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(text, scope, async (expression, over) => {
        const read = readerOf(expression)?.(over);
        if (read?.known !== true) return;
        answered += 1;
        expect(read.value, `${expression} over ${JSON.stringify(over)}`).toEqual(await jsonata(expression).evaluate(over));
      }),
      { numRuns: 5_000 },
    );
    expect(answered).toBeGreaterThan(500);
  });
});
