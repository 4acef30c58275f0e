import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { load, RealopsError, run as runSuite, type ReporterUse, type RunOptions, type Suite } from '../index.js';
import { EXIT, EXIT_HELP } from './exit-codes.js';
import { UsageError, type Command } from './io.js';
import { createLogger } from './logger.js';
import { problemsAsJson, problemsOf, showProblems } from './problems.js';
import { stateFolder } from './state.js';

const OPTIONS = {
  runs: { type: 'string', default: 'runs' },
  tag: { type: 'string', multiple: true },
  scenario: { type: 'string', multiple: true },
  row: { type: 'string', multiple: true },
  concurrency: { type: 'string' },
  seed: { type: 'string' },
  reporter: { type: 'string', multiple: true },
  remediate: { type: 'string', default: 'propose' },
  state: { type: 'string' },
  json: { type: 'boolean', default: false },
  quiet: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
} as const;

/** `realops run`: one pass over a suite. */
export const run: Command = {
  name: 'run',
  summary: 'run a suite once and judge its SLOs',
  help: `usage: realops run [options] <suite>

Runs a suite file (or folder with scenarios.yaml): preflight, execute, analyse, report. Reports lie in runs/latest.

options
  --runs DIR          where run folders are made (default runs)
  --scenario ID       only this scenario; may be given more than once
  --tag TAG           only scenarios with this tag; may be given more than once
  --row N             only this row of data; may be given more than once
  --concurrency N     rows that may run at once (default: cores of the machine)
  --seed N            seed of shuffling, sampling and noise
  --reporter NAME     reporters instead of those of the suite; may be given more than once
  --remediate MODE    off, propose (default: only what was approved is changed) or apply (what the remedies of the suite allow)
  --state DIR         ledger, approvals and history (default .realops beside the suite)
  --json              print the whole result as one JSON object
  --quiet             print the SLO table only
  --verbose           print what the engine does

${EXIT_HELP}

examples
  realops run alice.yaml
  realops run alice.yaml --scenario asr_cafe_noise --row 17
  realops run examples/alice --remediate apply
  realops run examples/alice --concurrency 8 --reporter console --reporter github`,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
    const [suiteArgument, ...more] = positionals;
    if (suiteArgument === undefined || more.length > 0) throw new UsageError(suiteArgument === undefined ? 'name the suite to run' : 'name one suite; use include for more files');
    let suite: Suite;
    try {
      suite = await load([suiteArgument], { env: io.env });
    } catch (error) {
      if (!(error instanceof RealopsError)) throw error;
      if (values.json) io.out.write(problemsAsJson(problemsOf(error), io));
      else io.error.write(showProblems(problemsOf(error), io));
      return EXIT.invalidInput;
    }
    const options: RunOptions = {
      runs: resolve(io.cwd, values.runs),
      state: await stateFolder(suiteArgument, values.state, io),
      ...(values.state === undefined ? {} : { stateArgument: values.state }),
      remediate: modeOf(values.remediate),
      ...(values.scenario === undefined ? {} : { scenarios: values.scenario }),
      ...(values.tag === undefined ? {} : { tags: values.tag }),
      ...(values.row === undefined ? {} : { rows: values.row.map((row) => wholeNumber('--row', row, 1)) }),
      ...(values.concurrency === undefined ? {} : { concurrency: wholeNumber('--concurrency', values.concurrency, 1) }),
      ...(values.seed === undefined ? {} : { seed: wholeNumber('--seed', values.seed, 0) }),
      reporters: chooseReporters(suite, values.reporter, values),
      output: io.out,
      signal: io.signal,
      suiteArgument: relative(io.cwd, resolve(io.cwd, suiteArgument)) || '.',
      log: await createLogger(values.verbose, io.error),
    };
    const running = runSuite(suite, options);
    const report = await running.report;
    if (values.json) io.out.write(`${JSON.stringify(report, null, 2)}\n`);
    return report.exit_code;
  },
};

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

function modeOf(text: string): NonNullable<RunOptions['remediate']> {
  if (text === 'off' || text === 'propose' || text === 'apply') return text;
  throw new UsageError(`--remediate takes off, propose or apply, got "${text}"`);
}

function wholeNumber(option: string, text: string, least: number): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least) throw new UsageError(`${option} takes a whole number of at least ${least}, got "${text}"`);
  return number;
}

