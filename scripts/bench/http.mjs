import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Agent, request } from 'undici';
import { inScratch, median, round, withServer } from '../lib/measure.mjs';
import { root } from '../lib/run.mjs';

export const limits = { wall_ratio: { most: 2 }, p95_ratio: { most: 1.15 } };

const STEPS = 10_000;
const AT_ONCE = 10;

const SERVER = `
const server = require('node:http').createServer((request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":1,"name":"lamp"}'));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

const suite = (url) => `version: 1
suite: bench
targets: { api: '${url}' }
scenarios:
  - id: steady
    data: { rows: [${Array.from({ length: AT_ONCE }, (_, n) => `{ n: ${n} }`).join(', ')}], parallel: ${AT_ONCE} }
    steps: [{ use: http.request, with: { url: '\${{ targets.api }}/item' }, expect: status = 200, repeat: ${STEPS / AT_ONCE} }]
slos: [{ id: all, objective: rate(http.success) >= 100% }]
reporters: []
`;

/** 10,000 http.request steps with their event log, ten at once, against bare undici doing the same; they take turns in one process, and the middle of nine rounds counts. */
export function measure() {
  return withServer(SERVER, (url) =>
    inScratch(async (folder) => {
      const { load, run } = await import(pathToFileURL(join(root, 'packages/core/dist/index.js')).href);
      writeFileSync(join(folder, 'scenarios.yaml'), suite(url));
      const loaded = await load([folder]);
      const agent = new Agent({ connections: AT_ONCE });
      const bare = () => timed((latencies) => Promise.all(Array.from({ length: AT_ONCE }, () => client(url, agent, latencies))));
      const ours = () => timed(async (latencies) => {
        const running = run(loaded, { concurrency: AT_ONCE, runs: join(folder, 'runs') });
        for await (const event of running) if (event.event === 'measured' && event.metric === 'http.total') latencies.push(event.value);
        const report = await running.report;
        if (report.exit_code !== 0) throw new Error(`the run ended with exit code ${report.exit_code}: ${report.reason}`);
      });
      await bare();
      await ours();
      const rounds = [];
      for (let turn = 0; turn < 9; turn += 1) rounds.push({ bare: await bare(), ours: await ours() });
      await agent.close();
      const middle = (of) => median(rounds.map(of));
      return {
        steps: STEPS,
        at_once: AT_ONCE,
        bare_ms: round(middle(({ bare: each }) => each.wall), 0),
        ours_ms: round(middle(({ ours: each }) => each.wall), 0),
        wall_ratio: round(middle((each) => each.ours.wall / each.bare.wall), 2),
        bare_p95_ms: round(middle(({ bare: each }) => each.p95), 3),
        ours_p95_ms: round(middle(({ ours: each }) => each.p95), 3),
        p95_ratio: round(middle((each) => each.ours.p95 / each.bare.p95), 2),
      };
    }),
  );
}

/** One of the bare clients: its share of the requests, one after the other. */
async function client(url, dispatcher, latencies) {
  for (let turn = 0; turn < STEPS / AT_ONCE; turn += 1) {
    const start = performance.now();
    const { statusCode, body } = await request(`${url}/item`, { dispatcher });
    await body.json();
    if (statusCode !== 200) throw new Error(`status ${statusCode}`);
    latencies.push(performance.now() - start);
  }
}

async function timed(work) {
  const latencies = [];
  const began = performance.now();
  await work(latencies);
  const wall = performance.now() - began;
  if (latencies.length !== STEPS) throw new Error(`${latencies.length} latencies of ${STEPS} steps`);
  return { wall, p95: latencies.sort((a, b) => a - b)[Math.ceil(STEPS * 0.95) - 1] };
}
