import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

/** One value that the outside was told to take. */
export interface SeenWrite {
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A system under test: a delay that can be read and written, and answers that depend on it. */
export interface KnobSystem {
  readonly base: string;
  delay: number;
  /** Added to what it says, whatever the delay. */
  illness: number;
  /** With a short delay another figure gets bad. */
  touchy: boolean;
  /** Answers 200 to writes and changes nothing. */
  deaf: boolean;
  readonly writes: SeenWrite[];
  work: number;
}

/** Any number of systems behind one port. */
export async function knobServer(): Promise<{ readonly server: Server; system(delay: number): KnobSystem }> {
  const systems: KnobSystem[] = [];
  const server = createServer((request, response) => {
    const [, number, path] = /^\/(\d+)\/(\w+)$/.exec(request.url ?? '') ?? [];
    const system = systems[Number(number)];
    const answer = (body: object): void => void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    if (system === undefined) return void response.writeHead(404).end();
    if (path === 'work') {
      system.work += 1;
      return answer({ took: system.delay + system.illness, other: system.touchy && system.delay <= 75 ? 500 : 10 });
    }
    if (request.method !== 'POST') return answer({ delay: system.delay });
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { delay } = JSON.parse(body) as { delay: number };
      if (!system.deaf) system.delay = delay;
      system.writes.push({ value: delay, at: Date.now() });
      answer({ delay: system.delay });
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    server,
    system(delay) {
      const system = { base: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${systems.length}`, delay, illness: 0, touchy: false, deaf: false, writes: [] as SeenWrite[], work: 0 };
      systems.push(system);
      return system;
    },
  };
}

/** A suite over such a system: one remedy, a guard, and nothing that makes it wait. */
export const SUITE = `version: 1
suite: crash
targets: { api: '\${{ env.BASE }}' }
metrics:
  work.took: { kind: distribution, unit: ms, description: What the answer says, from: ask, value: body.took }
  work.other: { kind: distribution, unit: ms, description: Another figure, from: ask, value: body.other }
scenarios:
  - { id: ask, steps: [{ id: ask, use: http.request, with: { url: '\${{ targets.api }}/work' } }] }
slos: [{ id: quick, objective: max(work.took) < 80ms }]
knobs:
  delay: { range: [10, 900], maxStep: 100, unit: ms, settle: 1ms, read: { url: '\${{ targets.api }}/config', at: /delay }, write: { url: '\${{ targets.api }}/config', json: { delay: '\${{ value }}' } } }
diagnoses: [{ id: slow, when: "slos.quick.verdict = 'fail'", cause: The delay is too long }]
remedies: [{ id: faster, when: "diagnosis = 'slow'", use: knob.change, with: { knob: delay, by: -50 }, cooldown: 0s, dailyLimit: 100, guards: [max(work.other) < 100ms] }]
`;

/** What a session in a process of its own is asked to do. */
export interface Session {
  readonly suite: string;
  readonly state: string;
  readonly env: { readonly [name: string]: string };
  readonly what: 'run' | 'undo';
  readonly kill?: FailPoint | undefined;
}

/** A place in the protocol: the so-manieth time that a name was reached. */
export interface FailPoint {
  readonly name: string;
  readonly times: number;
}

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url));

/** Runs a session to its end, or to its death; gives the fail points that it reached. */
export function session(parts: Session): Promise<{ readonly points: readonly FailPoint[]; readonly signal: NodeJS.Signals | null; readonly error: string }> {
  const child = spawn(process.execPath, [CHILD, JSON.stringify(parts)], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
  let out = '';
  let error = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
  return new Promise((resolve) => child.on('close', (_code, signal) => resolve({ points: out.split('\n').filter((line) => line !== '').map(asPoint), signal, error })));
}

function asPoint(line: string): FailPoint {
  const [name = '', times] = line.split(' ');
  return { name, times: Number(times) };
}
