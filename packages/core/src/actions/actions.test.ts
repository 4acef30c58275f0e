import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ActionCheck, ActionType, JsonObject, KnobBounds, KnobUse } from '../plugin.js';
import { openAction, type ActionUse } from '../testing.js';
import { circuitOpen } from './circuit-open.js';
import { httpCall } from './http-call.js';
import { builtInActions } from './index.js';
import { knobChange } from './knob-change.js';
import { knobSet } from './knob-set.js';
import { serviceRestart } from './service-restart.js';
import { httpKnob, range, startConfigServer, type ConfigServer } from './support.js';
import { toggleSet } from './toggle-set.js';
import { waitRecovery } from './wait-recovery.js';

let server: ConfigServer;
let knobs: { readonly [name: string]: KnobUse };
beforeEach(async () => {
  server = await startConfigServer({ eos: 700, draft: false, topK: 8, model: 'small', circuit: 'closed', mode: 'send', state: 'NORMAL' });
  const bounds: { readonly [name: string]: KnobBounds } = { eos: range(200, 2_000, 200, { unit: 'ms', whole: true }), draft: { kind: 'toggle' }, topK: range(1, 10, 5, { whole: true }), model: { kind: 'choice', values: ['small', 'large'] } };
  knobs = Object.fromEntries(Object.entries(bounds).map(([name, each]) => [name, httpKnob(server, name, each)]));
});
afterEach(() => server.close());

const use = (type: ActionType, parameters: JsonObject, signal?: AbortSignal): ActionUse => openAction(type, parameters, { targets: { api: server.url }, knobs, ...(signal === undefined ? {} : { signal }) });
const set = (json: JsonObject): JsonObject => ({ url: 'api', json });

describe('toggle.set', () => {
  it('switches, says when it ends, and makes no change when it is so already', async () => {
    const action = use(toggleSet, { toggle: 'draft', to: true, for: '5m' });
    expect(await action.plan(await action.read())).toEqual({ possible: true, after: true, rollback: `POST ${server.url} {"draft":false}`, expiresMs: 300_000 });
    await action.write(true);
    expect(server.settings['draft']).toBe(true);
    expect(await action.plan(await action.read())).toEqual({ possible: false, reason: 'draft: it is true already' });
    expect(await use(toggleSet, { toggle: 'topK', to: true }).plan(8)).toEqual({ possible: false, reason: 'topK is not a toggle; knob.set sets it' });
  });
});

describe('http.call', () => {
  const parameters = { do: set({ mode: 'draft' }), undo: set({ mode: 'send' }), read: { url: 'api', at: 'mode' } };

  it('does, tells what it did, and undoes', async () => {
    const action = use(httpCall, parameters);
    expect(action.param).toBe('api mode');
    const before = await action.read();
    expect(await action.plan(before)).toEqual({ possible: true, after: 'draft', rollback: `POST ${server.url} {"mode":"send"}` });
    await action.write('draft');
    expect(await action.read()).toBe('draft');
    await action.write(before);
    expect(server.settings['mode']).toBe('send');
  });

  it('makes no change that could not be told or is there already', async () => {
    const blind = use(httpCall, { ...parameters, do: { url: 'api', text: 'draft' } });
    expect(await blind.plan('send')).toMatchObject({ possible: false, reason: expect.stringContaining('"after"') as string });
    expect(await use(httpCall, { ...parameters, after: 'off' }).plan('send')).toMatchObject({ possible: true, after: 'off' });
    expect(await use(httpCall, parameters).plan('draft')).toEqual({ possible: false, reason: 'the state is "draft" already' });
    await expect(use(httpCall, { ...parameters, read: { url: 'api', at: '/none' } }).read()).rejects.toMatchObject({ code: 'REALOPS_KNOB_READ' });
  });
});

describe('circuit.open', () => {
  const circuit = { name: 'email', open: set({ circuit: 'open' }), close: set({ circuit: 'closed' }), read: { url: 'api', at: 'circuit' } };

  it('opens for a time with a toggle, a knob or calls as the fallback, and closes', async () => {
    const fallbacks = [[{ toggle: 'draft' }, { draft: true }], [{ knob: 'model', to: 'large' }, { model: 'large' }], [{ do: set({ mode: 'draft' }), undo: set({ mode: 'send' }), read: { url: 'api', at: 'mode' } }, { mode: 'draft' }], [undefined, {}]] as const;
    for (const [fallback, effect] of fallbacks) {
      const atFirst = server.settings;
      const action = use(circuitOpen, { ...circuit, ...(fallback === undefined ? {} : { fallback }) });
      const before = await action.read();
      const plan = await action.plan(before);
      if (!plan.possible) throw new Error(plan.reason);
      expect(plan).toMatchObject({ expiresMs: 300_000, rollback: expect.stringContaining('{"circuit":"closed"}') as string });
      await action.write(plan.after);
      expect(server.settings).toEqual({ ...atFirst, circuit: 'open', ...effect });
      expect(await action.read()).toEqual(plan.after);
      expect(await action.plan(plan.after)).toEqual({ possible: false, reason: 'the circuit is open already' });
      await action.write(before);
      expect(server.settings).toEqual(atFirst);
    }
  });

  it('knows no third state, and sees when someone changed the fallback', async () => {
    const action = use(circuitOpen, { ...circuit, openValue: true, closedValue: false, fallback: { toggle: 'draft' } });
    server.settings['circuit'] = 'half-open';
    expect(await action.plan(await action.read())).toEqual({ possible: false, reason: 'the circuit is "half-open", neither open nor closed' });
    server.settings = { ...server.settings, circuit: false, draft: true };
    expect(await action.read()).toEqual({ circuit: 'closed', fallback: true });
  });

  it('does not open when the fallback cannot be had', async () => {
    const action = use(circuitOpen, { ...circuit, fallback: { knob: 'topK', to: 1 } });
    expect(await action.plan(await action.read())).toMatchObject({ possible: false, reason: expect.stringMatching(/^the fallback: from 8 to 1 is more than the maxStep/) as string });
  });
});

describe('service.restart and wait.recovery', () => {
  const ready = { step: { use: 'http.request', with: { url: 'api' } }, condition: "body.state = 'NORMAL'" };

  it('restart by a call or a command, and wait until it is ready', async () => {
    server.settings['state'] = 'STARTING';
    setTimeout(() => (server.settings['state'] = 'NORMAL'), 300);
    const action = use(serviceRestart, { name: 'asr', http: set({ restarted: 1 }), ready });
    expect(await action.plan(await action.read())).toMatchObject({ possible: true, rollback: 'nothing to undo: asr runs as before; restarted by POST api {"restarted":1}' });
    await action.write(null);
    expect(server.settings).toMatchObject({ restarted: 1, state: 'NORMAL' });
    await use(serviceRestart, { name: 'asr', command: [process.execPath, '-e', '0'], ready }).write(null);
    await expect(use(serviceRestart, { name: 'asr', command: [process.execPath, '-e', 'process.exit(1)'], ready }).write(null)).rejects.toMatchObject({ code: 'REALOPS_COMMAND_FAILED' });
    expect(await use(serviceRestart, { name: 'asr', ready }).plan(null)).toMatchObject({ possible: false });
  });

  it('give up with what came last', async () => {
    server.settings['state'] = 'EMERGENCY';
    const wait = use(waitRecovery, { ...ready, every: '50ms', within: '300ms' });
    expect(await wait.plan(await wait.read())).toMatchObject({ possible: true });
    await expect(wait.write(null)).rejects.toMatchObject({ code: 'REALOPS_UNTIL_NOT_REACHED', message: expect.stringMatching(/did not hold within 300 ms; the last output was .*EMERGENCY/) as string });
    const deaf = use(waitRecovery, { ...ready, step: { use: 'http.request', with: { url: `${server.url}/never` } }, within: '300ms' });
    await expect(deaf.write(null)).rejects.toMatchObject({ code: 'REALOPS_UNTIL_NOT_REACHED' });
    const wrong = use(waitRecovery, { ...ready, condition: '$error("no")', within: '20s' });
    await expect(wrong.write(null)).rejects.toMatchObject({ code: 'REALOPS_EXPRESSION_FAILED' });
  });

  it('outlast looks that fail', async () => {
    const action = use(waitRecovery, { step: { use: 'http.request', with: { url: 'api', path: '/never' } }, condition: 'status = 200', every: '20ms', within: '400ms' });
    await expect(action.write(null)).rejects.toMatchObject({ code: 'REALOPS_UNTIL_NOT_REACHED' });
    server.settings['state'] = 'EMERGENCY';
    setTimeout(() => (server.settings['state'] = 'NORMAL'), 200);
    await use(waitRecovery, { ...ready, every: '20ms' }).write(null);
  });
});

describe('parameters at load', () => {
  const context: ActionCheck = { unknown: new Set(), knob: (name) => knobs[name]?.bounds };
  // Type-erased, as the loader calls them.
  const faults = (type: ActionType, parameters: JsonObject): unknown => type.check?.(parameters as never, context);
  const moves = (type: ActionType, parameters: JsonObject): unknown => type.moves?.(parameters as never, context);

  it.each([
    [knobChange, { knob: 'eos', by: 400 }, ['by'], 'a change by 400 ms is more than the maxStep of 200 ms'],
    [knobChange, { knob: 'eos', by: '1 s' }, ['by'], '"1 s" has the unit s, but the knob is in ms'],
    [knobChange, { knob: 'draft', by: 1 }, ['knob'], 'a change by an amount needs a knob with a range; this one is true or false'],
    [knobSet, { knob: 'topK', to: 30 }, ['to'], '30 is outside the range of the knob, 1 to 10'],
    [knobSet, { knob: 'model', to: 'tiny' }, ['to'], '"tiny" is not one of "small", "large"'],
    [knobSet, { knob: 'model', to: 'small', only: 'lower' }, ['only'], '"only: lower" needs a knob with a range; this one is one of "small", "large"'],
    [toggleSet, { toggle: 'model', to: true }, ['toggle'], 'model is not a toggle but one of "small", "large"'],
    [circuitOpen, { fallback: { knob: 'topK', to: 0 } }, ['fallback', 'to'], '0 is outside the range of the knob, 1 to 10'],
  ] as const)('%j with %j are refused', (type, parameters, path, message) => expect(faults(type, parameters)).toMatchObject([{ path, message }]));

  it('that are good, unknown yet, or of unknown knobs are not', () => {
    for (const [type, parameters] of [[knobChange, { knob: 'eos', by: '-200 ms' }], [knobChange, { knob: 'none', by: 1 }], [knobChange, { by: 1 }], [knobSet, { knob: 'topK' }], [toggleSet, {}], [circuitOpen, {}]] as const) expect(faults(type, parameters)).toEqual([]);
  });

  it('say where knobs move', () => {
    expect(moves(knobChange, { knob: 'eos', by: -1 })).toEqual([{ knob: 'eos', direction: 'down' }]);
    expect(moves(knobSet, { knob: 'topK', to: 3, only: 'lower' })).toEqual([{ knob: 'topK', direction: 'down', to: 3 }]);
    expect(moves(knobSet, { knob: 'eos', to: '800 ms' })).toEqual([{ knob: 'eos', direction: 'any', to: 800 }]);
    expect(moves(toggleSet, { toggle: 'draft', to: true })).toEqual([{ knob: 'draft', direction: 'any', to: true }]);
    expect(moves(circuitOpen, { fallback: { toggle: 'draft', to: true } })).toEqual([{ knob: 'draft', direction: 'any', to: true }]);
  });

  it('every built-in action has a name of its own', () => expect(new Set(builtInActions.map(({ use: name }) => name)).size).toBe(8));
});
