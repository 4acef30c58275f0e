import type { Dispatcher } from 'undici';
import { RealopsError, type StepContext } from '../../plugin.js';
import { interrupted } from '../late.js';
import type { HttpAgent, Opening } from './agents.js';
import { explainConnection, placeOf } from './faults.js';
import { flatten, type Headers } from './headers.js';

/** What is sent. */
export interface ExchangeRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | Uint8Array | undefined;
  /** The largest body of the answer that is read, in bytes as sent. */
  readonly maxBytes: number;
}

/** One HTTP exchange as it happened. Times are milliseconds from the moment the request was handed over. */
export interface Exchange {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly body: Buffer;
  /** Time to an open connection, TLS included; null on one that was kept alive. */
  readonly connectMs: number | null;
  readonly firstByteMs: number;
  readonly totalMs: number;
}

/**
 * Sends one request and reads the whole answer. Any status is an answer. When the signal aborts, the socket is destroyed at once.
 * @throws RealopsError what `explainConnection` makes of a fault; REALOPS_PROTOCOL for more than `maxBytes`; REALOPS_TIMEOUT with how far it had come, or the signal's reason
 */
export function exchange(pool: HttpAgent, request: ExchangeRequest, context: Pick<StepContext, 'clock' | 'onAbort' | 'signal'>): Promise<Exchange> {
  const { clock } = context;
  return new Promise((resolve, reject) => {
    const begin = clock.now();
    const opening: Opening = { socket: undefined, tookMs: undefined, now: () => clock.now() };
    const chunks: Buffer[] = [];
    let bytes = 0;
    let status = 0;
    let statusText = '';
    let headers: Headers = {};
    let firstByteMs = 0;
    let controller: Dispatcher.DispatchController | undefined;
    let settled = false;
    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      callOff();
      return true;
    };
    const fail = (error: Error): void => {
      if (!settle()) return;
      reject(error);
      if (controller !== undefined) controller.abort(error);
      else opening.socket?.destroy(error);
    };
    const onAbort = (): void => fail(interrupted(context.signal, stateOf(request.url, controller !== undefined, status, bytes)));
    let callOff = (): void => undefined;
    callOff = context.onAbort(onAbort);
    if (settled) return;
    const tooLarge = (size: number | undefined): void => fail(new RealopsError('REALOPS_PROTOCOL', `the answer of ${placeOf(request.url)} ${size === undefined ? 'is larger than' : `has ${size} bytes, more than`} ${request.maxBytes} bytes`, { hint: 'raise maxBytes if that is expected' }));
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(given) {
        controller = given;
        if (settled) given.abort(new RealopsError('REALOPS_CANCELLED', 'cancelled'));
      },
      onResponseStart(_, statusCode, given, message) {
        // Informational answers (1xx) come before the real one.
        if (statusCode < 200) return;
        firstByteMs = microseconds(clock.now() - begin);
        status = statusCode;
        statusText = message ?? '';
        headers = flatten(given);
        const size = Number(headers['content-length'] ?? 0);
        if (size > request.maxBytes && request.method !== 'HEAD') tooLarge(size);
      },
      onResponseData(_, chunk) {
        bytes += chunk.length;
        if (bytes > request.maxBytes) tooLarge(undefined);
        else chunks.push(chunk);
      },
      onResponseEnd() {
        if (!settle()) return;
        const answer: Exchange = { status, statusText, headers, body: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks), connectMs: opening.tookMs ?? null, firstByteMs, totalMs: microseconds(clock.now() - begin) };
        // The engine's work on it waits until the other answers that have come are read and their times taken.
        clock.nextTurn(() => resolve(answer));
      },
      onResponseError(_, error) {
        if (settle()) reject(explainConnection(error, request.url, { status, bytes, reused: controller !== undefined && opening.tookMs === undefined }));
      },
    };
    pool.dispatching = opening;
    try {
      pool.agent.dispatch({ origin: request.url.origin, path: `${request.url.pathname}${request.url.search}`, method: request.method, headers: request.headers, body: request.body ?? null }, handler);
    } catch (error) {
      if (settle()) reject(explainConnection(error, request.url));
    } finally {
      pool.dispatching = undefined;
    }
  });
}

/** Milliseconds to whole microseconds, which is more than a clock in JavaScript is good for. */
function microseconds(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}

function stateOf(url: URL, sent: boolean, status: number, bytes: number): string {
  const place = placeOf(url);
  if (status > 0) return `${place} answered with status ${status}, but its body did not end (${bytes} bytes so far)`;
  return sent ? `${place} accepted the connection but has not answered` : `no connection to ${place} yet`;
}
