import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BROKEN, brokenSuites, checkSuite } from './support.js';

/** `UPDATE_GOLDENS=1` writes what is printed now; every change is to be read before it is committed. */
const UPDATE = process.env['UPDATE_GOLDENS'] === '1';

/** Suites with more than one problem: five faults at once, a comma that leaves half an expression and half a key, and two parameters that are missing. */
const SEVERAL = new Map([['suite/five-faults.yaml', 5], ['expression/flow-comma.yaml', 2], ['remedy/with-missing.yaml', 2]]);

describe('a broken suite', () => {
  const suites = brokenSuites();

  it.each(suites)('%s is refused in exactly these words', async (suite) => {
    const file = join(BROKEN, suite);
    const golden = file.replace(/\.yaml$/, '.txt');
    const { exit, text } = await checkSuite(file);
    if (UPDATE) writeFileSync(golden, text);
    expect(existsSync(golden), `${golden} is missing`).toBe(true);
    expect(text).toBe(readFileSync(golden, 'utf8'));
    expect(exit).toBe(3);
  });

  it.each(suites)('%s tells each problem once, with its place and no noise', async (suite) => {
    const file = join(BROKEN, suite);
    const { text } = await checkSuite(file, 'json');
    const { problems } = JSON.parse(text) as { readonly problems: readonly { readonly message: string; readonly line: number | null; readonly column: number | null; readonly file: string | null }[] };
    expect(problems.length).toBe(SEVERAL.get(suite) ?? 1);
    for (const { message, line, column, file: shown } of problems) {
      expect(message).not.toMatch(/undefined|\[object|\n|node_modules/);
      expect(message).not.toContain(BROKEN);
      expect(shown).not.toBeNull();
      expect(Math.min(line ?? 0, column ?? 0)).toBeGreaterThan(0);
    }
    expect(new Set(problems.map((problem) => JSON.stringify(problem))).size).toBe(problems.length);
  });

  it('comes in at least two hundred kinds', () => {
    expect(suites.length).toBeGreaterThanOrEqual(200);
  });
});
