import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom, isJsonObject, preview, seedOf, shuffled, writeFileAtomic } from './index.js';

describe('preview', () => {
  it('shows JSON, cut with an ellipsis', () => {
    expect(preview({ a: [1, 'x'] })).toBe('{"a":[1,"x"]}');
    expect(preview('x'.repeat(100), 10)).toBe('"xxxxxxxx…');
    expect(preview(undefined)).toBe('nothing');
  });
  it('is never longer than its limit', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.integer({ min: 2, max: 60 }), (value, limit) => preview(value, limit).length <= limit));
  });
});

describe('isJsonObject', () => {
  it.each([[{}, true], [{ a: 1 }, true], [[], false], [null, false], ['x', false], [undefined, false]])('%j is %s', (value, is) => {
    expect(isJsonObject(value)).toBe(is);
  });
});

describe('random numbers from a seed', () => {
  it('are the same on every machine', () => {
    const random = createRandom(42);
    expect([random(), random(), random()].map((value) => value.toFixed(6))).toEqual(['0.601104', '0.448291', '0.852466']);
  });
  it('shuffle without losing anything, the same way for the same seed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
        const order = shuffled(items, seed);
        expect([...order].sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b));
        expect(shuffled(items, seed)).toEqual(order);
      }),
    );
  });
  it('differ between words, also when the words join alike', () => {
    expect(new Set([seedOf(1, 'a', 'bc'), seedOf(1, 'ab', 'c'), seedOf(2, 'a', 'bc'), seedOf(1, 'abc')]).size).toBe(4);
  });
});

describe('writeFileAtomic', () => {
  it('makes the folder, replaces the file, and leaves nothing else behind', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'realops-atomic-'));
    try {
      const path = join(folder, 'new', 'report.md');
      await writeFileAtomic(path, 'one');
      await writeFileAtomic(path, 'two');
      expect(await readFile(path, 'utf8')).toBe('two');
      expect(await readdir(join(folder, 'new'))).toEqual(['report.md']);
      await writeFile(join(folder, 'file'), '');
      await expect(writeFileAtomic(join(folder, 'file', 'below'), 'x')).rejects.toThrow();
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
