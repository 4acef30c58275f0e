import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** The other side of a test: over HTTP, on a port of its own. */
export interface Receiver extends Disposable {
  readonly url: string;
}

/** Starts one. `answer` is given the path and the body of every request and gives the status, or undefined to never answer. */
export async function startReceiver(answer: (path: string, body: string) => number | undefined): Promise<Receiver> {
  const server = createServer((incoming, response) => {
    void buffer(incoming).then((body) => {
      const status = answer(incoming.url ?? '', body.toString());
      if (status !== undefined) response.writeHead(status).end();
    }, () => undefined);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
