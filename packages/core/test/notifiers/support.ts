import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { NotifierType, NotifyMessage } from '../../src/model/action-type.js';
import { sendMessage } from '../../src/testing/run-notifier.js';
import type { JsonObject } from '../../src/text/index.js';

/** A message as an alert makes it. */
export const MESSAGE: NotifyMessage = {
  title: 'Alert: Guardian emergency',
  text: "`metrics.guardian.state.last = 'EMERGENCY'` has held for 10 s\n  <!channel> said \"stop\" & @all of it",
  severity: 'critical',
  state: 'fired',
  alerts: [{ id: 'guardian_emergency', state: 'fired', severity: 'critical', since: '2026-11-23T12:00:00.000Z', evidence: { 'metrics.guardian.state.last': 'EMERGENCY' } }],
  suite: 'alice',
  runId: '20261123_1200',
  fields: { report: 'runs/20261123_1200/report.html' },
};

/** Sends as the engine does, and keeps what the operator is warned of. */
export async function send(type: NotifierType, options: JsonObject, extra: { readonly message?: NotifyMessage; readonly targets?: { readonly [name: string]: string }; readonly folder?: string; readonly signal?: AbortSignal; readonly warnings?: string[] } = {}): Promise<void> {
  const log = { debug: () => undefined, info: () => undefined, warn: (message: string) => void extra.warnings?.push(message) };
  await sendMessage(type, extra.message ?? MESSAGE, options, { targets: extra.targets ?? {}, files: extra.folder ?? '.', signal: extra.signal ?? AbortSignal.timeout(10_000), log });
}

/** What a receiver got. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A receiver of webhooks on this machine that goes away with the test. */
export async function receiver(answer: (response: ServerResponse, got: Received) => void = (response) => void response.end('ok')): Promise<{ readonly url: string; readonly got: Received[] }> {
  const got: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const received = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
      got.push(received);
      answer(response, received);
    });
  });
  await new Promise<void>((listening) => void server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook/s3cret`, got };
}
