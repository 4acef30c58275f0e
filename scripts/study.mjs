/**
 * `npm run study [-- wer-snr|eos]`: starts the reference assistant on free ports, runs one study of examples/alice/studies against it, or both, prints what it found as tables and says
 * where its report with the curves lies. The first takes about a minute and a half, the second three minutes. The speech is synthetic: see docs/voice.md. Further arguments go to
 * `realops run`. The exit code is the worst of the runs.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from './build.mjs';
import { isMain, root, run } from './lib/run.mjs';
import { withProgram } from './lib/served.mjs';
import { setup } from './setup.mjs';

const STUDIES = ['wer-snr', 'eos'];
/** Streams at a time. With many more, two cores are too busy for frames to be sent on time. */
const STREAMS = '20';
/** Where in the noise each clip begins. */
const SEED = '7';

/**
 * Runs suites against a reference assistant of their own, prints what they found, gives the worst exit code.
 * @param {readonly string[]} suites
 * @param {{ runs?: string, more?: readonly string[] }} [options] `runs`: where run folders go; `more`: further arguments of `realops run`
 */
export async function study(suites, { runs = join(root, 'runs'), more = [] } = {}) {
  return withProgram(join(root, 'examples/assistant/dist/main.js'), ['--port', '0', '--guardian-port', '0', '--exit-with-stdin'], async (line) => {
    const { api, asr } = JSON.parse(line);
    let worst = 0;
    for (const suite of suites) {
      process.stdout.write(`study: ${suite} against the reference assistant on ${api}, with synthetic speech\n`);
      const { code } = await run(process.execPath, [join(root, 'packages/core/dist/cli.js'), 'run', suite, '--concurrency', STREAMS, '--seed', SEED, '--runs', runs, ...more], { env: { ...process.env, API_BASE: api, WS_ASR: asr } });
      worst = Math.max(worst, code);
      // Nothing was run: there is nothing to tell.
      if (code === 3 || code === 4) break;
      process.stdout.write(`\n${tablesOf(readFileSync(join(runs, 'latest/summary.md'), 'utf8'))}\nstudy: the curves are in ${join(runs, 'latest/report.html')}\n\n`);
      if (code > 100) break;
    }
    return worst;
  });
}

/** The values by condition in a summary, as text. */
export function tablesOf(summary) {
  const [, after = ''] = summary.split('\n## By condition\n');
  return after.split('\n## ')[0].replaceAll('**', '').replaceAll('\\', '').trim();
}

/** Takes an option with its value out of a list of arguments. */
function takeOption(args, name) {
  const at = args.indexOf(name);
  return at < 0 ? { value: undefined, rest: args } : { value: args[at + 1], rest: args.toSpliced(at, 2) };
}

if (isMain(import.meta.url)) {
  const { value: runs, rest } = takeOption(process.argv.slice(2), '--runs');
  const [first, ...others] = rest;
  const isNamed = STUDIES.includes(first);
  if (first !== undefined && !isNamed && !first.startsWith('-')) {
    process.stderr.write(`there is no study "${first}"; there are ${STUDIES.join(' and ')}\n`);
    process.exit(3);
  }
  await setup();
  await build();
  const suites = (isNamed ? [first] : STUDIES).map((name) => join(root, `examples/alice/studies/${name}.yaml`));
  process.exitCode = await study(suites, { ...(runs === undefined ? {} : { runs: resolve(runs) }), more: isNamed ? others : rest });
}
