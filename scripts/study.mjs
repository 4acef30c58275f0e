/**
 * `npm run study [-- wer-snr|eos]`: starts the reference assistant on free ports, runs one study of examples/alice/studies against it, or both, prints what it found as tables and says
 * where its report with the curves lies. Each takes two to three minutes. The speech is synthetic: see docs/voice.md. Further arguments go to `realops run`. The exit code is the
 * worst of the runs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { isMain, root, run } from './lib/run.mjs';
import { withProgram } from './lib/served.mjs';
import { setup } from './setup.mjs';

const STUDIES = ['wer-snr', 'eos'];
/** Streams at a time: with more, two cores are too busy for frames to be sent on time. */
const STREAMS = 20;

/** Runs studies against an assistant of their own; gives the worst exit code. `suites` are files, `more` further arguments of `realops run`. */
export async function study(suites, more = []) {
  return withProgram(join(root, 'examples/assistant/dist/main.js'), ['--port', '0', '--guardian-port', '0', '--exit-with-stdin'], async (line) => {
    const { api, asr } = JSON.parse(line);
    let worst = 0;
    for (const suite of suites) {
      process.stdout.write(`study: ${suite} against the reference assistant on ${api}, with synthetic speech\n`);
      const { code } = await run(process.execPath, [join(root, 'packages/core/dist/cli.js'), 'run', suite, '--concurrency', String(STREAMS), '--runs', 'runs', ...more], { env: { ...process.env, API_BASE: api, WS_ASR: asr } });
      worst = Math.max(worst, code);
      if (code !== 3 && code !== 4) process.stdout.write(`\n${breakdownOf(readFileSync(join(root, 'runs/latest/summary.md'), 'utf8'))}\nstudy: the curves are in runs/latest/report.html\n\n`);
    }
    return worst;
  });
}

/** The tables of values by condition in a summary. */
export function breakdownOf(summary) {
  return /^## By condition\n[\s\S]*?(?=^## |(?![\s\S]))/m.exec(summary)?.[0] ?? '';
}

if (isMain(import.meta.url)) {
  const [first, ...rest] = process.argv.slice(2);
  const isNamed = STUDIES.includes(first);
  if (first !== undefined && !isNamed && !first.startsWith('-')) {
    process.stderr.write(`there is no study "${first}"; there are ${STUDIES.join(' and ')}\n`);
    process.exit(3);
  }
  const named = isNamed ? [first] : STUDIES;
  await setup();
  await build();
  process.exitCode = await study(named.map((name) => `examples/alice/studies/${name}.yaml`), isNamed || first === undefined ? rest : [first, ...rest]);
}
