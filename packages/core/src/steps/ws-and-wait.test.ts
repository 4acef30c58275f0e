import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { runStep, type StepRun } from '../testing.js';
import type { JsonObject } from '../text/index.js';
import { httpRequest } from './http-request.js';
import { waitFor } from './wait-for.js';
import { waitUntil } from './wait-until.js';
import { wsExchange } from './ws-exchange.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).reverse()) close();
});

async function port(server: { listen(port: number, host: string, done: () => void): unknown; address(): unknown; close(): unknown }): Promise<number> {
  closers.push(() => server.close());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0;
}
async function talking(talk: (socket: WebSocket) => void): Promise<string> {
  const server = createServer((_, response) => response.writeHead(404).end('no such page'));
  const sockets = new WebSocketServer({ server, path: '/ws' });
  sockets.on('connection', talk);
  closers.push(() => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  });
  return `ws://127.0.0.1:${await port(server)}/ws`;
}
const play = (target: string, script: JsonObject[], extra: JsonObject = {}, timeoutMs = 1_500): Promise<StepRun> => runStep(wsExchange, { url: 'asr', script, ...extra }, { targets: { asr: target }, timeoutMs });

describe('ws.exchange', () => {
  it('plays a script and measures it', async () => {
    const asr = await talking((socket) => void socket.on('message', (data: Buffer) => {
      socket.send('{"event":"partial","text":"hej"}');
      socket.send(JSON.stringify({ event: 'final', got: JSON.parse(data.toString()) as unknown }));
    }));
    const run = await play(asr, [{ send: { type: 'end' }, receive: { until: "event = 'final'", within: '1s' } }, { close: {} }]);
    expect([run.error, run.output]).toMatchObject([undefined, { count: 2, last: { event: 'final', got: { type: 'end' } }, closeCode: 1000 }]);
    expect(run.measurements.map(({ metric }) => metric)).toEqual(['ws.open', 'ws.message', 'ws.success']);
  });

  it.each<readonly [string, (socket: WebSocket) => void, string, RegExp, JsonObject]>([
    ['closes in the middle', (socket) => socket.on('message', () => socket.close(1011, 'overload')), 'REALOPS_CONNECTION', /script\[1\].*1011/s, {}],
    ['sends junk where JSON is wanted', (socket) => socket.on('message', () => socket.send('not json')), 'REALOPS_PROTOCOL', /script\[1\].*not json/s, { parse: 'json' }],
    ['sends binary where JSON is wanted', (socket) => socket.on('message', () => socket.send(Buffer.from([1, 2]))), 'REALOPS_PROTOCOL', /script\[1\].*binary/s, { parse: 'json' }],
    ['sends 100 MB', (socket) => socket.on('message', () => socket.send(Buffer.alloc(100 * 1024 * 1024))), 'REALOPS_PROTOCOL', /script\[1\].*1048576/s, {}],
    ['never answers', () => undefined, 'REALOPS_TIMEOUT', /script\[1\]/, {}],
  ])('names the line when the service %s', async (_, talk, code, words, extra) => {
    const run = await play(await talking(talk), [{ send: 1 }, { receive: { until: "event = 'final'", within: '400ms' } }], extra);
    expect([run.outcome, run.error?.code, run.error?.message]).toEqual(['error', code, expect.stringMatching(words)]);
    expect(run.durationMs).toBeLessThan(3_000);
    expect(run.measurements.find(({ metric }) => metric === 'ws.success')?.value).toBe(0);
  });

  it('says what came instead of an upgrade, and when nothing came', async () => {
    const asr = await talking(() => undefined);
    expect((await play(asr.replace('/ws', '/other'), [{ wait: '1ms' }])).error).toMatchObject({ code: 'REALOPS_PROTOCOL' });
    expect((await play('ws://127.0.0.1:1/', [{ wait: '1ms' }])).error).toMatchObject({ code: 'REALOPS_CONNECTION' });
    let closed = false;
    const silent = createTcpServer((socket: Socket) => void socket.on('close', () => (closed = true)).on('error', () => undefined).resume());
    const run = await play(`ws://127.0.0.1:${await port(silent)}/`, [{ wait: '1ms' }], {}, 400);
    expect(run.error?.code).toBe('REALOPS_TIMEOUT');
    await expect.poll(() => closed).toBe(true);
  });
});

describe('wait.until', () => {
  const changing = async (): Promise<{ readonly url: string; readonly server: Server }> => {
    let state = 'NORMAL';
    const server = createServer((request, response) => {
      if (request.method === 'POST') setTimeout(() => (state = 'BROWNOUT'), 80);
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ state }));
    });
    return { server, url: `http://127.0.0.1:${await port(server)}` };
  };
  const step = { use: 'http.request', with: { url: 'api' } };

  it('times a transition from its trigger, from outside', async () => {
    const { url } = await changing();
    const run = await runStep(waitUntil, { trigger: { use: 'http.request', with: { url: 'api', method: 'POST' } }, step, condition: "body.state = 'BROWNOUT'", every: '10ms', stable: 2 }, { targets: { api: url }, steps: [httpRequest] });
    const [transition] = run.measurements.filter(({ metric }) => metric === 'wait.transition');
    expect(run.error).toBeUndefined();
    expect(transition?.value).toBeGreaterThanOrEqual(78);
    expect(transition?.value).toBeLessThan(run.durationMs);
  });

  it('gives up with the last output, and counts polls that failed', async () => {
    const { url } = await changing();
    const never = await runStep(waitUntil, { step, condition: "body.state = 'EMERGENCY'", every: '20ms', within: '200ms' }, { targets: { api: url }, steps: [httpRequest] });
    expect(never.error).toMatchObject({ code: 'REALOPS_UNTIL_NOT_REACHED', message: expect.stringContaining('NORMAL') as string });
    const down = await runStep(waitUntil, { step, condition: 'status = 200', every: '20ms', within: '200ms' }, { targets: { api: 'http://127.0.0.1:1' }, steps: [httpRequest] });
    expect(down.error).toMatchObject({ code: 'REALOPS_UNTIL_NOT_REACHED', message: expect.stringContaining('nothing listens') as string });
  });
});

describe('wait.for', () => {
  it('waits, and ends at once when it is cancelled', async () => {
    expect((await runStep(waitFor, { duration: '30ms' })).durationMs).toBeGreaterThanOrEqual(28);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const run = await runStep(waitFor, { duration: '10s' }, { signal: stop.signal, timeoutMs: 20_000 });
    expect([run.error?.code, run.durationMs < 1_000]).toEqual(['REALOPS_CANCELLED', true]);
  });
});
