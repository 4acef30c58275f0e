import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { builtInActions } from '../actions/index.js';
import { httpKnob, knob, range, startConfigServer, type ConfigServer } from '../actions/support.js';
import { defineAction, type ActionType, type Json, type JsonObject, type KnobUse } from '../plugin.js';
import { checkActionType, type ActionFixture, type BrokenActionRule } from './action-contract.js';
import { openAction } from './run-action.js';

const openHandles = (): readonly string[] => process.getActiveResourcesInfo();
let server: ConfigServer;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-contract-'));
  await writeFile(join(folder, 'service.cjs'), "const s = require('http').createServer((_, r) => r.end(String(process.env.MODEL))); s.listen(Number(process.argv[2]), '127.0.0.1'); s.on('error', () => process.exit(9))");
});
afterAll(async () => {
  const pid = Number(await readFile(join(folder, 'asr.pid'), 'utf8').catch(() => '0'));
  if (pid > 1) try { process.kill(pid, 'SIGKILL'); } catch { /* gone */ }
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => void (server = await startConfigServer({ eos: 700, draft: false, circuit: 'closed', mode: 'send', state: 'NORMAL' })));
afterEach(() => server.close());

const never = (): KnobUse => knob('never', range(0, 1, 1), { url: `${server.url}/never` }, (value) => ({ url: `${server.url}/never`, json: { value } }));
const neverToggle = (): KnobUse => ({ ...never(), bounds: { kind: 'toggle' } });

describe('the contract of actions', () => {
  const set = (json: JsonObject): JsonObject => ({ url: 'api', json });
  const ready = { step: { use: 'http.request', with: { url: 'api' } }, condition: "body.state = 'NORMAL'" };
  const deaf = { ...ready, condition: "body.state = 'GONE'" };
  const mute = { url: 'api', path: 'never' };
  const cases: { readonly [use: string]: () => Promise<Pick<ActionFixture, 'parameters' | 'stuck'> & Partial<ActionFixture>> } = {
    'knob.change': async () => ({ parameters: { knob: 'eos', by: 100 }, values: [800, 200, 2_000, 701.5], stuck: { parameters: { knob: 'never', by: 1 }, value: 1 } }),
    'knob.set': async () => ({ parameters: { knob: 'eos', to: 800 }, values: [800, 750], stuck: { parameters: { knob: 'never', to: 1 }, value: 1 } }),
    'toggle.set': async () => ({ parameters: { toggle: 'draft', to: true, for: '5m' }, stuck: { parameters: { toggle: 'neverToggle', to: true }, value: true } }),
    'http.call': async () => ({ parameters: { do: set({ mode: 'draft', password: 'hunter2' }), undo: set({ mode: 'send' }), read: { url: 'api', at: 'mode' } }, observe: async () => server.settings['mode'] ?? null, secrets: ['hunter2'], stuck: { parameters: { do: mute, undo: mute, read: mute }, value: 1 } }),
    'circuit.open': async () => {
      const circuit = { name: 'email', open: set({ circuit: 'open' }), close: set({ circuit: 'closed' }), read: { url: 'api', at: 'circuit' } };
      return { parameters: { ...circuit, fallback: { toggle: 'draft' } }, stuck: { parameters: { ...circuit, read: mute, open: mute }, value: { circuit: 'open' } } };
    },
    'process.restart': async () => {
      const port = await freePort();
      const action = { name: 'asr', pidFile: 'asr.pid', command: [process.execPath, 'service.cjs', String(port)], env: { MODEL: 'small' }, termTimeout: '1s', ready: { step: { use: 'http.request', with: { url: 'asr' } }, condition: 'status = 200' } };
      const ask = async (): Promise<Json> => (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text();
      const options = { targets: { asr: `http://127.0.0.1:${port}`, api: server.url }, files: folder };
      await openAction(builtInActions.find(({ use }) => use === 'process.restart') ?? raise(), { ...action, env: {} }, options).write({ running: true, env: {} });
      return { parameters: action, options, observe: ask, values: ['small', 'large'].map((MODEL) => ({ running: true, env: { MODEL, REALOPS_RESTARTS: '1' } })), stuck: { parameters: { ...action, ready: { ...action.ready, condition: 'status = 500' } }, value: { running: true, env: { MODEL: null } } } };
    },
    'service.restart': async () => ({ parameters: { name: 'asr', http: set({ state: 'NORMAL' }), ready }, stuck: { parameters: { name: 'asr', http: set({}), ready: deaf }, value: null } }),
    'wait.recovery': async () => ({ parameters: ready, stuck: { parameters: deaf, value: null } }),
  };

  it('has cases for every built-in action', () => expect(Object.keys(cases).sort()).toEqual(builtInActions.map(({ use }) => use).sort()));

  for (const type of builtInActions) {
    it(`is kept by ${type.use}`, async () => {
      const given = (await cases[type.use]?.()) ?? raise();
      const knobs = { eos: httpKnob(server, 'eos', range(200, 2_000, 200)), draft: httpKnob(server, 'draft', { kind: 'toggle' }), never: never(), neverToggle: neverToggle() };
      const observe = async (): Promise<Json> => server.settings;
      expect(await checkActionType(type, { options: { targets: { api: server.url }, files: folder, knobs }, observe, openHandles, ...given })).toEqual([]);
    });
  }
});

describe('an action that breaks the contract', () => {
  let state = 1;
  beforeEach(() => void (state = 1));
  const good = {
    use: 'a.set', description: 'Sets it.', with: { type: 'object', properties: { to: { type: 'integer', default: 2 } } },
    param: () => 'state',
    read: async () => state,
    plan: async (_: unknown, before: Json) => ({ possible: true, after: 2, rollback: `set it to ${JSON.stringify(before)}` }) as const,
    write: async (_: unknown, value: Json) => void (state = Number(value)),
  } as const;
  const slow = defineAction({ ...good, write: async (_, value, context) => (await context.clock.sleep(100, context.signal), void (state = Number(value))) });
  const rulesOf = async (type: ActionType, more: Partial<ActionFixture> = {}): Promise<readonly BrokenActionRule['rule'][]> =>
    [...new Set((await checkActionType(type, { parameters: { to: 2 }, observe: async () => state, stuck: { parameters: { to: 2 }, value: 2 }, openHandles, ...more })).map(({ rule }) => rule))];

  it('is told nothing when it does not', async () => expect(await rulesOf(slow)).toEqual([]));

  it.each<[BrokenActionRule['rule'], Partial<ActionType>]>([
    ['declaration', { use: 'nameless' }],
    ['declaration', { description: ' ' }],
    ['declaration', { param: () => ' ' }],
    ['unknown-parameter', { with: { ...good.with, additionalProperties: true } }],
    ['read-only', { read: async () => (state += 1) }],
    ['plan', { plan: async () => ((state = 3), { possible: true, after: 2, rollback: 'x' }) }],
    ['rollback', { plan: async () => ({ possible: true, after: 2, rollback: '' }) }],
    ['rollback', { plan: async () => ({ possible: true, after: 2, rollback: 'with s3cret' }) }],
    ['works', { plan: async () => ({ possible: false, reason: 'no' }) }],
    ['takes-effect', { write: async () => undefined }],
    ['undo', { write: async (_: unknown, value: Json) => void (state = value === 1 ? 0 : Number(value)) }],
    ['parameters-untouched', { read: async (parameters: { to: number }) => ((parameters.to += 1), state) }],
  ])('is told that it breaks the rule of %s', async (rule, change) => {
    const type: ActionType = { ...slow, ...change };
    expect(await rulesOf(type, { secrets: ['s3cret'] })).toContain(rule);
  });

  it('is told that it does not end on the signal, or ended before it could be asked', async () => {
    expect(await rulesOf(defineAction({ ...good, write: async (_, value, { clock }) => (await clock.sleep(value === 5 ? 2_500 : 1, new AbortController().signal), void (state = Number(value))) }), { stuck: { parameters: {}, value: 5 } })).toEqual(['abort']);
    expect(await rulesOf(defineAction(good))).toEqual(['abort']);
  });
});

async function freePort(): Promise<number> {
  const other = await startConfigServer({});
  const port = Number(new URL(other.url).port);
  other.close();
  return port;
}

function raise(): never {
  throw new Error('no cases');
}
