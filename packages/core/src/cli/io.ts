import type { Output } from '../model/outlet.js';

/** What a command is given from the process; the only way it sees the outside. */
export interface CliIo {
  readonly cwd: string;
  /** The version of Node.js, as it says it itself: `v20.19.0`. */
  readonly nodeVersion: string;
  readonly env: { readonly [name: string]: string | undefined };
  readonly out: Output;
  readonly error: Output;
  /** Aborts at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** Calls back whenever the process is asked to read its files again (SIGHUP). */
  readonly onReload?: (call: () => void) => void;
}

/** A command line that cannot be understood; shown with a pointer to `--help`. */
export class UsageError extends Error {}

/** One command of the CLI. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** Usage, options and examples. */
  readonly help: string;
  /** Gives the exit code. */
  run(args: readonly string[], io: CliIo): Promise<number>;
}
