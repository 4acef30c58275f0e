import { dirname, join, resolve } from 'node:path';
import { findSuiteFile } from '../load/files.js';
import { UsageError, type CliIo } from './io.js';

/** The options that every command on the ledger has. */
export const STATE_OPTIONS = { state: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

/** How those options are told in `--help`. */
export const STATE_HELP = '  --state DIR     the state folder (default .realops beside the suite)\n  --json          print JSON';

/** The state folder of a suite: as given, or `.realops` beside its file. */
export async function stateFolder(suiteArgument: string, given: string | undefined, io: CliIo): Promise<string> {
  if (given !== undefined) return resolve(io.cwd, given);
  return join(dirname(await findSuiteFile(resolve(io.cwd, suiteArgument))), '.realops');
}

/** Who gives a command, for the ledger. */
export function personOf(given: string | undefined, io: CliIo): string {
  return given ?? io.env['USER'] ?? io.env['LOGNAME'] ?? 'someone';
}

/** A length of time such as `24h`, in milliseconds. */
export function durationOf(option: string, text: string, parse: (text: string) => number): number {
  try {
    return parse(text);
  } catch {
    throw new UsageError(`${option} takes a duration such as 30m or 24h, got "${text}"`);
  }
}
