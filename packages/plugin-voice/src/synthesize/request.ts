import { request as requestPlain, type IncomingHttpHeaders } from 'node:http';
import { request as requestSecure } from 'node:https';
import { RealopsError, type Clock, type Millis } from '@alice/realops/plugin';
import type { Piece } from './playout.js';

/** A request for speech. */
export interface SpeechRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | Uint8Array;
  readonly clock: Pick<Clock, 'now'>;
  readonly signal: AbortSignal;
}

/** The answer, with the time of every piece in ms since the request was handed over. */
export interface SpeechAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly pieces: readonly Piece[];
  readonly totalMs: Millis;
}

/** Ten minutes of the best that there is. */
const MOST_BYTES = 256 << 20;

/**
 * Sends the request and keeps the time of every piece of the answer. Redirects are not followed.
 * @throws RealopsError REALOPS_CONNECTION, or REALOPS_PROTOCOL for an answer that breaks off or is too long; the signal's reason when it aborts
 */
export function requestSpeech({ url, method, headers, body, clock, signal }: SpeechRequest): Promise<SpeechAnswer> {
  return new Promise((resolve, reject) => {
    const where = `${url.protocol}//${url.host}${url.pathname}`;
    const begin = clock.now();
    const [chunks, pieces]: [Buffer[], Piece[]] = [[], []];
    let bytes = 0;
    const open = url.protocol === 'https:' ? requestSecure : requestPlain;
    const fail = (error: Error): void => {
      request.destroy();
      reject(signal.aborted && signal.reason instanceof Error ? signal.reason : error);
    };
    const request = open(url, { method, headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) }, signal, agent: false }, (answer) => {
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MOST_BYTES) return fail(new RealopsError('REALOPS_PROTOCOL', `${where} answered with more than ${MOST_BYTES >> 20} MiB`));
        pieces.push({ at: clock.now() - begin, length: chunk.length });
        chunks.push(chunk);
      });
      answer.on('error', (error) => fail(new RealopsError('REALOPS_PROTOCOL', `the answer of ${where} broke off after ${bytes} bytes: ${error.message}`, { cause: error })));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks), pieces, totalMs: clock.now() - begin }));
    });
    request.on('error', (error) => {
      const first = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0].message : error.message;
      fail(new RealopsError('REALOPS_CONNECTION', `no answer from ${where}: ${first}`, { cause: error }));
    });
    request.end(body);
  });
}
