import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check } from '../../src/cli/check.js';

/** The folder of the broken suites, one folder for each part of the language. */
export const BROKEN = join(dirname(fileURLToPath(import.meta.url)), 'suites');

/** What `realops check` made of a suite: its exit code and all that it printed. */
export interface Checked {
  readonly exit: number;
  readonly text: string;
}

/** Every broken suite, as `group/name.yaml`. The folders `files` beside them hold what they name. */
export function brokenSuites(): readonly string[] {
  const groups = readdirSync(BROKEN, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return groups.flatMap((group) => readdirSync(join(BROKEN, group)).filter((name) => name.endsWith('.yaml')).map((name) => `${group}/${name}`)).sort();
}

/** Runs the command `check` with an empty environment, as if called in the folder of the suite. */
export async function checkSuite(file: string, format = 'text'): Promise<Checked> {
  const written: string[] = [];
  const output = { write: (text: string) => void written.push(text), interactive: false, color: false, columns: 80 };
  const exit = await check.run([file, '--format', format], { cwd: dirname(file), nodeVersion: process.version, env: {}, out: output, error: output, signal: new AbortController().signal });
  return { exit, text: written.join('') };
}
