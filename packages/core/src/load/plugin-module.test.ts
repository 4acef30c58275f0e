import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { locateModule } from './plugin-module.js';

describe('locateModule', () => {
  let folder = '';
  const add = async (name: string, description: object, ...files: readonly string[]): Promise<void> => {
    const home = join(folder, 'node_modules', name);
    await mkdir(join(home, 'dist'), { recursive: true });
    await writeFile(join(home, 'package.json'), JSON.stringify({ name, version: '1.0.0', ...description }));
    for (const file of files) await writeFile(join(home, file), 'export default {};\n');
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'realops-plugins-'));
    await mkdir(join(folder, 'suites', 'deep'), { recursive: true });
    await writeFile(join(folder, 'suites', 'own.mjs'), 'export default {};\n');
    await add('plain', { main: 'dist/main.js' }, 'dist/main.js');
    await add('only-import', { type: 'module', exports: { '.': { import: { types: './dist/index.d.ts', default: './dist/index.js' } } } }, 'dist/index.js');
    await add('@scope/short', { type: 'module', exports: './dist/short.js' }, 'dist/short.js');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const url = (...parts: readonly string[]): string => pathToFileURL(join(folder, ...parts)).href;

  it('starts a path from the folder of the suite', () => {
    expect(locateModule('./own.mjs', join(folder, 'suites'))).toBe(url('suites', 'own.mjs'));
    expect(locateModule('../own.mjs', join(folder, 'suites', 'deep'))).toBe(url('suites', 'own.mjs'));
    expect(locateModule('./nothing.mjs', folder)).toBeUndefined();
  });

  it.each([
    ['plain', ['plain', 'dist', 'main.js']],
    ['only-import', ['only-import', 'dist', 'index.js']],
    ['@scope/short', ['@scope/short', 'dist', 'short.js']],
  ])('finds the package %s in a folder above, also when it can only be imported', (name, parts) => {
    expect(locateModule(name, join(folder, 'suites', 'deep'))).toBe(url('node_modules', ...parts));
  });

  it('finds no package that is not installed', () => {
    expect(locateModule('@scope/nothing', folder)).toBeUndefined();
  });
});
