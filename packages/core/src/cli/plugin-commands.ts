import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findPlugin, type Plugin } from '../index.js';
import type { CommandContext, PluginCommand } from '../model/command.js';
import { createRandom } from '../text/random.js';
import { suggestion } from '../text/suggest.js';
import { systemClock } from '../time/index.js';
import { commandHelp } from './command-help.js';
import { parseCommandLine } from './command-options.js';
import { EXIT, EXIT_HELP } from './exit-codes.js';
import { type CliIo } from './io.js';
import { createLogger } from './logger.js';

const PREFIX = '@alice/realops-plugin-';

/**
 * Runs a command of a plugin: `realops AREA NAME …`, where AREA stands for `@alice/realops-plugin-AREA`, or is a plugin as a suite would name it.
 * Gives undefined when there is no such plugin.
 */
export async function runPluginCommand(area: string, args: readonly string[], io: CliIo): Promise<number | undefined> {
  const plugin = await findPlugin(packageOf(area), io.cwd);
  if (plugin === undefined) return undefined;
  const commands = plugin.commands ?? [];
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return io.out.write(listOf(area, plugin, commands)), name === undefined ? EXIT.invalidInput : EXIT.healthy;
  const command = commands.find((each) => each.name === name);
  if (command === undefined) {
    io.error.write(`realops ${area}: the plugin ${plugin.name} has no command "${name}"\nhint: ${suggestion(name, commands.map((each) => each.name), 'commands')}\n`);
    return EXIT.invalidInput;
  }
  if (rest.includes('--help') || rest.includes('-h')) return io.out.write(`${commandHelp(command, `realops ${area} ${name}`)}\n\n${EXIT_HELP}\n`), EXIT.healthy;
  return run(command, plugin, parseCommandLine(command, rest), io);
}

/** What is said of a first word that is neither a command nor a plugin. */
export function unknownArea(name: string, commands: readonly string[], io: CliIo): string {
  const known = [...commands, ...installedAreas(io.cwd)];
  const isWord = /^[a-z][a-z0-9-]*$/.test(name);
  const missing = isWord || name.includes('/') ? `, and no plugin ${packageOf(name)} is installed` : '';
  const install = isWord ? `; for commands of a plugin: npm install ${packageOf(name)}` : '';
  return `realops: there is no command "${name}"${missing}\nhint: ${suggestion(name, known, 'commands')}${install}\n`;
}

async function run(command: PluginCommand, plugin: Plugin, parameters: { readonly [name: string]: unknown }, io: CliIo): Promise<number> {
  const random = createRandom(1);
  const progress = progressOn(io);
  const env = Object.fromEntries(Object.entries(io.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const context: CommandContext = { signal: io.signal, clock: systemClock, cwd: io.cwd, env, out: io.out, error: io.error, log: await createLogger(false, io.error), progress, random };
  try {
    // The seam between the command line and a command that is typed by its own schema; the line was parsed by that schema.
    const code: unknown = await command.run(parameters as never, context);
    progress('');
    if (typeof code === 'number' && Number.isInteger(code) && code >= 0 && code <= 255) return code;
    io.error.write(`realops: REALOPS_PLUGIN_INVALID  the command ${command.name} of ${plugin.name} gave no exit code, but ${String(code)}\n`);
    return EXIT.internal;
  } catch (error) {
    progress('');
    if (!io.signal.aborted) throw error;
    io.error.write(`realops: ${command.name} was cancelled\n`);
    return EXIT.cancelled;
  }
}

/** A line that is written over, on terminals alone. */
function progressOn({ error }: CliIo): (text: string) => void {
  let shown = 0;
  return (text) => {
    if (!error.interactive || (text === '' && shown === 0)) return;
    const line = text.slice(0, Math.max(1, error.columns - 1));
    error.write(`\r${line.padEnd(shown)}${text === '' ? '\r' : ''}`);
    shown = line.length;
  };
}

function listOf(area: string, { name }: Plugin, commands: readonly PluginCommand[]): string {
  const width = Math.max(0, ...commands.map((each) => each.name.length)) + 2;
  const lines = commands.map((each) => `  ${each.name.padEnd(width)}${each.description.replace(/\.$/, '')}`);
  return commands.length === 0 ? `the plugin ${name} has no commands\n` : `usage: realops ${area} <command> [options]\n\ncommands of ${name}\n${lines.join('\n')}\n\n  realops ${area} <command> --help   options and examples of a command\n`;
}

function packageOf(area: string): string {
  return /^[./@]/.test(area) || area.includes('/') ? area : `${PREFIX}${area}`;
}

/** The areas of the plugins that are installed where the command is given, for suggestions. */
function installedAreas(folder: string): readonly string[] {
  const [scope = '', prefix = ''] = PREFIX.split('/');
  const here = namesIn(join(folder, 'node_modules', scope)).filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
  return dirname(folder) === folder ? here : [...new Set([...here, ...installedAreas(dirname(folder))])];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
