import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitLines } from './lines.js';

async function all(pieces: readonly string[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of splitLines(pieces)) lines.push(line);
  return lines;
}

describe('splitLines', () => {
  it('splits at \\n alone', async () => {
    expect(await all(['{"a":"\u2028\u2029\u0085"}\n{"b":1}\r\n', '', 'last'])).toEqual(['{"a":"\u2028\u2029\u0085"}', '{"b":1}\r', 'last']);
    expect(await all([])).toEqual([]);
  });

  it('gives the same lines however the text is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: fc.constantFrom('a', '\n', 'b') })), async (pieces) => {
        const text = pieces.join('');
        expect(await all(pieces)).toEqual(text === '' ? [] : text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n'));
      }),
    );
  });
});
