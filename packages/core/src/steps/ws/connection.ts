import type { ClientOptions, RawData, WebSocket } from 'ws';
import { RealopsError, type Resource, type StepContext } from '../../plugin.js';
import { explainConnection } from '../http/faults.js';

/** One received message, stamped when it arrived. */
export interface Received {
  readonly data: Buffer;
  readonly binary: boolean;
  readonly at: number;
}

/** An open WebSocket with its messages in order. */
export interface Connection {
  readonly openMs: number;
  send(data: string | Uint8Array): Promise<void>;
  /** The next message; rejects when the socket closes or breaks, or with the signal's reason. */
  next(signal: AbortSignal): Promise<Received>;
  close(code: number, reason: string): Promise<{ readonly code: number; readonly reason: string }>;
}

/** What opening a socket takes. */
export interface ConnectionOptions {
  readonly protocols: readonly string[];
  readonly headers: { readonly [name: string]: string };
  readonly maxMessageBytes: number;
  readonly clock: StepContext['clock'];
}

/** How long the other side may take to answer a close. */
const CLOSE_MS = 700;

/** A WebSocket as a resource: opened under the step's signal, closed politely and then for good. */
export function webSocket(url: URL, options: ConnectionOptions): Resource<Connection> {
  let socket: WebSocket | undefined;
  return {
    name: `WebSocket to ${url.host}`,
    async open(signal) {
      const { WebSocket: Socket } = await import('ws');
      const started = options.clock.now();
      const settings: ClientOptions = { perMessageDeflate: false, maxPayload: options.maxMessageBytes, headers: { ...options.headers } };
      socket = new Socket(url, [...options.protocols], settings);
      return opened(socket, url, started, options, signal);
    },
    async close() {
      if (socket !== undefined) await shut(socket, 1000, '');
    },
  };
}

async function opened(socket: WebSocket, url: URL, started: number, { clock, maxMessageBytes }: ConnectionOptions, signal: AbortSignal): Promise<Connection> {
  const queue: Received[] = [];
  let waiting: ((received: Received | Error) => void) | undefined;
  let ended: Error | undefined;
  const end = (error: Error): void => {
    ended ??= error;
    waiting?.(ended);
  };
  socket.on('message', (data: RawData, binary: boolean) => {
    const received = { data: toBuffer(data), binary, at: clock.now() };
    if (waiting === undefined) queue.push(received);
    else waiting(received);
  });
  const openMs = await new Promise<number>((resolve, reject) => {
    const abort = (): void => {
      socket.terminate();
      reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'));
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.on('open', () => {
      signal.removeEventListener('abort', abort);
      resolve(clock.now() - started);
    });
    socket.on('unexpected-response', (_, response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body = `${body}${chunk}`.slice(0, 200);
      });
      const told = (): void => reject(new RealopsError('REALOPS_PROTOCOL', `${url.href} answered the upgrade with HTTP ${response.statusCode ?? 0}${body === '' ? '' : `: ${JSON.stringify(body)}`}`, { hint: 'is the path right, and does it speak WebSocket?' }));
      response.on('end', told);
      response.on('close', told);
    });
    socket.on('error', (error: Error) => {
      const told = explain(error, url, maxMessageBytes);
      end(told);
      reject(told);
    });
    socket.on('close', (code: number, reason: Buffer) => {
      const told = new RealopsError('REALOPS_CONNECTION', `${url.host} closed the socket (code ${code}${reason.length === 0 ? '' : `, ${reason.toString('utf8')}`})`);
      end(told);
      reject(told);
    });
  });
  return {
    openMs,
    send: (data) => new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      socket.send(data, (error) => (error === undefined || error === null ? resolve() : reject(ended ?? explain(error, url, maxMessageBytes))));
    }),
    async next(given) {
      given.throwIfAborted();
      const received = queue.shift();
      if (received !== undefined) return received;
      if (ended !== undefined) throw ended;
      return new Promise<Received>((resolve, reject) => {
        const stop = (): void => {
          waiting = undefined;
          reject(given.reason instanceof Error ? given.reason : new Error('cancelled'));
        };
        given.addEventListener('abort', stop, { once: true });
        waiting = (result) => {
          waiting = undefined;
          given.removeEventListener('abort', stop);
          if (result instanceof Error) reject(result);
          else resolve(result);
        };
      });
    },
    close: (code, reason) => shut(socket, code, reason),
  };
}

function explain(error: Error, url: URL, maxMessageBytes: number): RealopsError {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return new RealopsError('REALOPS_PROTOCOL', `${url.host} sent a message larger than ${maxMessageBytes} bytes`, { cause: error, hint: 'raise maxMessageBytes if that is expected' });
  if (code.startsWith('WS_ERR')) return new RealopsError('REALOPS_PROTOCOL', `${url.host} broke the WebSocket protocol: ${error.message}`, { cause: error });
  if (/unexpected server response|sec-websocket|upgrade/i.test(error.message)) return new RealopsError('REALOPS_PROTOCOL', `${url.host} did not accept the WebSocket: ${error.message}`, { cause: error });
  return explainConnection(error, url, 0);
}

function shut(socket: WebSocket, code: number, reason: string): Promise<{ readonly code: number; readonly reason: string }> {
  return new Promise((resolve) => {
    if (socket.readyState === socket.CLOSED) return resolve({ code: 1006, reason: '' });
    const timer = setTimeout(() => socket.terminate(), CLOSE_MS);
    socket.on('close', (given: number, text: Buffer) => {
      clearTimeout(timer);
      resolve({ code: given, reason: text.toString('utf8') });
    });
    if (socket.readyState === socket.CONNECTING) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.close(code, reason);
  });
}

function toBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
