import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './run.mjs';

/** Imports a TypeScript source as it is now, without a build of the packages. */
export async function loadSource(path) {
  const outfile = join(root, 'node_modules/.cache/realops', `${path.replaceAll(/[^\w]+/g, '-')}-${process.pid}.mjs`);
  mkdirSync(join(outfile, '..'), { recursive: true });
  await build({ entryPoints: [join(root, path)], bundle: true, platform: 'node', format: 'esm', target: 'node20', outfile, packages: 'external', conditions: ['@alice/source'], logLevel: 'error', alias: { '@alice/realops/plugin': join(root, 'packages/core/src/plugin.ts') } });
  return import(pathToFileURL(outfile).href);
}
