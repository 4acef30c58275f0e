import jsonata from 'jsonata';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gotValues } from './evidence.js';

describe('gotValues', () => {
  it('gives what each name had, null for nothing', () => {
    expect(gotValues(['status', 'body.id', 'body.none', 'none.at.all'], { status: 200, body: { id: 'a' } })).toEqual({ status: 200, 'body.id': 'a', 'body.none': null, 'none.at.all': null });
  });

  it('gives the values of the items of a list', () => {
    const turns = [{ id: 'hello', verdict: 'pass' }, { id: 'thinking', verdict: 'fail' }, { id: 'bye' }];
    expect(gotValues(['turns.id', 'turns.verdict', 'turns.reason'], { turns })).toEqual({ 'turns.id': '["hello","thinking","bye"]', 'turns.verdict': '["pass","fail"]', 'turns.reason': null });
    expect(gotValues(['rows.cells.text'], { rows: [{ cells: [{ text: 'a' }, { text: 'b' }] }, { cells: { text: 'c' } }] })).toEqual({ 'rows.cells.text': '["a","b","c"]' });
  });

  it('cuts what is long', () => {
    expect(String(gotValues(['text'], { text: 'x'.repeat(1_000) })['text'])).toHaveLength(401);
  });

  it('is what an expression reads', async () => {
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({ tree: fc.oneof({ depthSize: 'small' }, fc.constantFrom(1, 'x', true), fc.array(tie('tree'), { maxLength: 3 }), fc.dictionary(fc.constantFrom('a', 'b'), tie('tree'), { maxKeys: 2 })) }));
    await fc.assert(fc.asyncProperty(fc.record({ a: tree, b: tree }), fc.constantFrom('a', 'a.a', 'a.b', 'b.a.b', 'a.a.a'), async (scope, path) => {
      const read: unknown = JSON.parse(JSON.stringify((await jsonata(path).evaluate(scope)) ?? null));
      const shown = gotValues([path], scope as never)[path];
      // A list of one is that one to an expression; here it is shown as what it is.
      if (read === null) expect([null, '[]']).toContain(shown);
      else if (typeof read !== 'object') expect([read, `[${JSON.stringify(read)}]`]).toContain(shown);
    }));
  });
});
