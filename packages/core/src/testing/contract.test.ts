import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { defineStep, type StepType } from '../plugin.js';
import { builtInSteps } from '../steps/index.js';
import { checkStepType, type BrokenRule, type StepContractCases } from './contract.js';

const openHandles = (): readonly string[] => process.getActiveResourcesInfo();
let server: Server;
let sockets: WebSocketServer;
let targets: { readonly [name: string]: string };

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/never') return;
    response.setHeader('content-type', 'application/json');
    response.end('{"state":"NORMAL"}');
  });
  sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => socket.on('message', () => (request.url === '/never' ? undefined : socket.send('{"pong":1}'))));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  targets = { api: `http://127.0.0.1:${port}`, socket: `ws://127.0.0.1:${port}/`, mute: `ws://127.0.0.1:${port}/never` };
});

afterAll(() => {
  sockets.close();
  server.closeAllConnections();
  server.close();
});

describe('the contract of step types', () => {
  const cases: { readonly [use: string]: () => Omit<StepContractCases, 'openHandles'> } = {
    'http.request': () => ({ valid: { url: targets['api'] ?? '' }, stuck: { parameters: { url: `${targets['api']}/never` } } }),
    'ws.exchange': () => ({
      valid: { url: 'socket', script: [{ send: { ping: 1 } }, { receive: { until: 'pong = 1' } }] },
      stuck: { parameters: { url: 'mute', script: [{ send: { ping: 1 } }, { receive: {} }] } },
    }),
    'wait.until': () => ({
      valid: { step: { use: 'http.request', with: { url: targets['api'] ?? '' } }, condition: "body.state = 'NORMAL'" },
      stuck: { parameters: { step: { use: 'http.request', with: { url: targets['api'] ?? '' } }, condition: "body.state = 'GONE'", every: '20ms' } },
    }),
    'wait.for': () => ({ valid: { duration: '1ms' }, stuck: { parameters: { duration: '20s' } } }),
  };

  it('has cases for every built-in step type', () => {
    expect(Object.keys(cases).sort()).toEqual(builtInSteps.map(({ use }) => use).sort());
  });

  for (const type of builtInSteps) {
    it(`is kept by ${type.use}`, async () => {
      const given = cases[type.use]?.();
      if (given === undefined) throw new Error(`no cases for ${type.use}`);
      expect(await checkStepType(type, { ...given, options: { targets, steps: builtInSteps }, openHandles })).toEqual([]);
    });
  }
});

describe('a step type that breaks the contract', () => {
  const closed = { type: 'object', properties: { word: { type: 'string', default: 'x' } } } as const;
  const rulesOf = async (type: StepType, cases: Partial<StepContractCases> = {}): Promise<readonly BrokenRule['rule'][]> =>
    [...new Set((await checkStepType(type, { valid: {}, openHandles, ...cases })).map(({ rule }) => rule))];

  it('is told what its declaration lacks', async () => {
    const type = defineStep({
      use: 'nameless', description: ' ', with: closed, output: { type: 'object', properties: { row: { type: 'integer' } } },
      metrics: [{ name: 'a.b', kind: 'gauge', unit: 'count', description: 'x' }, { name: 'a.b', kind: 'gauge', unit: 'count', description: 'x' }],
      run: async () => ({ row: 1 }),
    });
    const broken = await checkStepType(type, { valid: {}, openHandles });
    expect(broken.map(({ message }) => message)).toEqual([
      '"nameless" is not of the form area.verb',
      'nameless has no description',
      'the metric a.b is declared twice',
      'the output "row" has the name of a root, so expressions could not read both',
    ]);
  });

  it('is told that it accepts unknown parameters', async () => {
    const type = defineStep({ use: 'a.open', description: 'x', with: { ...closed, additionalProperties: true }, run: async () => undefined });
    expect(await rulesOf(type)).toEqual(['unknown-parameter']);
  });

  it('is told that it fails, or gives what its output does not declare', async () => {
    const failing = defineStep({ use: 'a.fail', description: 'x', with: closed, run: async () => Promise.reject(new Error('no')) });
    expect(await rulesOf(failing)).toEqual(['passes']);
    const silent: StepType = { ...defineStep({ use: 'a.silent', description: 'x', with: closed, run: async () => undefined }), run: async () => ({ n: 1 }) };
    expect(await rulesOf(silent)).toEqual(['output']);
    const wrong: StepType = { ...silent, use: 'a.wrong', output: { type: 'object', properties: { n: { type: 'string' } } } };
    expect(await rulesOf(wrong)).toEqual(['output']);
  });

  it('is told that it measures what it does not declare, even when it swallows the error', async () => {
    const type = defineStep({
      use: 'a.measure', description: 'x', with: closed,
      run: async (_, context) => {
        try {
          context.measure('a.thing', 1);
        } catch {
          // What is tested.
        }
      },
    });
    expect(await rulesOf(type)).toEqual(['metrics']);
  });

  it('is told of a label that the metric does not declare', async () => {
    const type = (labels: readonly string[]): StepType =>
      defineStep({
        use: 'a.measure', description: 'x', with: closed, metrics: [{ name: 'a.thing', kind: 'gauge', unit: 'count', description: 'x', labels }],
        run: async (_, context) => context.measure('a.thing', 1, { labels: { noise: 'cafe' } }),
      });
    expect(await checkStepType(type([]), { valid: {}, openHandles })).toEqual([{ rule: 'metrics', message: 'a.measure measures a.thing with the label "noise", which it does not declare' }]);
    expect(await rulesOf(type(['noise']))).toEqual([]);
  });

  it('is told that it does not end on the signal', async () => {
    const type = defineStep({ use: 'a.deaf', description: 'x', with: { ...closed, properties: { ms: { type: 'integer', default: 1 } } }, run: ({ ms }) => new Promise<void>((done) => void setTimeout(done, ms)) });
    expect(await rulesOf(type, { stuck: { parameters: { ms: 3_000 } } })).toEqual(['abort']);
    expect(await rulesOf(type, { stuck: { parameters: { ms: 1 } } })).toEqual(['abort']);
  });

  it('is told what it leaves open', async () => {
    const left: Server[] = [];
    const type = defineStep({
      use: 'a.leak', description: 'x', with: closed,
      run: () => new Promise<void>((done) => void left.push(createServer().listen(0, '127.0.0.1', done))),
    });
    expect(await rulesOf(type)).toEqual(['handles']);
    for (const each of left) each.close();
  });

  it('is told that it changes its parameters', async () => {
    const type = defineStep({
      use: 'a.touch', description: 'x', with: { type: 'object', properties: { list: { type: 'array', items: {}, default: [] } } },
      run: async ({ list }) => void (list as unknown[]).push(1),
    });
    expect(await rulesOf(type, { valid: { list: [1] } })).toContain('parameters-untouched');
  });
});
