import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { inScratch, median, round } from '../lib/measure.mjs';
import { root } from '../lib/run.mjs';

export const limits = { decision_ms: { most: 20 }, recovery_ms: { most: 1000 } };

const TIMES = 15;
const RECORDS = 100_000;

/**
 * What one remedy costs beside the repetition of scenarios, and how long a start takes over a ledger of 100,000 records whose last change was left half done. Both are taken from
 * the events of real runs: the first from the beginning of the phase to the repetition and from its end to the end of the phase, so the requests to the knob (on loopback) are in it;
 * the second from the beginning of the run to its preflight, so putting the value back is in it.
 */
export function measure() {
  return inScratch(async (folder) => {
    const system = await knob();
    try {
      const { load, run } = await import(pathToFileURL(join(root, 'packages/core/dist/index.js')).href);
      const file = join(folder, 'scenarios.yaml');
      writeFileSync(file, suiteText(system.url));
      const suite = await load([file]);
      const decisions = [];
      for (let turn = 0; turn < TIMES; turn += 1) {
        system.delay = 100;
        const { at, outcome } = await events(run(suite, { state: join(folder, `state-${turn}`), reporters: [], remediate: 'apply', seed: 1 }));
        if (outcome !== 'remedied') throw new Error(`the run was ${outcome}`);
        decisions.push(at.rerun_start - at.remedy + at.report - at.remediation_validated);
      }
      const state = join(folder, 'large');
      await writeLedger(state, RECORDS);
      const recoveries = [];
      for (let turn = 0; turn < 3; turn += 1) {
        system.delay = 50;
        const { at } = await events(run(suite, { state, reporters: [], remediate: 'propose', seed: 1 }));
        recoveries.push(at.preflight);
        if (turn === 0 && system.delay !== 100) throw new Error('what was left half done was not put back');
      }
      return { remedies: TIMES, decision_ms: round(median(decisions), 1), records: RECORDS, recovery_ms: round(recoveries[0], 0), later_starts_ms: round(median(recoveries.slice(1)), 0) };
    } finally {
      system.close();
    }
  });
}

/** When the events of a run came that bound what is measured, in milliseconds since its start. */
async function events(running) {
  const at = {};
  for await (const event of running) at[event.event === 'phase_start' ? event.phase : event.event] ??= event.at_ms;
  return { at, outcome: (await running.report).outcome };
}

/** A system with one knob, in this process: its work is a few lines. */
async function knob() {
  const system = { delay: 100 };
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.method !== 'POST') return response.end(JSON.stringify({ delay: system.delay, took: system.delay }));
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      system.delay = JSON.parse(body).delay;
      response.end('{}');
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(system, { url: `http://127.0.0.1:${server.address().port}`, close: () => (server.closeAllConnections(), server.close()) });
}

const suiteText = (url) => `version: 1
suite: remedy
targets: { api: '${url}' }
metrics: { took: { kind: distribution, unit: ms, from: ask, value: body.took } }
scenarios: [{ id: ask, steps: [{ id: ask, use: http.request, with: { url: '${url}/' } }] }]
slos: [{ id: quick, objective: max(took) < 80ms }]
knobs: { delay: { range: [10, 200], maxStep: 60, unit: ms, settle: 1ms, read: { url: '${url}/', at: /delay }, write: { url: '${url}/', json: { delay: '\${{ value }}' } } } }
diagnoses: [{ id: slow, when: "slos.quick.verdict = 'fail'", cause: The delay is too long }]
remedies: [{ id: faster, when: "diagnosis = 'slow'", use: knob.change, with: { knob: delay, by: -50 } }]
`;

/** Writes a ledger as years of loops would leave it, its last change applied and not validated. */
async function writeLedger(state, records) {
  const bundle = await build({ entryPoints: [join(root, 'packages/core/src/journal/line.ts')], bundle: true, write: false, platform: 'node', format: 'esm', logLevel: 'silent' });
  const { writeLine } = await import(`data:text/javascript;base64,${Buffer.from(bundle.outputFiles[0].text).toString('base64')}`);
  const change = (loop) => ({
    id: String(loop), loop, issue: 'slow', remedy: 'faster', use: 'knob.change', with: { knob: 'delay', by: -50 }, directory: state, param: 'delay', before: 100, after: 50, rollback: 'POST {"delay":100}', digest: String(loop),
    stateless: false, expires_ms: null, cause: 'The delay is too long', evidence: { 'slos.quick.value': 100 }, slos: ['quick'], scenarios: ['ask'],
  });
  const lines = [];
  let check = 0;
  const put = (payload) => {
    const made = writeLine({ seq: lines.length + 1, at: 1_700_000_000_000 + lines.length * 60_000, token: 1, payload }, check);
    check = made.check;
    lines.push(made.line);
  };
  let loop = 0;
  while (lines.length < records - 12) {
    put({ type: 'loop', loop: (loop += 1), run: `run-${loop}` });
    const tried = loop % 5 === 0;
    if (tried) {
      put({ type: 'intent', change: change(loop), approval: null });
      put({ type: 'applied', id: String(loop) });
      put({ type: 'failed', id: String(loop), worse: true, why: 'a guard got worse' });
      put({ type: 'rollback', id: String(loop), reason: 'worse', by: 'realops' });
      put({ type: 'rolled_back', id: String(loop) });
    }
    put({ type: 'loop_end', loop, red: tried ? ['slow'] : [], green: tried ? [] : ['slow'], verdicts: { quick: tried ? 'fail' : 'pass' } });
  }
  while (lines.length < records - 3) put({ type: 'ack', issue: 'slow', by: 'ada' });
  put({ type: 'loop', loop: (loop += 1), run: `run-${loop}` });
  put({ type: 'intent', change: change(loop), approval: null });
  put({ type: 'applied', id: String(loop) });
  mkdirSync(state, { recursive: true });
  writeFileSync(join(state, 'ledger.jsonl'), lines.join(''));
}
