import { resolve } from 'node:path';
import { stateFolderOf } from '../index.js';
import type { CliIo } from './io.js';

/** The options that every command on the ledger has. */
export const STATE_OPTIONS = { state: { type: 'string' }, json: { type: 'boolean', default: false } } as const;

/** How those options are told in `--help`. */
export const STATE_HELP = '  --state DIR     the state folder (default .realops beside the suite)\n  --json          print JSON';

/** The state folder of a suite: as given, or `.realops` beside its file. */
export async function stateFolder(suiteArgument: string, given: string | undefined, io: CliIo): Promise<string> {
  if (given !== undefined) return resolve(io.cwd, given);
  return resolve(io.cwd, await stateFolderOf(suiteArgument));
}

/** Who gives a command, for the ledger. */
export function personOf(given: string | undefined, io: CliIo): string {
  return given ?? io.env['USER'] ?? io.env['LOGNAME'] ?? 'someone';
}
