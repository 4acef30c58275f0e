import type { Server } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';

/** Largest message: about five seconds of sound. */
const largestMessage = 256 * 1024;
const mostConnections = 64;
const tryAgainLater = 1013;

/** What is done with a connection, by path. */
export type Endpoints = { readonly [path: string]: (socket: WebSocket) => void };

/** Puts WebSocket endpoints on an HTTP server. While `isOpen` is false, and beyond 64 connections, new ones are turned away. */
export function attachSockets(server: Server, endpoints: Endpoints, isOpen: () => boolean): { close(): void } {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: largestMessage });
  server.on('upgrade', (request, stream, head) => {
    stream.on('error', () => stream.destroy());
    const path = (request.url ?? '').split('?')[0] ?? '';
    const serve = Object.hasOwn(endpoints, path) ? endpoints[path] : undefined;
    if (serve === undefined) {
      stream.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      if (isOpen() && sockets.clients.size <= mostConnections) return serve(socket);
      socket.on('error', () => socket.terminate());
      socket.send(JSON.stringify({ event: 'error', error: isOpen() ? 'too many connections' : 'SERVICE_OVERLOADED' }));
      socket.close(tryAgainLater);
    });
  });
  return {
    close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}
