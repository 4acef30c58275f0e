import { createServer, type Server } from 'node:http';
import { onTestFinished } from 'vitest';
import { cli, folder, type Finished } from './support.js';

/** A system on loopback with one knob that truly matters: it answers its work as long as `workers` is at least what it needs. */
export interface System {
  readonly url: string;
  /** The value in force. */
  workers: number;
  /** From so many workers on it answers. */
  need: number;
  /** A write is answered and does nothing. */
  deaf: boolean;
  /** How often it was told to restart. */
  restarts: number;
  readonly server: Server;
}

/** Starts it; it goes away with the test. */
export async function system(workers = 2, need = 4): Promise<System> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      if (request.url === '/restart') self.restarts += 1;
      if (request.url === '/config' && request.method === 'POST' && !self.deaf) self.workers = (JSON.parse(Buffer.concat(chunks).toString()) as { readonly workers: number }).workers;
      if (request.url === '/work' && self.workers < self.need) response.statusCode = 503;
      response.end(JSON.stringify({ workers: self.workers }));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const self: System = { url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`, workers, need, deaf: false, restarts: 0, server };
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return self;
}

/** A suite over the system whose remedy turns the knob one step of 2. */
export const SUITE = `version: 1
suite: workers
targets: { api: "\${{ env.API }}" }
reporters: [console, markdown]
scenarios:
  - id: work
    data: [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }, { n: 5 }, { n: 6 }]
    steps: [{ id: ask, use: http.request, with: { url: api, path: /work } }]
slos:
  - { id: answered, title: Work answered, objective: rate(http.success) >= 95% }
knobs:
  workers: { range: [1, 10], maxStep: 2, whole: true, settle: 100ms, read: { url: '\${{ targets.api }}/config', at: /workers }, write: { url: '\${{ targets.api }}/config', json: { workers: '\${{ value }}' } } }
diagnoses:
  - { id: too_few, when: slos.answered.verdict = 'fail', cause: Too few workers, evidence: [metrics.http.success.rate], confidence: 0.9 }
remedies:
  - { id: more_workers, title: Two more workers, when: diagnosis = 'too_few', use: knob.change, with: { knob: workers, by: 2 }, cooldown: 0s }
`;

/** The same with a restart instead of a knob: nothing to undo, so it waits for an approval. */
export const RESTART = SUITE.replace(/ {2}- \{ id: more_workers.*\n/, `  - id: restart_it
    when: diagnosis = 'too_few'
    use: service.restart
    cooldown: 0s
    with: { name: pool, http: { url: '\${{ targets.api }}/restart' }, ready: { step: { use: http.request, with: { url: api, path: /config } }, condition: status = 200 } }
`);

/** A folder with a suite, and its commands on one system. */
export async function project(of: System, suite = SUITE): Promise<{ readonly cwd: string; readonly realops: (...args: readonly string[]) => Promise<Finished> }> {
  const cwd = await folder({ 'scenarios.yaml': suite });
  return { cwd, realops: (...args) => cli(args, cwd, { API: of.url, USER: 'anna' }) };
}

/** The entries of `realops ledger --json`. */
export interface Listed {
  readonly id: string;
  readonly state: string;
  readonly digest: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly by: string;
}

/** Stands for an entry that is not listed. */
export const NONE: Listed = { id: '', state: '', digest: '', before: null, after: null, by: '' };

/** What the ledger lists. */
export async function listed(realops: (...args: readonly string[]) => Promise<Finished>, ...more: readonly string[]): Promise<readonly Listed[]> {
  const { out } = await realops('ledger', '.', '--json', ...more);
  return JSON.parse(out) as readonly Listed[];
}
