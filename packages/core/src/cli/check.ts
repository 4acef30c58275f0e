import { parseArgs } from 'node:util';
import { load, RealopsError } from '../index.js';
import { EXIT } from './exit-codes.js';
import { UsageError, type Command } from './io.js';
import { problemsAsAnnotations, problemsAsJson, problemsOf, showProblems } from './problems.js';

/** `realops check`: loads suites and says everything that is wrong with them. */
export const check: Command = {
  name: 'check',
  summary: 'check suites without running anything',
  help: `usage: realops check [options] <suite>…

Loads each suite file (or folder with scenarios.yaml) and reports every problem with its place. Silent when all is well.

options
  --format text|json|github   how problems are printed (default text)
  --json                      the same as --format json

examples
  realops check alice.yaml
  realops check examples/alice --format json`,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { format: { type: 'string', default: 'text' }, json: { type: 'boolean', default: false } } });
    const format = values.json ? 'json' : values.format;
    if (!['text', 'json', 'github'].includes(format)) throw new UsageError(`--format must be text, json or github, got "${format}"`);
    if (positionals.length === 0) throw new UsageError('name the suite to check');
    const problems = [];
    for (const suite of positionals) {
      try {
        await load([suite], { env: io.env });
      } catch (error) {
        if (!(error instanceof RealopsError)) throw error;
        problems.push(...problemsOf(error));
      }
    }
    if (format === 'json') io.out.write(problemsAsJson(problems, io));
    else if (problems.length > 0) io.out.write(format === 'github' ? problemsAsAnnotations(problems, io) : showProblems(problems, io));
    return problems.length === 0 ? EXIT.healthy : EXIT.invalidInput;
  },
};
