import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunEvent } from '../../src/events/event.js';
import { load, run, type RunOptions } from '../../src/index.js';
import type { RunReport } from '../../src/events/report.js';
import { systemClock, type Clock } from '../../src/time/index.js';

/** A system under test whose health and load the test sets. */
export interface ShakySystem {
  readonly url: string;
  healthy: boolean;
  load: number;
  readonly requests: string[];
}

/** Starts it on loopback; it goes away with the test. */
export async function shakySystem(): Promise<ShakySystem> {
  const state = { healthy: true, load: 0.2, requests: [] as string[] };
  const server = createServer((request, response) => {
    state.requests.push(request.url ?? '');
    response.statusCode = state.healthy || request.url === '/ready' ? 200 : 503;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ load: state.load }));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void (server.closeAllConnections(), server.close(() => resolve()))));
  return Object.assign(state, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

/** A folder for a suite, its state and its runs. */
export function temporary(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'realops-alerts-'));
}

/** A clock whose calendar the test moves on; durations are real. */
export function movableClock(): Clock & { later(ms: number): void } {
  let ahead = 0;
  return { ...systemClock, wall: () => new Date(systemClock.wall().getTime() + ahead), later: (ms) => void (ahead += ms) };
}

/** Runs a suite text once, in a folder that may have seen earlier runs. */
export async function runIn(folder: string, text: string, options: RunOptions & { readonly env?: { readonly [name: string]: string } } = {}): Promise<{ readonly events: readonly RunEvent[]; readonly report: RunReport; readonly directory: string }> {
  const file = join(folder, 'scenarios.yaml');
  await writeFile(file, text);
  const { env = {}, ...rest } = options;
  const suite = await load([file], { env });
  const running = run(suite, { seed: 1, runs: join(folder, 'runs'), state: join(folder, '.realops'), reporters: [], ...rest });
  const events: RunEvent[] = [];
  for await (const event of running) events.push(event);
  return { events, report: await running.report, directory: running.directory ?? '' };
}

/** The suite of these tests: one request, one SLO over it, and the given sections. */
export function suiteText(url: string, sections: string): string {
  return `version: 1
suite: shaky
targets: { api: '${url}' }
preflight: [{ id: ready, use: http.request, with: { url: '${url}/ready' } }]
scenarios:
  - id: look
    steps: [{ id: look, use: http.request, with: { url: '${url}/work' }, expect: "status = 200", onFailure: continue }]
slos: [{ id: works, objective: 'rate(http.success) >= 99%' }]
${sections}`;
}
