import { ENGINE_VERSION } from '../run/version.js';
import { EXIT, EXIT_HELP } from './exit-codes.js';
import { UsageError, type CliIo, type Command } from './io.js';

/** The commands, each loaded only when it is called. */
const COMMANDS: { readonly [name: string]: { readonly summary: string; readonly load: () => Promise<Command> } } = {
  check: { summary: 'check suites without running anything', load: async () => (await import('./check.js')).check },
  run: { summary: 'run a suite once and judge its SLOs', load: async () => (await import('./run.js')).run },
  loop: { summary: 'run a suite again and again, and heal what fails', load: async () => (await import('./loop.js')).loop },
  list: { summary: 'list the scenarios and SLOs of a suite', load: async () => (await import('./list.js')).list },
  replay: { summary: 'rebuild every report from an event log, byte for byte', load: async () => (await import('./replay.js')).replay },
  ledger: { summary: 'show every change that remedies made or propose', load: async () => (await import('./ledger.js')).ledger },
  undo: { summary: 'put back what one change of the ledger replaced', load: async () => (await import('./undo.js')).undo },
  approve: { summary: 'allow one proposed change, once', load: async () => (await import('./approve.js')).approve },
  ack: { summary: 'tell the ledger that a person has seen to an issue', load: async () => (await import('./ack.js')).ack },
  doctor: { summary: 'say what there is on this machine, and what is wrong with it', load: async () => (await import('./doctor.js')).doctor },
  schema: { summary: 'print the JSON Schema of suite files, for editors', load: async () => (await import('./schema.js')).schema },
  init: { summary: 'write a first suite to start from', load: async () => (await import('./init.js')).init },
};

const HELP = `usage: realops <command> [options]

commands
${Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(9)}${summary}`).join('\n')}

  realops <command> --help   options and examples of a command
  realops <area>             commands of the plugin @alice/realops-plugin-AREA: realops voice
  realops --version

${EXIT_HELP}
`;

/** Runs one command line; gives the exit code. Problems of the input are told in words, faults of our own as such. */
export async function main(args: readonly string[], io: CliIo): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-v') return io.out.write(`${ENGINE_VERSION}\n`), EXIT.healthy;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return io.out.write(HELP), name === undefined ? EXIT.invalidInput : EXIT.healthy;
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  try {
    if (entry === undefined) return await ofPlugin(name, rest, io);
    const command = await entry.load();
    if (rest.includes('--help') || rest.includes('-h')) return io.out.write(`${command.help}\n`), EXIT.healthy;
    return await command.run(rest, io);
  } catch (error) {
    const [second = '-'] = rest;
    return await explain(error, entry === undefined && !second.startsWith('-') ? `${name} ${second}` : name, rest.includes('--verbose'), io);
  }
}

/** A command of a plugin; a word that is none is told as such. */
async function ofPlugin(area: string, args: readonly string[], io: CliIo): Promise<number> {
  const { runPluginCommand, unknownArea } = await import('./plugin-commands.js');
  const code = area.startsWith('-') ? undefined : await runPluginCommand(area, args, io);
  return code ?? (io.error.write(unknownArea(area, Object.keys(COMMANDS), io)), EXIT.invalidInput);
}

/** Codes that say nothing of the input. */
const COULD_NOT_RUN: ReadonlySet<string> = new Set(['REALOPS_LOG_WRITE', 'REALOPS_LEDGER_BUSY', 'REALOPS_LEDGER_WRITE', 'REALOPS_JOURNAL_DAMAGED', 'REALOPS_JOURNAL_WRITE']);

/** Bad input and failures with a code become a sentence; anything else is a fault of RealOps. */
async function explain(error: unknown, command: string, verbose: boolean, io: CliIo): Promise<number> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS')) {
    io.error.write(`realops ${command}: ${message}\nhint: realops ${command} --help shows the options\n`);
    return EXIT.invalidInput;
  }
  if (code === 'REALOPS_LOAD_FAILED') {
    const [{ RealopsError }, { problemsOf, showProblems }] = await Promise.all([import('../index.js'), import('./problems.js')]);
    if (error instanceof RealopsError) return io.error.write(showProblems(problemsOf(error), io)), EXIT.invalidInput;
  }
  const hint = error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? `\nhint: ${error.hint}` : '';
  if (code.startsWith('REALOPS_') && code !== 'REALOPS_INTERNAL') {
    io.error.write(`realops ${command}: ${code}  ${message}${hint}\n`);
    return COULD_NOT_RUN.has(code) ? EXIT.couldNotRun : EXIT.invalidInput;
  }
  io.error.write(`realops: internal error REALOPS_INTERNAL (70): ${message}\nThis is a defect of RealOps. Please report it with the output of the same command with --verbose.\n`);
  if (verbose && error instanceof Error) io.error.write(`${error.stack ?? ''}\n`);
  return EXIT.internal;
}
