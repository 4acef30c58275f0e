import { connect, type Socket } from 'node:net';
import type { Resource } from '@alice/realops/plugin';
import { CLOSE_MS, connectionError, createMailbox, untilOpen, type Channel, type ChannelOptions } from './channel.js';

/** A TCP connection as a channel: bytes as they come, no delay. It is cut when closing takes longer than 200 ms. */
export function tcpChannel({ url, clock }: Omit<ChannelOptions, 'headers'>): Resource<Channel> {
  let socket: Socket | undefined;
  return {
    name: `connection to ${url.host}`,
    async open(signal) {
      signal.throwIfAborted();
      const opened = connect({ host: url.hostname.replace(/^\[|\]$/gu, ''), port: Number(url.port), noDelay: true });
      socket = opened;
      const { deliver, attach } = createMailbox();
      opened.on('data', (data) => {
        const receivedAt = clock.now();
        deliver((inbound) => inbound.message(data, true, receivedAt));
      });
      opened.on('error', (error) => deliver((inbound) => inbound.failed(connectionError(error, url))));
      opened.on('end', () => deliver((inbound) => inbound.closed(true, '')));
      await untilOpen(signal, () => opened.destroy(), (isOpen, failed) => {
        opened.once('connect', isOpen);
        opened.once('error', (error) => failed(connectionError(error, url)));
      });
      return { send: (message) => void opened.write(message), write: (framed) => void opened.write(framed), buffered: () => opened.writableLength, attach };
    },
    async close() {
      const open = socket;
      if (open === undefined || open.destroyed) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(() => open.destroy(), CLOSE_MS);
        open.once('close', () => {
          clearTimeout(timer);
          resolve();
        });
        // What still comes is not read any more, and must not keep the connection open.
        open.resume();
        open.end();
      });
    },
  };
}
