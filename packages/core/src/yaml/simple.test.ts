import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLibrary } from './document.js';
import type { Part } from './part.js';
import { readSimple } from './simple.js';

const SUITE = `version: 1
suite: alice   # a comment
targets: { api: 'http://127.0.0.1:8000', "asr": 'ws://127.0.0.1:8000/ws/asr' }

vars:
  lang: sv
  limit: -12
  share: 0.25
  on: true
  nothing: null
scenarios:
  # the first one
  - id: hello
    tags: [a, 'b', "c", 3]
    steps:
    - use: http.request
      with: { url: '\${{ targets.api }}/it''s', json: { deep: [[1, 2], { a: b c }] },
              trace: true }
      expect: ['status = 200', text != "", $count(body.items) > 2]
    - - nested
      - list
    -
      id: late
  - plain: a - b c:d#e
slos:
- { id: fast, objective: p95(http.total) < 2s }
`;

/** The end of a block matters only while it is on the line where the block begins; the library takes comments below to it. */
function comparable(part: Part | undefined, text: string): unknown {
  if (part === undefined || part.kind === 'scalar' || part.kind === 'alias') return part;
  const end = part.flow ? part.end : text.slice(part.start, part.end).includes('\n') ? 'below' : part.end;
  const below = part.kind === 'list' ? part.items.map((item) => comparable(item, text)) : part.entries.map(({ key, value }) => [comparable(key, text), comparable(value, text)]);
  return [part.kind, part.start, end, part.flow, part.anchor, part.tag, below];
}

/** Both readers on one text; the simple one may leave, but never differ. */
function agree(text: string): boolean {
  const simple = readSimple(text);
  if (simple === undefined) return false;
  expect(comparable(simple, text), text).toEqual(comparable(readLibrary(text), text));
  return true;
}

describe('the simple reader', () => {
  it('gives the same parts as the library', () => {
    expect(agree(SUITE)).toBe(true);
    expect(agree('a: 1\n')).toBe(true);
    expect(agree('a:\n- 1\n- b: 2\n  c: 3\n\n\n# end\n')).toBe(true);
    expect(agree('a: [x,\n    y]\nb: 2')).toBe(true);
  });

  it.each([
    'a: |\n  text\n', 'a: &x 1\n', 'a: *x\n', 'a: !tag 1\n', '? a\n: b\n', '--- \na: 1\n', '%YAML 1.1\n---\na: 1\n', 'a: one\n  two\n', 'a:\n', 'a: "x\\n"\n', 'a: {b}\n', 'a: [b: c]\n', 'a: [b,]\n', '[a]\n', 'a\n', '', 'a: 1\n b: 2\n',
    'a:\tb\n', 'a: b: c\n', 'a: \'x\n', 'a: [x\nb: 1\n', 'a: 0x10\n', 'a: 1e3\n', 'a: .5\n', 'a: 12345678901234567890\n', 'a: "b" c\n', 'a: [b]c\n', '- a\nb: 1\n', 'a: 1\n- b\n', 'a: b #\n  c\n', 'a:1\n', 'a: @b\n', 'a:\n  b\n',
  ])('leaves %j to the library', (text) => {
    expect(readSimple(text)).toBeUndefined();
  });

  it('never differs from the library, whatever is changed in a suite', () => {
    const pieces = ['\n', ' ', '  ', '- ', ': ', ':', '#', ' # x\n', ',', '[', ']', '{', '}', "'", '"', "''", 'a', '0', '-', '~', 'null', '1.5', '.', '\n\n', '\n  ', '\n- ', '&a ', '*a', '!', '|', '>', '?', '%', '\t', '\\', '=', '<<: '];
    let read = 0;
    const change = fc.record({ at: fc.nat(SUITE.length), cut: fc.integer({ min: 0, max: 6 }), piece: fc.constantFrom('', ...pieces) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let text = SUITE;
        for (const { at, cut, piece } of changes) text = text.slice(0, at) + piece + text.slice(at + cut);
        if (agree(text)) read += 1;
      }),
      { numRuns: 1_500 },
    );
    expect(read).toBeGreaterThan(100);
  });

  it('never differs from the library on small random texts', () => {
    const text = fc.array(fc.constantFrom('a', 'b: ', 'b', '- ', '\n', '\n  ', '\n    ', ' ', '[', ']', '{', '}', ', ', ',', ':', "'", '"', '#', ' #', '1', '-', '.', '~', 'true'), { maxLength: 18 }).map((pieces) => pieces.join(''));
    fc.assert(fc.property(text, (each) => void agree(each)), { numRuns: 4_000 });
  });

  it('reads every suite beside these sources as the library does', () => {
    const folder = join(import.meta.dirname, '../../test/broken/suites');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
    const read = files.filter((name) => agree(readFileSync(join(folder, name), 'utf8')));
    expect(read.length).toBeGreaterThan(files.length / 2);
  });
});
