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
const failed = [];
try {
  await one('types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']);
  await one('lint', bin('eslint'), ['.', '--max-warnings', '0']);
  await one('unused code', bin('knip'), ['--no-progress', '--no-config-hints']);
  await one('generated files are fresh', process.execPath, ['scripts/generate.mjs', '--check']);
  await one('pack', 'npm', ['pack', '--silent', '--pack-destination', packed, '-w', 'packages/core', '-w', 'packages/plugin-voice']);
  for (const file of readdirSync(packed)) {
    await one(`${file}: publint`, bin('publint'), ['--strict', join(packed, file)]);
    await one(`${file}: types of every entry`, bin('attw'), [join(packed, file), '--profile', 'esm-only', '--no-emoji', '--exclude-entrypoints', 'schemas/*']);
  }
} finally {
  rmSync(packed, { recursive: true, force: true });
}
process.stdout.write(failed.length === 0 ? 'all checks held\n' : `did not hold: ${failed.join(', ')}\n`);
process.exit(failed.length === 0 ? 0 : 1);

async function one(name, command, args) {
  const started = performance.now();
  const { code, output } = await run(command, args, { quiet: true });
  process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)\n`);
  if (code === 0) return;
  failed.push(name);
  const lines = output.trim().split('\n');
  process.stdout.write(`${lines.slice(0, 80).join('\n')}\n${lines.length > 80 ? `… ${lines.length - 80} more lines\n` : ''}`);
}
