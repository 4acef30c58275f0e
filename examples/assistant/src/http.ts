import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request with its parsed JSON body (undefined without one). */
export interface Call {
  readonly path: string;
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
  readonly response: ServerResponse;
}

/** What a route answers; `handled` when it wrote the response itself. */
export type Answer = { readonly status: number; readonly body: unknown; readonly headers?: { readonly [name: string]: string } } | 'handled';

/** Routes by `METHOD /path`; a last segment `:id` matches anything. */
export interface Routes {
  readonly [route: string]: (call: Call) => Promise<Answer> | Answer;
}

/** Largest request body. */
const mostBytes = 1_048_576;

/** A server for the routes; every mistake of a caller is an answer in JSON. */
export function createRouter(routes: Routes): Server {
  return createServer((request, response) => {
    void serve(routes, request, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, 500, { detail: error instanceof Error ? error.message : String(error) });
      else response.destroy();
    });
  });
}

async function serve(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
  const route = routes[`${request.method ?? 'GET'} ${path}`] ?? routes[`${request.method ?? 'GET'} ${path.replace(/\/[^/]+$/, '/:id')}`];
  const text = await readBody(request);
  if (route === undefined) return send(response, Object.keys(routes).some((each) => each.endsWith(` ${path}`)) ? 405 : 404, { detail: 'Not Found' });
  if (text === undefined) return send(response, 413, { detail: `body larger than ${mostBytes} bytes` });
  let body: unknown;
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch (error) {
    return send(response, 422, { detail: [{ loc: ['body'], msg: `invalid JSON: ${error instanceof Error ? error.message : ''}`, type: 'json_invalid' }] });
  }
  const answer = await route({ path, body, headers: request.headers, response });
  if (answer !== 'handled') send(response, answer.status, answer.body, answer.headers);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: unknown, headers: { readonly [name: string]: string } = {}): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers });
  response.end(text);
}

/** Starts listening on loopback; gives the port. */
export async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** Stops listening and drops every connection. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
