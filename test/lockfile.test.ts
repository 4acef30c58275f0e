import { expect, it } from 'vitest';
import { read } from './fences.js';

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
}

const lock = JSON.parse(read('package-lock.json')) as { readonly lockfileVersion: number; readonly packages: { readonly [path: string]: LockedPackage } };
const installed = Object.entries(lock.packages).filter(([path, { link }]) => path.startsWith('node_modules/') && link !== true);

it('names no address to download from, so that any registry serves', () => {
  expect(lock.lockfileVersion).toBe(3);
  expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  expect(read('package-lock.json')).not.toMatch(/https?:\/\/(?!(?:opencollective|github|tidelift|www\.patreon|paypal|ko-fi|buymeacoffee)\b)[^"]*\.tgz/);
});

it('every package is pinned by its contents', () => {
  expect(installed.filter(([, { integrity, version }]) => integrity === undefined || version === undefined).map(([path]) => path)).toEqual([]);
});

it('what users install is under a permissive licence', () => {
  const allowed = /^\(?(?:MIT|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD|MIT-0|Unlicense|BlueOak-1\.0\.0)(?: (?:AND|OR) .*)?\)?$/;
  // The bundle of the core holds these libraries, so their licences count as well.
  const bundled = ['ajv', 'fast-deep-equal', 'fast-uri', 'json-schema-traverse', 'require-from-string', 'croner', 'jsonata', 'undici', 'yaml'].map((name) => `node_modules/${name}`);
  expect(bundled.filter((path) => lock.packages[path] === undefined)).toEqual([]);
  const production = installed.filter(([path, { dev }]) => dev !== true || bundled.includes(path));
  expect(production.length).toBeGreaterThan(4);
  expect(production.filter(([, { license }]) => license === undefined || !allowed.test(license)).map(([path, { license }]) => `${path}: ${license ?? 'none'}`)).toEqual([]);
});

it('the ranges of production dependencies are what package.json says', () => {
  for (const name of ['core', 'plugin-voice']) {
    const manifest = JSON.parse(read(`packages/${name}/package.json`)) as { readonly dependencies: { readonly [name: string]: string } };
    const locked = lock.packages[`packages/${name}`] as unknown as { readonly dependencies: unknown };
    expect(locked.dependencies).toEqual(manifest.dependencies);
  }
});
