/** `npm run check`: types, lint, unused code, generated files, and the packed packages. Everything is tried; the exit code says whether all held. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root, run } from './lib/run.mjs';
import { setup } from './setup.mjs';

await setup();
await build();
const bin = (name) => join(root, 'node_modules/.bin', name);
const packed = mkdtempSync(join(tmpdir(), 'realops-pack-'));
const checks = [
  ['types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['lint', bin('eslint'), ['.', '--max-warnings', '0']],
  ['unused code', bin('knip'), ['--no-progress']],
  ['generated files are fresh', process.execPath, ['scripts/generate.mjs', '--check']],
  ...['core', 'plugin-voice'].map((name) => [`${name}: publint`, bin('publint'), ['--strict', `packages/${name}`]]),
  ['pack', 'npm', ['pack', '--silent', '--pack-destination', packed, '-w', 'packages/core', '-w', 'packages/plugin-voice']],
];
const failed = [];
for (const [name, command, args] of checks) await one(name, command, args);
for (const file of readdirSync(packed)) await one(`types of ${file}`, bin('attw'), [join(packed, file), '--profile', 'esm-only', '--quiet', '--exclude-entrypoints', 'schemas/*']);
rmSync(packed, { recursive: true, force: true });
process.stdout.write(failed.length === 0 ? 'all checks held\n' : `did not hold: ${failed.join(', ')}\n`);
process.exit(failed.length === 0 ? 0 : 1);

async function one(name, command, args) {
  const started = Date.now();
  const { code, output } = await run(command, args, { quiet: true });
  process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
  if (code === 0) return;
  failed.push(name);
  process.stdout.write(`${output.trim().split('\n').slice(0, 60).join('\n')}\n`);
}
