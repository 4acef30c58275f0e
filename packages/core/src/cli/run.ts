import { parseArgs } from 'node:util';
import { run as runSuite, type RunOptions } from '../index.js';
import { EXIT, EXIT_HELP } from './exit-codes.js';
import type { Command } from './io.js';
import { loadNamed, modeOf, RUN_OPTIONS, runOptions, suiteNamed, wholeNumber } from './run-options.js';

const OPTIONS = { ...RUN_OPTIONS, row: { type: 'string', multiple: true }, remediate: { type: 'string', default: 'propose' } } as const;

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
    const suiteArgument = suiteNamed(positionals, 'run');
    const suite = await loadNamed(suiteArgument, values, io);
    if (suite === undefined) return EXIT.invalidInput;
    const options: RunOptions = {
      ...(await runOptions(suite, suiteArgument, values, io)),
      remediate: modeOf(values.remediate),
      ...(values.row === undefined ? {} : { rows: values.row.map((row) => wholeNumber('--row', row, 1)) }),
    };
    const report = await runSuite(suite, options).report;
    if (values.json) io.out.write(`${JSON.stringify(report, null, 2)}\n`);
    return report.exit_code;
  },
};
