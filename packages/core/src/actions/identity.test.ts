import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActionType, JsonObject, KnobBounds, KnobUse } from '../plugin.js';
import { openAction } from '../testing.js';
import { circuitOpen } from './circuit-open.js';
import { httpCall } from './http-call.js';
import { knobChange } from './knob-change.js';
import { knobSet } from './knob-set.js';
import { httpKnob, knob, range, startConfigServer, type ConfigServer } from './support.js';
import { toggleSet } from './toggle-set.js';

/** Whatever a system may hold in its settings beside what is changed; it must not notice. */
const others = fc.dictionary(fc.stringMatching(/^[a-z]{3,8}$/).filter((name) => !['eos', 'draft', 'model', 'circuit', 'mode'].includes(name)), fc.oneof(fc.integer(), fc.boolean(), fc.string(), fc.array(fc.integer()), fc.constant(null)), { maxKeys: 5 });
const settings = fc.record({ eos: fc.integer({ min: 200, max: 2_000 }), draft: fc.boolean(), model: fc.constantFrom('small', 'large', 'huge'), circuit: fc.constant('closed'), mode: fc.constantFrom('send', 'hold'), others });

const BOUNDS: { readonly [name: string]: KnobBounds } = { eos: range(200, 2_000, 400, { unit: 'ms', whole: true }), draft: { kind: 'toggle' }, model: { kind: 'choice', values: ['small', 'large', 'huge'] } };
const set = (json: JsonObject): JsonObject => ({ url: 'api', json });

const CASES: readonly { readonly type: ActionType; readonly parameters: fc.Arbitrary<JsonObject> }[] = [
  { type: knobChange, parameters: fc.integer({ min: -400, max: 400 }).filter((by) => by !== 0).map((by) => ({ knob: 'eos', by })) },
  { type: knobSet, parameters: fc.oneof(fc.integer({ min: 200, max: 2_000 }).map((to): JsonObject => ({ knob: 'eos', to })), fc.constantFrom('small', 'large', 'huge').map((to): JsonObject => ({ knob: 'model', to }))) },
  { type: toggleSet, parameters: fc.boolean().map((to) => ({ toggle: 'draft', to })) },
  { type: httpCall, parameters: fc.constantFrom('send', 'hold', 'draft').map((mode) => ({ do: set({ mode }), undo: set({ mode: 'send' }), read: { url: 'api', at: 'mode' } })) },
  { type: circuitOpen, parameters: fc.constantFrom<JsonObject>({}, { fallback: { toggle: 'draft' } }, { fallback: { knob: 'model', to: 'large' } }).map((more) => ({ name: 'email', open: set({ circuit: 'open' }), close: set({ circuit: 'closed' }), read: { url: 'api', at: 'circuit' }, ...more })) },
];

let server: ConfigServer;
let folder: string;
beforeAll(async () => {
  server = await startConfigServer({});
  folder = await mkdtemp(join(tmpdir(), 'realops-identity-'));
});
afterAll(() => server.close());

/** Applies what an action plans and takes it back; gives whether it found anything to do. */
async function thereAndBack(type: ActionType, parameters: JsonObject, knobs: { readonly [name: string]: KnobUse }, observe: () => Promise<unknown>): Promise<boolean> {
  const action = openAction(type, parameters, { targets: { api: server.url }, knobs });
  const atFirst = await observe();
  const before = await action.read();
  const plan = await action.plan(before);
  expect(await observe()).toEqual(atFirst);
  if (!plan.possible) return false;
  await action.write(plan.after);
  expect(await action.read()).toEqual(plan.after);
  expect(await observe()).not.toEqual(atFirst);
  await action.write(before);
  expect(await action.read()).toEqual(before);
  expect(await observe()).toEqual(atFirst);
  return true;
}

describe('applying a change and taking it back leaves the system exactly as it was', () => {
  it.each(CASES.map(({ type, parameters }) => [type.use, type, parameters] as const))('%s over HTTP', async (_use, type, parameters) => {
    let made = 0;
    await fc.assert(fc.asyncProperty(settings, parameters, async ({ others: beside, ...own }, given) => {
      // What http.call takes back to is what its undo says, so it starts from there.
      server.settings = { ...beside, ...own, ...(type.use === 'http.call' ? { mode: 'send' } : {}) };
      const knobs = Object.fromEntries(Object.entries(BOUNDS).map(([name, bounds]) => [name, httpKnob(server, name, bounds)]));
      if (await thereAndBack(type, given, knobs, () => Promise.resolve(structuredClone(server.settings)))) made += 1;
    }), { numRuns: 60 });
    expect(made).toBeGreaterThan(10);
  });

  it('knob.change and toggle.set in a file, byte for byte', async () => {
    const file = join(folder, 'settings.json');
    let made = 0;
    await fc.assert(fc.asyncProperty(settings, fc.integer({ min: -400, max: 400 }).filter((by) => by !== 0), fc.boolean(), fc.constantFrom(0, 2, 4), async ({ others: beside, ...own }, by, to, indent) => {
      await writeFile(file, `${JSON.stringify({ ...beside, ...own }, null, indent)}\n`);
      const knobs = Object.fromEntries(['eos', 'draft'].map((name) => [name, knob(name, BOUNDS[name] as KnobBounds, { file: 'settings.json', at: `/${name}` }, () => ({ file: 'settings.json', at: `/${name}` }), folder)]));
      const observe = (): Promise<string> => readFile(file, 'utf8');
      if (await thereAndBack(knobChange, { knob: 'eos', by }, knobs, observe)) made += 1;
      if (await thereAndBack(toggleSet, { toggle: 'draft', to }, knobs, observe)) made += 1;
    }), { numRuns: 40 });
    expect(made).toBeGreaterThan(20);
  });
});
