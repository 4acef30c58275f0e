import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { load, type Suite } from '../../src/index.js';

/** A system whose answers are as slow as its knob says, and that can be made ill for good. */
export interface SlowSystem {
  readonly url: string;
  /** How slow it says it is, in milliseconds: what it answers, so that no time passes for it. */
  delay: number;
  /** Added to what it says, whatever the knob. */
  illness: number;
  /** Holds answers to /work back until it is called; undefined lets them go at once. */
  hold: Promise<void> | undefined;
  /** From the next write of the knob on, answers to /work are held back for good. */
  holdAfterWrite: boolean;
  readonly writes: number[];
  work: number;
}

/** Starts it on loopback; it goes away with the test. */
export async function slowSystem(delay = 40): Promise<SlowSystem> {
  const system = { delay, illness: 0, hold: undefined as Promise<void> | undefined, holdAfterWrite: false, writes: [] as number[], work: 0 };
  const server = createServer((request, response) => {
    const answer = (body: object): void => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(body));
    };
    if (request.url === '/config' && request.method === 'POST') {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        system.delay = (JSON.parse(body) as { delay: number }).delay;
        system.writes.push(system.delay);
        if (system.holdAfterWrite) system.hold = new Promise(() => undefined);
        answer({ delay: system.delay });
      });
      return;
    }
    if (request.url === '/config') return answer({ delay: system.delay });
    system.work += 1;
    const told = { took: system.delay + system.illness };
    if (system.hold === undefined) answer(told);
    else void system.hold.then(() => answer(told));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void (server.closeAllConnections(), server.close(() => resolve()))));
  return Object.assign(system, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

/** The suite over it: three answers, an SLO on what they say, a knob that heals it step by step. */
export function loopSuiteText(url: string, sections: string): string {
  return `version: 1
suite: slow
targets: { api: '${url}' }
metrics: { work.took: { kind: distribution, unit: ms, description: What the answer says, from: ask, value: body.took } }
scenarios:
  - id: ask
    data: { rows: [{ n: 1 }, { n: 2 }, { n: 3 }] }
    steps: [{ id: ask, use: http.request, with: { url: '${url}/work' } }]
slos: [{ id: quick, objective: 'max(work.took) < 80ms' }]
knobs:
  delay: { range: [10, 400], maxStep: 60, unit: ms, settle: 10ms, read: { url: '${url}/config', at: /delay }, write: { url: '${url}/config', json: { delay: '\${{ value }}' } } }
diagnoses: [{ id: slow, when: "slos.quick.verdict = 'fail'", cause: The delay is too long, evidence: [slos.quick.value] }]
remedies: [{ id: faster, when: "diagnosis = 'slow'", use: knob.change, with: { knob: delay, by: -50 }, cooldown: 0s, dailyLimit: 100 }]
${sections}`;
}

/** A fresh folder with such a suite, loaded. */
export async function loopSuite(url: string, sections: string): Promise<{ readonly folder: string; readonly file: string; readonly state: string; readonly runs: string; readonly suite: Suite }> {
  const folder = await mkdtemp(join(tmpdir(), 'realops-loop-'));
  const file = join(folder, 'scenarios.yaml');
  await writeFile(file, loopSuiteText(url, sections));
  return { folder, file, state: join(folder, '.realops'), runs: join(folder, 'runs'), suite: await load([file]) };
}

/** Waits until something is so, looking often; fails after ten seconds. */
export async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await what())) {
    if (performance.now() > end) throw new Error(`it did not come about within 10 s: ${what.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
