/**
 * `npm run demo`: sets everything up, starts the reference assistant on free ports with an end-of-speech timeout that cuts people off, runs the Alice suite against it, lets it
 * heal, and stops the assistant. The exit code is that of the run: 0 when it is healthy in the end. Further arguments go to `realops run`.
 * `npm run demo -- stubborn`: the same with a timeout that two steps cannot mend: two attempts, everything rolled back, and in the third run a person is needed (exit code 2).
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root, run } from './lib/run.mjs';
import { withProgram } from './lib/served.mjs';
import { setup } from './setup.mjs';

const DEMOS = {
  heals: { eos: 500, suite: 'examples/alice', runs: 1 },
  stubborn: { eos: 250, suite: 'examples/alice/stubborn.yaml', runs: 3 },
};
/** Beside the run folders; the assistant of each demo is a new one, so nothing of the last one's ledger is true of it. */
const STATE = 'runs/demo-state';

const [first, ...rest] = process.argv.slice(2);
const named = first !== undefined && Object.hasOwn(DEMOS, first);
const demo = named ? DEMOS[first] : DEMOS.heals;
const more = named || first === undefined ? rest : [first, ...rest];
const cli = join(root, 'packages/core/dist/cli.js');

await setup();
await build();
rmSync(join(root, STATE), { recursive: true, force: true });
process.exitCode = await withProgram(join(root, 'examples/assistant/dist/main.js'), ['--port', '0', '--guardian-port', '0', '--eos', String(demo.eos), '--exit-with-stdin'], async (line) => {
  const { api, asr, talk, guardian } = JSON.parse(line);
  process.stdout.write(`demo: the reference assistant listens on ${api}; it takes ${demo.eos} ms of silence for the end of speech\n`);
  const env = { ...process.env, API_BASE: api, WS_ASR: asr, WS_TALK: talk, GUARDIAN_URL: guardian };
  let code = 0;
  for (let turn = 1; turn <= demo.runs; turn += 1) {
    if (demo.runs > 1) process.stdout.write(`\ndemo: run ${turn} of ${demo.runs}\n`);
    ({ code } = await run(process.execPath, [cli, 'run', demo.suite, '--remediate', 'apply', '--state', STATE, '--concurrency', '12', '--runs', 'runs', ...more], { env }));
    if (code > 2) break;
  }
  process.stdout.write('\ndemo: what the ledger says\n');
  await run(process.execPath, [cli, 'ledger', demo.suite, '--state', STATE], { env });
  return code;
});
