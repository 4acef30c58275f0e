import type { IncomingMessage } from 'node:http';
import type { ClientOptions, WebSocket } from 'ws';
import { RealopsError, type Clock, type Resource } from '../../plugin.js';
import type { TlsOptions } from '../http/tls.js';
import { interrupted } from '../late.js';
import { closedError, explainSocket, refusedUpgrade } from './faults.js';
import { collectMessages, type Inbox } from './inbox.js';

/** How a socket was closed. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** An open WebSocket with its messages in order. */
export interface Connection extends Pick<Inbox, 'next' | 'drain'> {
  readonly openMs: number;
  /** The subprotocol that the server chose; empty for none. */
  readonly protocol: string;
  /** Resolves once the bytes are handed to the system; rejects when the socket is closed or the signal aborts. */
  send(data: string | Uint8Array, signal: AbortSignal): Promise<void>;
  close(code: number, reason: string): Promise<Closing>;
  /** Waits for the other side to close. */
  closed(signal: AbortSignal): Promise<Closing>;
  /** How it was closed, once it was. */
  readonly closing: Closing | undefined;
}

/** What opening a socket takes. */
export interface ConnectionOptions {
  readonly protocols: readonly string[];
  readonly headers: { readonly [name: string]: string };
  readonly tls: TlsOptions | undefined;
  readonly maxMessageBytes: number;
  readonly clock: Clock;
}

/** How long the other side may take to answer a close. */
const CLOSE_MS = 500;
/** How much of an answer that is no upgrade is read, and for how long. */
const REFUSAL_CHARACTERS = 200;
const REFUSAL_MS = 500;

/** A WebSocket as a resource: opened under the step's signal, closed politely and after half a second for good. Pings are answered by the library. */
export function webSocket(url: URL, options: ConnectionOptions): Resource<Connection> {
  return {
    name: `WebSocket to ${url.host}`,
    async open(signal) {
      const { WebSocket: Socket } = await import('ws');
      if (signal.aborted) throw interrupted(signal, 'the socket is not open yet');
      const started = options.clock.now();
      const settings: ClientOptions = { perMessageDeflate: false, maxPayload: options.maxMessageBytes, headers: { ...options.headers }, ...options.tls };
      return attach(makeSocket(() => new Socket(url, [...options.protocols], settings)), url, started, options, signal);
    },
    close: async (connection) => void (await connection.close(1000, '')),
  };
}

function makeSocket(make: () => WebSocket): WebSocket {
  try {
    return make();
  } catch (error) {
    throw new RealopsError('REALOPS_WITH_INVALID', `the socket cannot be opened: ${error instanceof Error ? error.message : String(error)}`, { cause: error, hint: 'check protocols and headers' });
  }
}

async function attach(socket: WebSocket, url: URL, started: number, { clock, maxMessageBytes }: ConnectionOptions, signal: AbortSignal): Promise<Connection> {
  const inbox = collectMessages(socket, () => clock.now());
  let closing: Closing | undefined;
  let broken: RealopsError | undefined;
  const closed = new Promise<Closing>((resolve) => {
    socket.on('error', (error) => {
      broken ??= explainSocket(error, url, maxMessageBytes);
      inbox.end(broken);
    });
    socket.on('close', (code, reason) => {
      closing = { code, reason: reason.toString('utf8') };
      broken ??= closedError(url, code, closing.reason);
      inbox.end(broken);
      resolve(closing);
    });
  });
  await opened(socket, url, clock, signal, () => broken);
  const openMs = clock.now() - started;
  return {
    openMs,
    protocol: socket.protocol,
    next: inbox.next,
    drain: inbox.drain,
    send: (data, given) => send(socket, data, given, () => broken ?? closedError(url, 1006, '')),
    close: (code, reason) => shut(socket, code, reason, closed, clock),
    async closed(given) {
      await untilAborted(closed, given, 'the other side has not closed the socket');
      return closed;
    },
    get closing() {
      return closing;
    },
  };
}

function opened(socket: WebSocket, url: URL, clock: Clock, signal: AbortSignal, fault: () => RealopsError | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => (): void => {
      signal.removeEventListener('abort', abort);
      act();
    };
    const abort = (): void => {
      reject(interrupted(signal, `${url.host} has not answered the upgrade`));
      socket.terminate();
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('open', settle(resolve));
    // The fault itself was noted by the listeners above.
    socket.once('error', settle(() => reject(fault() ?? new Error('the socket broke'))));
    socket.once('unexpected-response', (_, response) => {
      void beginningOf(response, clock).then((body) => {
        settle(() => reject(refusedUpgrade(url, response.statusCode ?? 0, body)))();
        socket.terminate();
      });
    });
  });
}

/** The beginning of an answer, as far as it comes in a moment. */
function beginningOf(response: IncomingMessage, clock: Clock): Promise<string> {
  return new Promise((resolve) => {
    let body = '';
    const callOff = clock.after(REFUSAL_MS, () => done());
    const done = (): void => {
      callOff();
      resolve(body.slice(0, REFUSAL_CHARACTERS));
    };
    response.setEncoding('utf8');
    response.on('error', done);
    response.on('data', (chunk: string) => {
      body += chunk;
      if (body.length >= REFUSAL_CHARACTERS) done();
    });
    response.on('end', done);
    response.on('close', done);
  });
}

function send(socket: WebSocket, data: string | Uint8Array, signal: AbortSignal, fault: () => Error): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.reject(fault());
  const sent = new Promise<void>((resolve, reject) => socket.send(data, (error) => (error ? reject(fault()) : resolve())));
  return untilAborted(sent, signal, 'the other side does not take what is sent');
}

async function untilAborted(work: Promise<unknown>, signal: AbortSignal, waitingFor: string): Promise<void> {
  let abort: () => void = () => undefined;
  try {
    await new Promise((resolve, reject) => {
      abort = () => reject(interrupted(signal, waitingFor));
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      work.then(resolve, reject);
    });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function shut(socket: WebSocket, code: number, reason: string, closed: Promise<Closing>, clock: Clock): Promise<Closing> {
  if (socket.readyState === socket.CLOSED) return closed;
  const callOff = clock.after(CLOSE_MS, () => socket.terminate());
  // A paused socket would not see the answer.
  if (socket.isPaused) socket.resume();
  if (socket.readyState === socket.OPEN) socket.close(code, reason);
  return closed.finally(callOff);
}
