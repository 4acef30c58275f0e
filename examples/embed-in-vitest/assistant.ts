import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A local service to test: it answers chat messages, knows no joke, and refuses the messages it is told to refuse. */
export async function startAssistant(options: { readonly refuse?: string } = {}): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const message = body === '' ? '' : String((JSON.parse(body) as { readonly message: unknown }).message);
      const answer = message.includes('skämt') ? '' : `Du sade: ${message}`;
      response.writeHead(message === options.refuse ? 503 : 200, { 'content-type': 'application/json' }).end(JSON.stringify({ response: answer }));
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
