import { createServer, type Server } from 'node:http';
import { messageOf, RealopsError } from '../errors/index.js';
import type { LoopStatus } from './loop-status.js';

/** A small server on loopback that says whether the loop does its work. */
export interface HealthServer extends AsyncDisposable {
  readonly url: string;
}

/** Hosts that a request may be meant for; anything else is a web page that tries its luck. */
const OWN_HOSTS = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

/**
 * Answers `GET /healthz` on 127.0.0.1 with the status: 200 while the loop does its work, 503 when it is overdue or ends. Whether the system under test is well is in the
 * answer (`last`, `alerts`), not in its code: a failing system is no reason to restart its watcher.
 * @throws RealopsError REALOPS_VALUE_INVALID when the port is taken
 */
export async function serveHealth(port: number, look: () => { readonly well: boolean; readonly status: LoopStatus }): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    const answer = (code: number, body: object): void => {
      response.writeHead(code, { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      response.end(request.method === 'HEAD' ? undefined : `${JSON.stringify(body)}\n`);
    };
    if (!OWN_HOSTS.test(request.headers.host ?? '')) return answer(403, { error: 'this address answers requests to 127.0.0.1 only' });
    if (path !== '/healthz') return answer(404, { error: 'there is only /healthz' });
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(405, { error: 'GET it' });
    const { well, status } = look();
    answer(well ? 200 : 503, status);
  });
  server.headersTimeout = 5_000;
  server.requestTimeout = 5_000;
  await listen(server, port);
  const address = server.address();
  const own = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://127.0.0.1:${own}/healthz`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new RealopsError('REALOPS_VALUE_INVALID', `/healthz cannot be served on port ${port}: ${messageOf(error)}`, { hint: 'give another port under loop.health, or 0 for any that is free', cause: error })));
    server.listen(port, '127.0.0.1', resolve);
  });
}
