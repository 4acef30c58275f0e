import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './run.mjs';

/** Imports a TypeScript source as it is now, without a build of the packages. */
export async function loadSource(path) {
  const folder = join(root, 'node_modules/.cache/realops');
  const outfile = join(folder, `${path.replaceAll(/[^\w]+/g, '-')}-${process.pid}.mjs`);
  mkdirSync(folder, { recursive: true });
  try {
    await build({ entryPoints: [join(root, path)], bundle: true, platform: 'node', format: 'esm', target: 'node20', outfile, packages: 'external', conditions: ['@alice/source'], logLevel: 'error', alias: { '@alice/realops/plugin': join(root, 'packages/core/src/plugin.ts') } });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
