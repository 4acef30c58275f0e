import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { load, recompute, replay as replayLog, type Recomputed, type RecomputedFigure } from '../index.js';
import { reporters } from '../reporters/index.js';
import { EXIT } from './exit-codes.js';
import { UsageError, type CliIo, type Command } from './io.js';
import { createLogger } from './logger.js';

/** `realops replay`: rebuilds all reports from an event log. */
export const replay: Command = {
  name: 'replay',
  summary: 'rebuild every report from an event log, byte for byte',
  help: `usage: realops replay [options] <log.jsonl>

Reads an event log and writes all reports anew. Nothing is run and nothing is contacted.

With --recompute, figures that follow from a stored artifact (the turns of a conversation from its
timeline) are made again from the artifacts beside the log and held against what was recorded,
and so is why some must not be judged; exit code 1 when one differs or cannot be made.

options
  --out DIR           where the reports are written (default replay)
  --reporter NAME     only these reporters; may be given more than once
  --recompute         make figures again from artifacts, and compare
  --suite FILE        whose plugins know how (default: the suite that the log names)
  --json              print the whole result as one JSON object

examples
  realops replay runs/latest/log.jsonl --out replay
  realops replay runs/latest/log.jsonl --reporter html --out .
  realops replay runs/latest --recompute`,
  async run(args, io) {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: { out: { type: 'string', default: 'replay' }, reporter: { type: 'string', multiple: true }, recompute: { type: 'boolean', default: false }, suite: { type: 'string' }, json: { type: 'boolean', default: false } } });
    const [file, ...more] = positionals;
    if (file === undefined || more.length > 0) throw new UsageError('name one event log');
    const named = values.reporter?.flatMap((name) => name.split(','));
    const unknown = named?.find((name) => !reporters.some((type) => type.name === name));
    if (unknown !== undefined) throw new UsageError(`there is no reporter "${unknown}"; there are ${reporters.map(({ name }) => name).join(', ')}`);
    const chosen = reporters.filter(({ name }) => (named === undefined ? name !== 'github' && !(values.json && name === 'console') : named.includes(name)));
    const report = await replayLog(resolve(io.cwd, file), { directory: resolve(io.cwd, values.out), reporters: chosen, output: io.out, log: await createLogger(false, io.error) });
    const again = values.recompute ? await recomputeAll(resolve(io.cwd, file), values.suite ?? report.suite_argument, io) : undefined;
    if (values.json) io.out.write(`${JSON.stringify(again === undefined ? report : { ...report, recomputed: again }, null, 2)}\n`);
    else if (again !== undefined) io.out.write(recomputedText(again));
    if (again === undefined) return report.exit_code;
    return again.every(({ differences, problem }) => differences.length === 0 && problem === null) ? EXIT.healthy : EXIT.failed;
  },
};

async function recomputeAll(log: string, suite: string, io: CliIo): Promise<readonly Recomputed[]> {
  const { steps } = await load([resolve(io.cwd, suite)], { env: io.env });
  return await recompute(log, steps);
}

/** So many differences of one artifact are told. */
const MOST_TOLD = 5;

function recomputedText(all: readonly Recomputed[]): string {
  if (all.length === 0) return '\n  Recomputed  nothing: no artifact of this run holds figures\n';
  const figures = all.reduce((sum, each) => sum + each.figures, 0);
  const odd = all.filter(({ differences, problem }) => differences.length > 0 || problem !== null);
  const lines = odd.flatMap(({ artifact, differences, problem }) => [
    `              ${artifact}: ${problem ?? `${differences.length} differ`}`,
    ...differences.slice(0, MOST_TOLD).map(({ metric, recorded, recomputed }) => `                ${metric} was ${valueText(recorded)}, is ${valueText(recomputed)}`),
    ...(differences.length > MOST_TOLD ? [`                … ${differences.length - MOST_TOLD} more`] : []),
  ]);
  return [`\n  Recomputed  ${figures} figures of ${all.length} ${all.length === 1 ? 'artifact' : 'artifacts'}: ${odd.length === 0 ? 'all as recorded' : `${odd.length} not as recorded`}`, ...lines, ''].join('\n');
}

function valueText(figure: RecomputedFigure['recomputed']): string {
  if (figure === undefined) return 'not there';
  const value = figure.value === null ? 'missing' : String(figure.value);
  const invalid = figure.invalid ?? null;
  return `${value}${figure.whole === null ? '' : ` of ${figure.whole}`}${invalid === null ? '' : ` (not judged: ${invalid})`}`;
}
