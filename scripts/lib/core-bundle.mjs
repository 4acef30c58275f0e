/**
 * What the bundle of the core package has that its sources do not: validators that were compiled beforehand, and libraries that are loaded late.
 * Every run would otherwise compile the schemas of the engine again (0.1 s of CPU) and load libraries that it may never call.
 */
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { loadSource } from './load-source.mjs';
import { root } from './run.mjs';

const core = join(root, 'packages/core');
const require = createRequire(join(core, 'package.json'));

/** The libraries behind `late()`. */
export const LATE = ['ajv', 'jsonata', 'yaml'];

/** The file that a library begins with. */
export const entryOf = (library) => require.resolve(library);

/** Makes code of what the compiler of schemas has compiled. */
const { default: codeOf } = require(join(entryOf('ajv'), '../standalone'));

/** Lets a bundle take ready validators and late libraries from the files beside it. */
export function coreBundle() {
  return {
    name: 'core-bundle',
    setup(bundle) {
      bundle.onLoad({ filter: /[\\/]late[\\/]late\.ts$/ }, () => moduleOf('export const late = (name) => load(`./late/${name}.cjs`);'));
      bundle.onLoad({ filter: /[\\/]schema[\\/]ready\.ts$/ }, async () => {
        const { schemas, fingerprintOf } = await readySchemas();
        return moduleOf(`const ready = new Set(${JSON.stringify(schemas.map(fingerprintOf))});\nexport const readyValidator = (fingerprint) => (ready.has(fingerprint) ? load(\`./ready/\${fingerprint}.cjs\`) : undefined);`);
      });
      // Requests are made over HTTP/1.1 alone; Node's HTTP/2, which this file would load, costs 10 ms of CPU.
      bundle.onLoad({ filter: /[\\/]undici[\\/]lib[\\/]dispatcher[\\/]client-h2\.js$/ }, () => ({ contents: "module.exports = () => { throw new Error('HTTP/2 is not spoken here') };\n", loader: 'js' }));
    },
  };
}

const moduleOf = (body) => ({ contents: `import { createRequire } from 'node:module';\nconst load = createRequire(import.meta.url);\n${body}\n`, loader: 'js' });

/** What the bundle loads beside itself: a file for each late library, and one for each validator. */
export async function buildBeside(dist) {
  const entryPoints = Object.fromEntries(LATE.map((name) => [name, entryOf(name)]));
  await build({ entryPoints, outdir: join(dist, 'late'), outExtension: { '.js': '.cjs' }, bundle: true, minify: true, legalComments: 'none', platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error' });
  await buildReady(join(dist, 'ready'));
}

/** One CommonJS file for each schema that suites are checked with, named by its fingerprint: a schema that changed since is not found, and so is compiled as ever. */
async function buildReady(outdir) {
  const { schemas, closeObjects, createEngine, fingerprintOf } = await readySchemas();
  const engine = createEngine({ source: true });
  mkdirSync(outdir, { recursive: true });
  for (const schema of schemas) {
    const contents = codeOf(engine, engine.compile(closeObjects(schema)));
    await build({ stdin: { contents, resolveDir: root }, outfile: join(outdir, `${fingerprintOf(schema)}.cjs`), bundle: true, minify: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error' });
  }
}

const readySchemas = () => loadSource('scripts/lib/ready-schemas.ts');
