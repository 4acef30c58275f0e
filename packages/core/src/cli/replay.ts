import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { replay as replayLog } from '../index.js';
import { reporters } from '../reporters/index.js';
import { UsageError, type Command } from './io.js';
import { createLogger } from './logger.js';

/** `realops replay`: rebuilds all reports from an event log. */
export const replay: Command = {
  name: 'replay',
  summary: 'rebuild every report from an event log, byte for byte',
  help: `usage: realops replay [options] <log.jsonl>

Reads an event log and writes all reports anew. Nothing is run and nothing is contacted.

options
  --out DIR           where the reports are written (default replay)
  --reporter NAME     only these reporters; may be given more than once
  --json              print the whole result as one JSON object

examples
  realops replay runs/latest/log.jsonl --out replay
  realops replay runs/latest/log.jsonl --reporter html --out .`,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { out: { type: 'string', default: 'replay' }, reporter: { type: 'string', multiple: true }, json: { type: 'boolean', default: false } } });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new UsageError('name one event log');
    const named = values.reporter?.flatMap((name) => name.split(','));
    const unknown = named?.find((name) => !reporters.some((type) => type.name === name));
    if (unknown !== undefined) throw new UsageError(`there is no reporter "${unknown}"; there are ${reporters.map(({ name }) => name).join(', ')}`);
    const chosen = reporters.filter(({ name }) => (named === undefined ? name !== 'github' && !(values.json && name === 'console') : named.includes(name)));
    const report = await replayLog(resolve(io.cwd, file), { directory: resolve(io.cwd, values.out), reporters: chosen, output: io.out, log: await createLogger(false, io.error) });
    if (values.json) io.out.write(`${JSON.stringify(report, null, 2)}\n`);
    return report.exit_code;
  },
};
