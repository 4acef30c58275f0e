import { resolve } from 'node:path';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { channelTargets } from '../../src/alert/reach.js';
import { resolveTarget } from '../../src/model/egress.js';
import type { NotifierType, NotifyMessage } from '../../src/model/action-type.js';
import { compileSchema } from '../../src/schema/index.js';
import { httpRequest } from '../../src/steps/http-request.js';
import { runStep } from '../../src/testing/run-step.js';
import { isJsonObject, type JsonObject } from '../../src/text/index.js';
import { systemClock } from '../../src/time/index.js';

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

/** Sends as the engine does: options checked, and only the hosts that they name within reach. */
export async function send(type: NotifierType, options: JsonObject, extra: { readonly message?: NotifyMessage; readonly targets?: { readonly [name: string]: string }; readonly folder?: string; readonly signal?: AbortSignal; readonly warnings?: string[] } = {}): Promise<void> {
  const { value, issues } = compileSchema(type.with).check(options);
  if (issues.length > 0 || !isJsonObject(value)) throw new Error(JSON.stringify(issues));
  const targets = channelTargets(type, value, extra.targets ?? {});
  const signal = extra.signal ?? AbortSignal.timeout(10_000);
  await type.send(extra.message ?? MESSAGE, value, {
    signal,
    clock: systemClock,
    log: { debug: () => undefined, info: () => undefined, warn: (message) => void extra.warnings?.push(message) },
    target: (nameOrUrl) => resolveTarget(nameOrUrl, targets),
    file: (path) => resolve(extra.folder ?? '.', path),
    async run({ with: parameters }) {
      const { error, output } = await runStep(httpRequest, isJsonObject(parameters) ? parameters : {}, { targets, signal });
      if (error !== undefined) throw error;
      return output;
    },
  });
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
