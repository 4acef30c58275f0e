/**
 * `npm run demo`: sets everything up, starts the reference assistant on free ports, runs the Alice suite against it and stops the assistant.
 * Further arguments go to `realops run`. The exit code is that of the run: 0 when every SLO held, 1 when one did not.
 */
import { join } from 'node:path';
import { build } from './build.mjs';
import { root, run } from './lib/run.mjs';
import { withProgram } from './lib/served.mjs';
import { setup } from './setup.mjs';

await setup();
await build();
process.exitCode = await withProgram(join(root, 'examples/assistant/dist/main.js'), ['--port', '0', '--guardian-port', '0', '--exit-with-stdin'], async (line) => {
  const { api, asr, guardian } = JSON.parse(line);
  process.stdout.write(`demo: the reference assistant listens on ${api}\n`);
  const env = { ...process.env, API_BASE: api, WS_ASR: asr, GUARDIAN_URL: guardian };
  const { code } = await run(process.execPath, [join(root, 'packages/core/dist/cli.js'), 'run', 'examples/alice', '--concurrency', '8', '--runs', 'runs', ...process.argv.slice(2)], { env });
  return code;
});
