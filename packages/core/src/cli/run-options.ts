import { relative, resolve } from 'node:path';
import { load, RealopsError, type ReporterUse, type RunOptions, type Suite } from '../index.js';
import { UsageError, type CliIo } from './io.js';
import { createLogger } from './logger.js';
import { problemsAsJson, problemsOf, showProblems } from './problems.js';
import { stateFolder } from './state.js';

/** The options of commands that run a suite. */
export const RUN_OPTIONS = {
  runs: { type: 'string', default: 'runs' },
  tag: { type: 'string', multiple: true },
  scenario: { type: 'string', multiple: true },
  concurrency: { type: 'string' },
  seed: { type: 'string' },
  reporter: { type: 'string', multiple: true },
  state: { type: 'string' },
  json: { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
} as const;

/** What {@link RUN_OPTIONS} are parsed to. */
export interface RunValues {
  readonly runs: string;
  readonly tag?: readonly string[] | undefined;
  readonly scenario?: readonly string[] | undefined;
  readonly concurrency?: string | undefined;
  readonly seed?: string | undefined;
  readonly reporter?: readonly string[] | undefined;
  readonly state?: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** The one suite that a command line names. */
export function suiteNamed(positionals: readonly string[], command: string): string {
  const [suite, ...more] = positionals;
  if (suite === undefined) throw new UsageError(`name the suite to ${command}`);
  if (more.length > 0) throw new UsageError('name one suite; use include for more files');
  return suite;
}

/** Loads the suite that was named; undefined when it has problems, which are printed then. */
export async function loadNamed(suiteArgument: string, values: RunValues, io: CliIo): Promise<Suite | undefined> {
  try {
    return await load([suiteArgument], { env: io.env });
  } catch (error) {
    if (!(error instanceof RealopsError)) throw error;
    if (values.json) io.out.write(problemsAsJson(problemsOf(error), io));
    else io.error.write(showProblems(problemsOf(error), io));
    return undefined;
  }
}

/** The options of a run from the command line. */
export async function runOptions(suite: Suite, suiteArgument: string, values: RunValues, io: CliIo): Promise<RunOptions & { readonly state: string }> {
  return {
    runs: resolve(io.cwd, values.runs),
    state: await stateFolder(suiteArgument, values.state, io),
    ...(values.state === undefined ? {} : { stateArgument: values.state }),
    ...(values.scenario === undefined ? {} : { scenarios: values.scenario }),
    ...(values.tag === undefined ? {} : { tags: values.tag }),
    ...(values.concurrency === undefined ? {} : { concurrency: wholeNumber('--concurrency', values.concurrency, 1) }),
    ...(values.seed === undefined ? {} : { seed: wholeNumber('--seed', values.seed, 0) }),
    reporters: chooseReporters(suite, values.reporter, values),
    output: io.out,
    signal: io.signal,
    suiteArgument: relative(io.cwd, resolve(io.cwd, suiteArgument)) || '.',
    log: await createLogger(values.verbose, io.error),
  };
}

/** The reporters of the suite, or those named on the command line; with `--json` nothing but the object goes to the output. */
function chooseReporters(suite: Suite, named: readonly string[] | undefined, values: { readonly json: boolean; readonly quiet: boolean }): readonly ReporterUse[] {
  const chosen = named === undefined ? suite.reporters : named.flatMap((name) => name.split(',')).map((name) => findReporter(suite, name.trim()));
  const printing = ['console', 'github'];
  return chosen
    .filter(({ type }) => !values.json || !printing.includes(type.name))
    .map((use) => (use.type.name === 'console' && values.quiet ? { ...use, options: { ...use.options, quiet: true } } : use));
}

function findReporter(suite: Suite, name: string): ReporterUse {
  const type = suite.reporterTypes.get(name);
  if (type === undefined) throw new UsageError(`there is no reporter "${name}"; there are ${[...suite.reporterTypes.keys()].join(', ')}`);
  return { type, options: suite.reporters.find((use) => use.type === type)?.options ?? {} };
}

/** What may be done about failing SLOs. */
export function modeOf(text: string): NonNullable<RunOptions['remediate']> {
  if (text === 'off' || text === 'propose' || text === 'apply') return text;
  throw new UsageError(`--remediate takes off, propose or apply, got "${text}"`);
}

/** A whole number of the command line. */
export function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least) throw new UsageError(`${option} takes a whole number of at least ${least}, got "${text}"`);
  return number;
}
