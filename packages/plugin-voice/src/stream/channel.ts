import { RealopsError, type Clock, type Millis, type Resource } from '@alice/realops/plugin';
import type { AsrProtocol, AsrSession, Message } from '../protocols/protocol.js';

/** Who hears what arrives on a channel. */
export interface Inbound {
  /** `receivedAt` is taken before anything else is done with the message. */
  message(data: Uint8Array, isBinary: boolean, receivedAt: Millis): void;
  /** The other side ended the connection: in good order or not, and how it put it (`code 1011, "out of memory"`). */
  closed(inOrder: boolean, how: string): void;
  failed(error: RealopsError): void;
}

/** An open connection to a recogniser. */
export interface Channel {
  send(message: Message): void;
  /** Sends a message as it goes over the wire, framed beforehand (`frameMessage`), without a copy: the bytes must stay as they are until `buffered` is 0. Nothing once the connection is closing. */
  write?(framed: Uint8Array): void;
  /** Bytes handed over but not yet taken by the operating system. */
  buffered(): number;
  /** Names the listener; what arrived before is handed to it at once, in order. */
  attach(inbound: Inbound): void;
}

/** Where a channel leads and how it is opened. */
export interface ChannelOptions {
  readonly url: URL;
  /** Headers of the upgrade. */
  readonly headers: { readonly [name: string]: string };
  readonly clock: Clock;
  /** Longer messages are refused unread; 1 MiB when absent. */
  readonly mostBytes?: number;
}

/** How long a polite close may take before the connection is cut. */
export const CLOSE_MS = 200;

/** Keeps what arrives before somebody listens. */
export function createMailbox(): { deliver(tell: (inbound: Inbound) => void): void; attach(inbound: Inbound): void } {
  const waiting: ((inbound: Inbound) => void)[] = [];
  let listener: Inbound | undefined;
  return {
    deliver(tell) {
      if (listener === undefined) waiting.push(tell);
      else tell(listener);
    },
    attach(inbound) {
      listener = inbound;
      for (const tell of waiting.splice(0)) tell(inbound);
    },
  };
}

/**
 * Waits until a connection is open. `listen` is given what to call then; when the signal aborts first, `destroy` is called.
 * @throws what `listen` gives to its second call, or the signal's reason
 */
export function untilOpen(signal: AbortSignal, destroy: () => void, listen: (opened: () => void, failed: (error: RealopsError) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const abandon = (): void => {
      destroy();
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    };
    signal.addEventListener('abort', abandon, { once: true });
    const settle = (): void => signal.removeEventListener('abort', abandon);
    listen(
      () => {
        settle();
        resolve();
      },
      (error) => {
        settle();
        reject(error);
      },
    );
  });
}

/** That a target is of the kind that a protocol needs. @throws RealopsError REALOPS_WITH_INVALID when it is of another */
export function checkTarget(protocol: Pick<AsrProtocol, 'name' | 'transport'>, url: URL): void {
  const wanted = protocol.transport === 'tcp' ? ['tcp:'] : ['ws:', 'wss:'];
  if (wanted.includes(url.protocol)) return;
  const [scheme = ''] = wanted;
  throw new RealopsError('REALOPS_WITH_INVALID', `the protocol ${protocol.name} needs a target of ${wanted.map((each) => `${each}//`).join(' or ')}, got ${url.protocol}//`, { hint: `write ${scheme}//${url.host} as the target, or name another protocol` });
}

/** A connection as the protocol wants it. @throws RealopsError as `checkTarget` */
export async function openChannel(protocol: Pick<AsrProtocol, 'name' | 'transport'>, session: Pick<AsrSession, 'query'>, options: ChannelOptions): Promise<Resource<Channel>> {
  const { url } = options;
  checkTarget(protocol, url);
  if (protocol.transport === 'tcp') return (await import('./tcp.js')).tcpChannel(options);
  return (await import('./web-socket.js')).webSocketChannel({ ...options, url: withQuery(url, session.query ?? {}) });
}

/** Parameters that the address does not have yet. */
function withQuery(given: URL, query: NonNullable<AsrSession['query']>): URL {
  const url = new URL(given);
  for (const [name, value] of Object.entries(query)) {
    if (given.searchParams.has(name)) continue;
    for (const each of typeof value === 'string' ? [value] : value) url.searchParams.append(name, each);
  }
  return url;
}

/** A failed connection. The address goes without its parameters, which may hold a key. */
export function connectionError(error: Error, url: URL): RealopsError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const first = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0].message : error.message;
  return new RealopsError('REALOPS_CONNECTION', `no connection to ${placeOf(url)}: ${first || code}`, { cause: error });
}

/** The address without parameters. */
export function placeOf(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
