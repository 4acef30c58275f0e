/**
 * `npm test`: sets everything up, builds, runs all tests, and ends with the totals alone on a line. Further arguments go to vitest.
 * Works from a fresh clone with nothing installed.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { isMain, root, run } from './lib/run.mjs';
import { setup } from './setup.mjs';

/** Runs vitest; the exit code is 0 only when it said so itself and every file could be read. */
export async function test(args = []) {
  const folder = mkdtempSync(join(tmpdir(), 'realops-totals-'));
  const file = join(folder, 'totals.json');
  try {
    const { code } = await run(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args]);
    const { passed, failed, skipped } = totals(file);
    process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
    return code === 0 && failed > 0 ? 1 : code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that could not be read counts as one failed test, and so does a run that left no totals. */
function totals(file) {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8'));
    const unread = report.testResults.filter(({ status, assertionResults }) => status === 'failed' && !assertionResults.some((each) => each.status === 'failed')).length;
    return { passed: report.numPassedTests, failed: report.numFailedTests + unread, skipped: report.numPendingTests + report.numTodoTests };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

if (isMain(import.meta.url)) {
  await setup({ system: true });
  await build();
  process.exit(await test(process.argv.slice(2)));
}
