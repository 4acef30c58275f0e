import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './run.mjs';

/** The built command. */
export const cli = join(root, 'packages/core/dist/cli.js');

const GNU_TIME = '/usr/bin/time';

/** Does something in a fresh folder that is gone afterwards. */
export async function inScratch(work) {
  const folder = mkdtempSync(join(tmpdir(), 'realops-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * CPU seconds (user and system, all threads) and the largest resident set of a whole Node process, each the median of several runs, since one run
 * alone says as much about the machine as about the program. GNU time measures; where it is missing, the process is asked at its exit.
 */
export function costOf(args, { times = 7, cwd = root, env = process.env } = {}) {
  return inScratch((folder) => {
    const runs = Array.from({ length: times }, () => once(args, { cwd, env }, folder));
    return { cpu_s: round(median(runs.map(({ cpu }) => cpu)), 3), mib: round(median(runs.map(({ mib }) => mib)), 1) };
  });
}

function once(args, { cwd, env }, folder) {
  const usage = join(folder, 'usage');
  const [command, ...rest] = existsSync(GNU_TIME) ? [GNU_TIME, '--format=%U %S %M', `--output=${usage}`, '--quiet', process.execPath, ...args] : [process.execPath, '--require', atExit(folder, usage), ...args];
  const { status, stderr, stdout } = spawnSync(command, rest, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with exit code ${status}\n${stdout}${stderr}`);
  const [user, system, kib] = readFileSync(usage, 'utf8').trim().split(' ').map(Number);
  return { cpu: user + system, mib: kib / 1024 };
}

function atExit(folder, usage) {
  const file = join(folder, 'at-exit.cjs');
  writeFileSync(file, `process.on('exit', () => { const u = process.resourceUsage(); require('node:fs').writeFileSync(${JSON.stringify(usage)}, [u.userCPUTime / 1e6, u.systemCPUTime / 1e6, u.maxRSS].join(' ')); });`);
  return file;
}

/** Starts a server script in another process, so that its work is not counted; it prints its port. */
export async function withServer(script, work) {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const port = await new Promise((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', (line) => resolve(Number(line)));
      child.once('exit', () => reject(new Error('the server ended')));
    });
    return await work(`http://127.0.0.1:${port}`);
  } finally {
    child.kill();
  }
}

/** The middle value. */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** A number with so many digits after the point. */
export function round(value, digits) {
  return Number(value.toFixed(digits));
}
