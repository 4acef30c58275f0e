import jsonata from 'jsonata';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quickAst } from './quick.js';

/** The tree of the library as data. */
const tree = (text: string): unknown => JSON.parse(JSON.stringify(jsonata(text).ast()));

describe('quickAst', () => {
  it.each(['status', 'steps.get.body.id', ' status = 200 ', 'body.id != "x y"', "a.b >= 0.25", 'a<b.c', "x = 'it'", 'a = ""', 'android.inner = oracle', 'a\n=\n1'])('reads %j as the library does', (text) => {
    expect(quickAst(text)).toEqual(tree(text));
  });

  it.each(['', '$x', 'a and b', 'and', 'true', 'null', 'a.true', 'a = true', 'a = -1', 'a = 01', 'a = 1e3', 'a = "\\n"', 'a[0]', 'a.b.', 'a = b = c', '1 = a', '`a`', 'a.*', 'a + 1', 'a := 1', 'a in b', 'åäö', 'a = function', 'a ? b : c', 'a == 1', 'a = 12345678901234567890', '/* x */ a'])('leaves %j to the library', (text) => {
    expect(quickAst(text)).toBeUndefined();
  });

  it('never differs from the library', () => {
    const token = fc.constantFrom('a', 'b1', '_c', '.', ' ', '=', '!=', '<', '<=', '>', '>=', '0', '7', '12.5', '"t"', "'u'", '"', 'and', 'or', 'in', 'true', '-', '\n', '$', '(', ')', '[', ']', '%', '@', '#', '/', '*');
    let read = 0;
    fc.assert(
      fc.property(fc.array(token, { minLength: 1, maxLength: 7 }).map((tokens) => tokens.join('')), (text) => {
        const quick = quickAst(text);
        if (quick === undefined) return;
        read += 1;
        expect(quick, text).toEqual(tree(text));
      }),
      { numRuns: 20_000 },
    );
    expect(read).toBeGreaterThan(100);
  });
});
