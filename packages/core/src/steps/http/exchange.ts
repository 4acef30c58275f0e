import { subscribe } from 'node:diagnostics_channel';
import type { Dispatcher } from 'undici';
import { RealopsError } from '../../plugin.js';
import type { HttpAgent } from './agents.js';
import { explainConnection } from './faults.js';

/** One HTTP exchange as it happened. Times are milliseconds from the moment the request was handed over. */
export interface Exchange {
  readonly status: number;
  readonly statusText: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: Buffer;
  /** Time to an open connection; null when one was kept alive. */
  readonly connectMs: number | null;
  readonly firstByteMs: number;
  readonly totalMs: number;
}

/** What is sent. */
export interface ExchangeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | Uint8Array | undefined;
  readonly maxBytes: number;
}

/** The exchange whose headers are being written; the library writes them in the same tick in which it says that a request starts. */
let starting: { socket: object | undefined } | undefined;

subscribe('undici:client:sendHeaders', (message) => {
  if (starting !== undefined && typeof message === 'object' && message !== null && 'socket' in message && typeof message.socket === 'object' && message.socket !== null) starting.socket = message.socket;
});

/**
 * Sends one request and reads the whole answer. Any status is an answer.
 * @throws RealopsError REALOPS_CONNECTION when there is none, REALOPS_PROTOCOL when it is larger than `maxBytes`; the signal's reason when it aborts
 */
export function exchange(pool: HttpAgent, request: ExchangeRequest, signal: AbortSignal): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const mark: { socket: object | undefined } = { socket: undefined };
    const chunks: Buffer[] = [];
    let bytes = 0;
    let status = 0;
    let statusText = '';
    let headers: Exchange['headers'] = {};
    let firstByteMs = 0;
    let controller: Dispatcher.DispatchController | undefined;
    let settled = false;
    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      pool.active -= 1;
      signal.removeEventListener('abort', onAbort);
      return true;
    };
    const fail = (error: unknown): void => {
      if (settle()) reject(error instanceof Error ? error : new Error(String(error)));
    };
    const onAbort = (): void => {
      if (controller !== undefined) controller.abort(asError(signal.reason));
      // Nobody else waits for these sockets.
      else if (pool.active === 1) for (const socket of pool.connecting) socket.destroy(asError(signal.reason));
      fail(signal.reason);
    };
    pool.active += 1;
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(given) {
        controller = given;
        if (settled) given.abort(asError(signal.reason));
        starting = mark;
      },
      onResponseStart(_, statusCode, given, message) {
        // Informational answers (1xx) come before the real one.
        if (statusCode < 200) return;
        firstByteMs = performance.now() - begin;
        status = statusCode;
        statusText = message ?? '';
        headers = flatten(given);
      },
      onResponseData(given, chunk) {
        bytes += chunk.length;
        if (bytes <= request.maxBytes) return void chunks.push(chunk);
        const error = new RealopsError('REALOPS_PROTOCOL', `the answer is larger than ${request.maxBytes} bytes`, { hint: 'raise maxBytes if that is expected' });
        fail(error);
        given.abort(error);
      },
      onResponseEnd() {
        const connectMs = mark.socket === undefined ? undefined : pool.connectMs.get(mark.socket);
        if (mark.socket !== undefined) pool.connectMs.delete(mark.socket);
        if (settle()) resolve({ status, statusText, headers, body: chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks), connectMs: connectMs ?? null, firstByteMs, totalMs: performance.now() - begin });
      },
      onResponseError(_, error) {
        fail(explainConnection(error, request.url, status));
      },
    };
    try {
      pool.agent.dispatch({ origin: request.url.origin, path: `${request.url.pathname}${request.url.search}`, method: request.method as Dispatcher.HttpMethod, headers: { ...request.headers }, body: request.body ?? null }, handler);
    } catch (error) {
      fail(explainConnection(error, request.url, 0));
    }
  });
}

function flatten(headers: { readonly [name: string]: string | string[] | undefined }): Exchange['headers'] {
  const flat: { [name: string]: string } = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined) flat[name.toLowerCase()] = typeof value === 'string' ? value : value.join(', ');
  }
  return flat;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('cancelled');
}
