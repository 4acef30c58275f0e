import { parseArgs } from 'node:util';
import { load, plan, RealopsError } from '../index.js';
import { EXIT } from './exit-codes.js';
import { UsageError, type Command } from './io.js';
import { problemsOf, showProblems } from './problems.js';

/** `realops list`: what a suite would run. */
export const list: Command = {
  name: 'list',
  summary: 'list the scenarios and SLOs of a suite',
  help: `usage: realops list [options] <suite>

options
  --tag TAG       only scenarios with this tag; may be given more than once
  --json          print one JSON object

examples
  realops list alice.yaml --tag voice`,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { tag: { type: 'string', multiple: true }, json: { type: 'boolean', default: false } } });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new UsageError('name one suite');
    try {
      const suite = await load([file], { env: io.env });
      const planned = plan(suite, values.tag === undefined ? {} : { tags: values.tag }, 0).scenarios;
      const scenarios = planned.map(({ scenario, rows }) => ({ id: scenario.id, title: scenario.title, tags: scenario.tags, rows: rows.length }));
      const slos = suite.slos.map(({ id, title, objective }) => ({ id, title, metric: objective.metric, target: objective.target }));
      if (values.json) io.out.write(`${JSON.stringify({ suite: suite.name, environment: suite.environment, scenarios, slos }, null, 2)}\n`);
      else {
        const width = Math.max(0, ...[...scenarios, ...slos].map(({ id }) => id.length)) + 2;
        const lines = [
          ...scenarios.map(({ id, title, tags, rows }) => `${id.padEnd(width)}${`${rows} ${rows === 1 ? 'row' : 'rows'}`.padEnd(12)}${title === id ? '' : `${title}  `}${tags.map((tag) => `#${tag}`).join(' ')}`.trimEnd()),
          '',
          ...slos.map(({ id, metric, target }) => `${id.padEnd(width)}${metric}  ${target}`),
        ];
        io.out.write(`${lines.join('\n').trimEnd()}\n`);
      }
      return EXIT.healthy;
    } catch (error) {
      if (!(error instanceof RealopsError)) throw error;
      io.error.write(showProblems(problemsOf(error), io));
      return EXIT.invalidInput;
    }
  },
};
