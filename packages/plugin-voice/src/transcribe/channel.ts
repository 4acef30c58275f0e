import { RealopsError, type Clock, type Millis, type Resource } from '@alice/realops/plugin';
import type { Message } from '../protocols/protocol.js';

/** Who hears what arrives on a channel. */
export interface Inbound {
  /** `receivedAt` is taken before anything else is done with the message. */
  message(data: Uint8Array, isBinary: boolean, receivedAt: Millis): void;
  /** The other side closed, or the connection broke (code 1006). */
  closed(code: number, reason: string): void;
  failed(error: RealopsError): void;
}

/** An open connection to a recogniser. */
export interface Channel {
  send(message: Message): void;
  /** Bytes handed over but not yet taken by the operating system. */
  buffered(): number;
  /** Names the listener; what arrived before is handed to it at once, in order. */
  attach(inbound: Inbound): void;
}

/** A recogniser's messages are short; a longer one is refused unread. */
const MAX_MESSAGE = 1 << 20;
/** How long a polite close may take before the connection is cut. */
const CLOSE_MS = 200;

/** A WebSocket as a channel: no compression, no delay, no redirects, messages up to 1 MiB. It is cut when closing takes longer than 200 ms. */
export function webSocketChannel(options: { readonly url: URL; readonly traceId: string; readonly clock: Clock }): Resource<Channel> {
  let cut: () => Promise<void> = async () => undefined;
  return {
    name: `connection to ${options.url.host}`,
    async open(signal) {
      const { WebSocket } = await import('ws');
      signal.throwIfAborted();
      const socket = new WebSocket(options.url, { perMessageDeflate: false, maxPayload: MAX_MESSAGE, headers: { traceparent: `00-${options.traceId}-${options.traceId.slice(16)}-01` } });
      const waiting: ((inbound: Inbound) => void)[] = [];
      let listener: Inbound | undefined;
      const deliver = (tell: (inbound: Inbound) => void): void => {
        if (listener === undefined) waiting.push(tell);
        else tell(listener);
      };
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        const receivedAt = options.clock.now();
        deliver((inbound) => inbound.message(data, isBinary, receivedAt));
      });
      socket.on('error', (error) => deliver((inbound) => inbound.failed(asFailure(error, options.url))));
      socket.on('close', (code, reason) => deliver((inbound) => inbound.closed(code, reason.toString('utf8'))));
      cut = () =>
        new Promise((resolve) => {
          if (socket.readyState === WebSocket.CLOSED) return resolve();
          const timer = setTimeout(() => socket.terminate(), CLOSE_MS);
          socket.once('close', () => {
            clearTimeout(timer);
            resolve();
          });
          socket.close(1000);
        });
      await new Promise<void>((resolve, reject) => {
        const abandon = (): void => {
          socket.terminate();
          reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
        };
        signal.addEventListener('abort', abandon, { once: true });
        const settle = (act: () => void) => (): void => {
          signal.removeEventListener('abort', abandon);
          act();
        };
        socket.once('open', settle(resolve));
        socket.once('error', (error) => settle(() => reject(asFailure(error, options.url)))());
      });
      return {
        send: (message) => socket.send(message),
        buffered: () => socket.bufferedAmount,
        attach(inbound) {
          listener = inbound;
          for (const tell of waiting.splice(0)) tell(inbound);
        },
      };
    },
    close: () => cut(),
  };
}

/** The failure behind an error of the socket: the address, what came, and whether it was the network or the protocol. */
function asFailure(error: Error, url: URL): RealopsError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const where = `${url.protocol}//${url.host}${url.pathname}`;
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return new RealopsError('REALOPS_PROTOCOL', `the recogniser at ${where} sent a message of more than ${MAX_MESSAGE / 1024} KiB`, { cause: error });
  if (code.startsWith('WS_ERR_')) return new RealopsError('REALOPS_PROTOCOL', `the recogniser at ${where} broke the WebSocket protocol: ${error.message}`, { cause: error });
  if (error.message.startsWith('Unexpected server response')) {
    return new RealopsError('REALOPS_PROTOCOL', `${where} is not a WebSocket endpoint: it answered the upgrade with status ${error.message.replace(/\D+/u, '')}`, { hint: 'check the path of the target', cause: error });
  }
  const first = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0].message : error.message;
  return new RealopsError('REALOPS_CONNECTION', `no connection to ${where}: ${first || code}`, { cause: error });
}
