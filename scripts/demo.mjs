/** `npm run demo`: sets everything up, starts the reference assistant on free ports, runs the Alice suite against it, stops the assistant. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root, run } from './lib/run.mjs';
import { setup } from './setup.mjs';

await setup();
await build();
// The assistant ends with this process, whatever happens to it: its standard input closes.
const assistant = spawn(process.execPath, [join(root, 'examples/assistant/dist/main.js'), '--exit-with-stdin'], { stdio: ['pipe', 'pipe', 'inherit'] });
try {
  const urls = await firstLine(assistant);
  process.stdout.write(`demo: the assistant listens on ${urls.api}\n`);
  const env = { ...process.env, API_BASE: urls.api, WS_ASR: urls.asr, GUARDIAN_URL: urls.guardian };
  const { code } = await run(process.execPath, [join(root, 'packages/core/dist/cli.js'), 'run', 'examples/alice', '--concurrency', '8', ...process.argv.slice(2)], { env });
  process.exitCode = code;
} finally {
  assistant.stdin.end();
  assistant.kill('SIGTERM');
}

/** The URLs that the assistant prints when it is ready. */
function firstLine(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the assistant was not ready within 20 s')), 20_000);
    child.once('exit', (code) => reject(new Error(`the assistant ended with exit code ${code}`)));
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(timer);
      resolve(JSON.parse(line));
    });
  });
}
