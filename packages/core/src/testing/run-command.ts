import { parseCommandLine } from '../cli/command-options.js';
import type { CommandContext, PluginCommand } from '../model/command.js';
import { createRandom } from '../text/index.js';
import { systemClock, type Clock } from '../time/index.js';

/** How a command is run in a test. */
export interface RunCommandOptions {
  /** The folder that it is given in. */
  readonly cwd?: string;
  readonly env?: { readonly [name: string]: string };
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/** What came of a command in a test. */
export interface CommandRun {
  /** The exit code. */
  readonly code: number;
  readonly out: string;
  readonly error: string;
  /** What it said of how far it has come. */
  readonly progress: readonly string[];
}

/**
 * Runs a command of a plugin with the words of a command line, as the command line does.
 * @throws what the command throws, and an Error for a line that its `with` does not admit
 */
export async function runCommand(command: PluginCommand, args: readonly string[], options: RunCommandOptions = {}): Promise<CommandRun> {
  const { cwd = '.', env = {}, signal = new AbortController().signal, clock = systemClock } = options;
  const written = { out: '', error: '' };
  const progress: string[] = [];
  const output = (name: keyof typeof written): CommandContext['out'] => ({ write: (text) => void (written[name] += text), interactive: false, color: false, columns: 80 });
  const say = (message: string): void => void (written.error += `${message}\n`);
  const context: CommandContext = {
    signal, clock, cwd, env, out: output('out'), error: output('error'), log: { debug: () => undefined, info: () => undefined, warn: say },
    progress: (text) => void (text === '' ? undefined : progress.push(text)), random: createRandom(1),
  };
  // The same seam as that of the command line.
  const code = await command.run(parseCommandLine(command, args) as never, context);
  return { code, ...written, progress };
}
