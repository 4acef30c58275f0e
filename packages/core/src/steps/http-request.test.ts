import { createServer as createHttpServer, type RequestListener, type Server as HttpServer } from 'node:http';
import { createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { runStep, type RunStepOptions, type StepRun } from '../testing.js';
import type { JsonObject } from '../text/index.js';
import { httpRequest } from './http-request.js';

const open: (HttpServer | TcpServer)[] = [];
const sockets = new Set<Socket>();
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of open.splice(0)) server.close();
});

async function listening(server: HttpServer | TcpServer): Promise<string> {
  open.push(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}
const http = (answer: RequestListener): Promise<string> => listening(createHttpServer(answer));
const tcp = (talk: (socket: Socket) => void): Promise<string> => listening(createTcpServer(talk));
const ask = (api: string, parameters: JsonObject = {}, options: RunStepOptions = {}): Promise<StepRun> => runStep(httpRequest, { url: 'api', ...parameters }, { targets: { api }, timeoutMs: 1_500, ...options });
const json = (body: unknown): RequestListener => (_, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body));

describe('http.request', () => {
  it('gives status, headers, parsed body and timings, and measures them', async () => {
    const api = await http((request, response) => response.writeHead(201, { 'content-type': 'application/json', 'x-route': 'micro' }).end(JSON.stringify({ path: request.url, trace: request.headers['traceparent'] })));
    const first = await ask(api, { path: '/a b', query: { q: 'å', n: 2 } });
    expect(first.output).toMatchObject({ status: 201, headers: { 'x-route': 'micro' }, redirects: 0, body: { path: '/a%20b?q=%C3%A5&n=2', trace: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) as string } });
    expect(first.measurements.map(({ metric }) => metric).sort()).toEqual(['http.connect', 'http.firstByte', 'http.success', 'http.total']);
    // The library keeps a second connection ready for the next request; from then on none is opened.
    await ask(api);
    const third = await ask(api);
    expect(third.measurements.map(({ metric }) => metric)).not.toContain('http.connect');
  });

  it('takes every status as an answer; success is below 400', async () => {
    const api = await http((_, response) => response.writeHead(503).end('busy'));
    const { outcome, output, measurements } = await ask(api);
    expect([outcome, output]).toMatchObject(['passed', { status: 503, body: 'busy' }]);
    expect(measurements.find(({ metric }) => metric === 'http.success')?.value).toBe(0);
  });

  it('sends JSON, text, form and multipart bodies', async () => {
    const api = await http((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => json({ type: request.headers['content-type'], method: request.method, body })(request, response));
    });
    expect((await ask(api, { json: { a: 1 } })).output).toMatchObject({ body: { type: 'application/json', method: 'POST', body: '{"a":1}' } });
    expect((await ask(api, { text: 'hej', method: 'PUT' })).output).toMatchObject({ body: { method: 'PUT', body: 'hej' } });
    expect((await ask(api, { form: { a: 'b c' } })).output).toMatchObject({ body: { body: 'a=b+c' } });
    const multipart = await ask(api, { multipart: [{ name: 'audio', file: 'package.json', contentType: 'audio/wav' }, { name: 'language', value: 'sv' }] }, { files: process.cwd() });
    expect(JSON.stringify(multipart.output)).toContain('filename=');
  });

  it('parses JSON inside JSON where it is told to', async () => {
    const api = await http(json({ response: '{"intent":"calendar.create"}' }));
    expect((await ask(api, { parseJsonIn: ['response'] })).output).toMatchObject({ body: { response: { intent: 'calendar.create' } } });
  });

  it.each([['gzip', gzipSync], ['br', brotliCompressSync]] as const)('decodes %s', async (encoding, pack) => {
    const api = await http((_, response) => response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding }).end(pack(Buffer.from('{"ok":true}'))));
    expect((await ask(api)).output).toMatchObject({ body: { ok: true } });
  });

  it('reads answers without a body', async () => {
    const api = await http((_, response) => response.writeHead(204).end());
    expect((await ask(api)).output).toMatchObject({ status: 204, bytes: 0 });
    expect((await ask(api, { method: 'HEAD' })).output).toMatchObject({ status: 204 });
  });

  it('follows redirects only as far as it is told and only to targets', async () => {
    const api = await http((request, response) => (request.url === '/end' ? json({ end: true })(request, response) : response.writeHead(302, { location: request.url === '/out' ? 'http://localhost:9/' : request.url === '/loop' ? '/loop' : '/end' }).end()));
    expect((await ask(api)).output).toMatchObject({ status: 302 });
    expect((await ask(api, { redirects: 3 })).output).toMatchObject({ status: 200, redirects: 1, body: { end: true } });
    expect((await ask(api, { path: '/loop', redirects: 3 })).error).toMatchObject({ code: 'REALOPS_PROTOCOL', message: expect.stringContaining('3 redirects') as string });
    expect((await ask(api, { path: '/out', redirects: 3 })).error?.code).toBe('REALOPS_EGRESS_DENIED');
  });
});

describe('http.request against a broken service', () => {
  const failsWith = async (api: string, code: string, words: string | RegExp, parameters: JsonObject = {}): Promise<StepRun> => {
    const run = await ask(api, parameters);
    expect([run.outcome, run.error?.code, run.error?.message]).toEqual(['error', code, typeof words === 'string' ? expect.stringContaining(words) : expect.stringMatching(words)]);
    expect(run.durationMs).toBeLessThan(2_500);
    return run;
  };

  it('that accepts and never answers: ends at the deadline, closes the socket, counts as missing', async () => {
    let closed = false;
    const api = await tcp((socket) => void socket.on('close', () => (closed = true)).resume());
    const run = await failsWith(api, 'REALOPS_TIMEOUT', /1500 ms.*has not answered/);
    expect(run.measurements).toMatchObject([{ metric: 'http.firstByte', value: null }, { metric: 'http.total', value: null }, { metric: 'http.success', value: 0 }]);
    await expect.poll(() => closed).toBe(true);
  });
  it('that drips its body for ever', async () => {
    const api = await http((_, response) => void setInterval(() => response.write('x'), 50).unref());
    await failsWith(api, 'REALOPS_TIMEOUT', 'its body did not end');
  });
  it('that closes in the middle of the body', async () => {
    const api = await tcp((socket) => void socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf')));
    await failsWith(api, 'REALOPS_CONNECTION', /127\.0\.0\.1:\d+/);
  });
  it('that resets the connection', async () => {
    const api = await tcp((socket) => void socket.once('data', () => socket.resetAndDestroy()));
    await failsWith(api, 'REALOPS_CONNECTION', /127\.0\.0\.1:\d+/);
  });
  it('that does not speak HTTP', async () => {
    const api = await tcp((socket) => void socket.once('data', () => socket.end('220 smtp ready\r\n')));
    await failsWith(api, 'REALOPS_PROTOCOL', /127\.0\.0\.1:\d+/);
  });
  it('that answers HTML where JSON was promised', async () => {
    const api = await http((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('<!doctype html><h1>Bad gateway</h1>'));
    await failsWith(api, 'REALOPS_PROTOCOL', 'HTML');
    const plain = await http((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hello</h1>'));
    await failsWith(plain, 'REALOPS_PROTOCOL', 'HTML', { parse: 'json' });
  });
  it('that answers 100 MB', async () => {
    const api = await http((_, response) => {
      const chunk = Buffer.alloc(1024 * 1024);
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
        response.once('drain', more);
      };
      more();
    });
    await failsWith(api, 'REALOPS_PROTOCOL', '1048576 bytes', { maxBytes: 1_048_576 });
  });
  it('where nothing listens, and where the name does not exist', async () => {
    await failsWith('http://127.0.0.1:1', 'REALOPS_CONNECTION', 'nothing listens on 127.0.0.1:1');
    const run = await ask('http://no-such-host.invalid/');
    expect([run.outcome, run.error?.code]).toEqual(['error', expect.stringMatching(/^REALOPS_(?:CONNECTION|TIMEOUT)$/)]);
  });
  it('ends within a second when it is cancelled', async () => {
    const api = await tcp((socket) => void socket.resume());
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 60);
    const run = await ask(api, {}, { signal: stop.signal, timeoutMs: 20_000 });
    expect(run.error?.code).toBe('REALOPS_CANCELLED');
    expect(run.durationMs).toBeLessThan(1_060);
  });
  it('refuses hosts that are no target', async () => {
    const run = await runStep(httpRequest, { url: 'http://127.0.0.1:2/x' }, { targets: { api: 'http://127.0.0.1:1' } });
    expect(run.error?.code).toBe('REALOPS_EGRESS_DENIED');
  });
});
