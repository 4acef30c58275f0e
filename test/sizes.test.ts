import { describe, expect, it } from 'vitest';
import { filesBelow, read } from './fences.js';

const HARD_CAP = 400;
const SOFT_CAP = 250;

const files = ['packages', 'examples', 'scripts', 'test'].flatMap((folder) => ['.ts', '.mjs'].flatMap((ending) => filesBelow(folder, ending)));
const lines = new Map(files.map((path) => [path, read(path).trimEnd().split('\n')]));

describe('sizes', () => {
  it(`no file has more than ${HARD_CAP} lines`, () => {
    expect(longer(HARD_CAP)).toEqual([]);
  });

  it(`few files have more than ${SOFT_CAP} lines`, ({ annotate }) => {
    const long = longer(SOFT_CAP);
    if (long.length > 0) void annotate(`above the soft cap of ${SOFT_CAP} lines: ${long.join(', ')}`);
    expect(long.length / files.length).toBeLessThan(0.05);
  });

  it('a file lies beside its test', () => {
    const orphans = files.filter((path) => /^packages\/[\w-]+\/src\/.*\.test\.ts$/.test(path)).filter((path) => {
      const folder = path.slice(0, path.lastIndexOf('/'));
      return !files.some((other) => other !== path && other.startsWith(`${folder}/`) && !other.endsWith('.test.ts'));
    });
    expect(orphans).toEqual([]);
  });
});

function longer(cap: number): readonly string[] {
  return [...lines].filter(([, each]) => each.length > cap).map(([path, each]) => `${path} (${each.length})`);
}
