import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { read, root } from './fences.js';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}

const lock = JSON.parse(read('package-lock.json')) as { readonly packages: { readonly [path: string]: Locked } };
const installed = Object.entries(lock.packages).filter(([path, { link }]) => path.includes('node_modules/') && link !== true);

/** Licences that ask for nothing but their own text. */
const PERMISSIVE = new Set(['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0', 'MIT-0', 'Python-2.0']);

describe('package-lock.json', () => {
  it('names no address to download from', () => {
    expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
    expect(read('package-lock.json')).not.toMatch(/https?:\/\/[^"]*\.tgz/);
  });

  it('pins the content of every package', () => {
    expect(installed.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? '')).map(([path]) => path)).toEqual([]);
  });

  it('knows every dependency that is declared', () => {
    for (const folder of ['', 'packages/core', 'packages/plugin-voice', 'examples/assistant']) {
      const { dependencies, devDependencies } = JSON.parse(read(join(folder, 'package.json'))) as { readonly dependencies?: object; readonly devDependencies?: object };
      const locked = lock.packages[folder] as { readonly dependencies?: object; readonly devDependencies?: object } | undefined;
      expect(locked?.dependencies ?? {}, folder).toEqual(dependencies ?? {});
      expect(locked?.devDependencies ?? {}, folder).toEqual(devDependencies ?? {});
    }
  });
});

describe('what users install', () => {
  const production = installed.filter(([, { dev, devOptional }]) => dev !== true && devOptional !== true);

  it('is little', () => {
    expect(production.length).toBeGreaterThan(2);
    expect(production.length).toBeLessThan(40);
  });

  it.each(production.map(([path]) => path).filter((path) => existsSync(join(root, path))))('%s has a permissive licence', (path) => {
    const { license } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) as { readonly license?: string };
    const choices = (license ?? 'none').replace(/[()]/g, '').split(' OR ');
    expect(choices.some((choice) => choice.split(' AND ').every((each) => PERMISSIVE.has(each))), license ?? 'no licence').toBe(true);
  });
});
