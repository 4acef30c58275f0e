/**
 * `npm run model`: walks through every way in which crashes, foreign edits and a failing system can interleave with the remedy protocol, then weakens single lines of it and
 * shows that each weakened copy breaks a promise. Exit code 1 when a promise does not hold or a weakened copy survives. `--json` prints one object.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './lib/run.mjs';

const folder = join(root, 'packages/core/test/remedy-model');
// Inside the repository, so that the tools it imports are found.
const scratch = mkdtempSync(join(root, 'node_modules/.realops-model-'));
try {
  const outfile = join(scratch, 'sweep.mjs');
  await build({ entryPoints: [join(folder, 'sweep.ts')], bundle: true, platform: 'node', format: 'esm', target: 'node20', external: ['esbuild'], outfile, define: { 'import.meta.dirname': JSON.stringify(folder) } });
  const { sweep, sweepMutants, INVARIANTS } = await import(pathToFileURL(outfile).href);
  const walks = await sweep();
  const mutants = await sweepMutants();
  const killed = mutants.filter(({ violation }) => violation !== undefined);
  const sound = walks.every(({ violation }) => violation === undefined);
  const total = (of) => walks.reduce((sum, each) => sum + of(each), 0);
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ sound, sessions: total(({ sessions }) => sessions), paths: total(({ paths }) => paths), steps: total(({ steps }) => steps), walks, mutants: { all: mutants.length, killed: killed.length, list: mutants } })}\n`);
  } else {
    for (const { name, sessions, paths, steps, ms, violation } of walks) process.stdout.write(`${violation === undefined ? 'holds ' : 'BROKEN'}  ${name}: ${sessions} sessions, ${paths} paths, ${steps} steps, ${ms} ms\n${violation === undefined ? '' : tell(violation)}`);
    process.stdout.write(`\n${total(({ sessions }) => sessions)} sessions, ${total(({ paths }) => paths)} paths, ${total(({ steps }) => steps)} steps; ${Object.keys(INVARIANTS).length} promises\n\n`);
    for (const { name, violation } of mutants) process.stdout.write(`${violation === undefined ? 'SURVIVED' : `killed by ${violation.invariant.padEnd(4)}`}  ${name}\n`);
    process.stdout.write(`\n${killed.length} of ${mutants.length} weakened copies killed\n`);
  }
  process.exitCode = sound && killed.length === mutants.length ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function tell({ invariant, trace }) {
  return `        ${invariant}\n${trace.map((each) => `          ${each}\n`).join('')}`;
}
