import type { Duplex } from 'node:stream';
import { RealopsError, type Resource } from '@alice/realops/plugin';
import { CLOSE_MS, connectionError, createMailbox, placeOf, untilOpen, type Channel, type ChannelOptions } from './channel.js';

/** A recogniser's messages are short; a longer one is refused unread. */
const MAX_MESSAGE = 1 << 20;

/** A WebSocket as a channel: no compression, no delay, no redirects, messages up to 1 MiB unless more is allowed. It is cut when closing takes longer than 200 ms. */
export function webSocketChannel({ url, headers, clock, mostBytes = MAX_MESSAGE }: ChannelOptions): Resource<Channel> {
  let cut: () => Promise<void> = async () => undefined;
  return {
    name: `connection to ${url.host}`,
    async open(signal) {
      const { WebSocket } = await import('ws');
      signal.throwIfAborted();
      const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: mostBytes, headers });
      const { deliver, attach } = createMailbox();
      // Frames made beforehand go straight into it. The library writes each of its own frames in one piece, so none is torn apart.
      let wire: Duplex | undefined;
      socket.on('upgrade', (response) => void (wire = response.socket));
      socket.on('message', (data: Buffer, isBinary: boolean) => {
        const receivedAt = clock.now();
        deliver((inbound) => inbound.message(data, isBinary, receivedAt));
      });
      socket.on('error', (error) => deliver((inbound) => inbound.failed(asFailure(error, url, mostBytes))));
      socket.on('close', (code, reason) => deliver((inbound) => inbound.closed(code === 1000 || code === 1005, reason.length === 0 ? `code ${code}` : `code ${code}, "${reason.toString('utf8')}"`)));
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
      await untilOpen(signal, () => socket.terminate(), (isOpen, failed) => {
        socket.once('open', isOpen);
        socket.once('error', (error) => failed(asFailure(error, url, mostBytes)));
      });
      return {
        send: (message) => socket.send(message),
        write: (framed) => void (socket.readyState === WebSocket.OPEN && wire?.write(framed)),
        buffered: () => socket.bufferedAmount,
        attach,
      };
    },
    close: () => cut(),
  };
}

/** The failure behind an error of the socket: the address, what came, and whether it was the network or the protocol. */
function asFailure(error: Error, url: URL, mostBytes: number): RealopsError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const where = placeOf(url);
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') return new RealopsError('REALOPS_PROTOCOL', `the recogniser at ${where} sent a message of more than ${mostBytes / 1024} KiB`, { cause: error });
  if (code.startsWith('WS_ERR_')) return new RealopsError('REALOPS_PROTOCOL', `the recogniser at ${where} broke the WebSocket protocol: ${error.message}`, { cause: error });
  if (error.message.startsWith('Unexpected server response')) {
    const status = error.message.replace(/\D+/gu, '');
    const refused = status === '401' || status === '403';
    return new RealopsError('REALOPS_PROTOCOL', refused ? `${where} refused the upgrade with status ${status}` : `${where} is not a WebSocket endpoint: it answered the upgrade with status ${status}`, { hint: refused ? 'check the key under headers, or in the address' : 'check the path of the target', cause: error });
  }
  return connectionError(error, url);
}
