import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { expect, it } from 'vitest';
import { filesBelow, read, root } from './fences.js';
import { importsOf } from './imports.js';

const CODE = ['packages', 'examples', 'scripts', 'test'].flatMap((folder) => [...filesBelow(folder, '.ts'), ...filesBelow(folder, '.mjs'), ...filesBelow(folder, '.js')]);
/** Lines of a file at which it is two files. */
const HARD_CAP = 400;
/** Lines that a file should stay below. */
const USUAL = 250;

const lines = (path: string): number => read(path).split('\n').length - 1;

it(`no file is longer than ${HARD_CAP} lines`, () => {
  expect(CODE.length).toBeGreaterThan(100);
  expect(CODE.map((path) => `${path}: ${lines(path)}`).filter((text) => Number(text.split(': ')[1]) > HARD_CAP)).toEqual([]);
});

it(`nearly all files of the product stay below ${USUAL} lines, half of them below 100`, () => {
  const sizes = CODE.filter((path) => path.startsWith('packages/') && path.includes('/src/') && !path.endsWith('.test.ts')).map((path) => ({ path, size: lines(path) }));
  expect(sizes.filter(({ size }) => size > USUAL).length).toBeLessThan(sizes.length / 20);
  expect(sizes.filter(({ size }) => size <= 100).length).toBeGreaterThan(sizes.length / 2);
});

it('what a plugin imports at run time is the error class and nothing else', () => {
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const { to, relative, typeOnly } of importsOf(file)) {
      if (typeOnly) continue;
      if (relative) visit(to);
      else seen.add(to);
    }
  };
  visit('plugin.ts');
  expect([...seen].filter((name) => !/^(?:plugin\.ts|errors\/|text\/)/.test(name) && !name.startsWith('node:') && !builtinModules.includes(name))).toEqual([]);
  expect([...seen].filter((name) => name.endsWith('.ts')).length).toBeLessThan(10);
});

const built = 'packages/core/dist/plugin.js';

it.runIf(existsSync(`${root}/${built}`))('the built plugin entry pulls no dependency and stays small', () => {
  const seen = new Map<string, number>();
  const packages: string[] = [];
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    const text = read(path);
    seen.set(path, text.length);
    for (const [, name = ''] of text.matchAll(/(?:^|[;\s}])(?:import|export)\s*(?:[\w*{][^;'"]*?from\s*)?["']([^"']+)["']/g)) {
      if (name.startsWith('./')) visit(`packages/core/dist/${name.slice(2)}`);
      else if (!name.startsWith('node:') && !builtinModules.includes(name)) packages.push(name);
    }
  };
  visit(built);
  expect(packages).toEqual([]);
  expect([...seen.values()].reduce((a, b) => a + b, 0)).toBeLessThan(25_000);
});
