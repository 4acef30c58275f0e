import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openEar, startTestAssistant, type TestAssistant } from '../examples/assistant/src/testing.js';
import { readClips } from '../examples/assistant/training/evaluate.js';
import { addRoomTone, pad } from '../examples/assistant/training/mixing.js';
import { load, type Suite } from '../packages/core/src/index.js';
import type { Json, JsonObject, KnobRead, KnobUse, KnobWrite } from '../packages/core/src/plugin.js';
import { openAction, type ActionUse } from '../packages/core/src/testing.js';
import voice from '../packages/plugin-voice/src/index.js';
import { root } from './fences.js';

let assistant: TestAssistant;
let suite: Suite;
beforeAll(async () => {
  assistant = await startTestAssistant({ port: 0, guardianPort: 0 });
  suite = await load([join(root, 'examples/alice/scenarios.yaml')], { env: { API_BASE: assistant.urls.api, GUARDIAN_URL: assistant.urls.guardian }, plugins: [voice] });
});
afterAll(() => assistant.close());

/** A remedy, ready to be used as the engine uses it. */
async function remedy(id: string, of: Suite = suite): Promise<ActionUse> {
  const found = of.remedies.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no remedy ${id}`);
  const roots = { env: of.env, vars: of.vars, targets: of.targets, secrets: {} };
  const knobs: { [name: string]: KnobUse } = {};
  for (const knob of of.knobs.values()) {
    knobs[knob.name] = {
      name: knob.name, bounds: knob.bounds, directory: knob.directory, settleMs: knob.settleMs,
      read: (await knob.read.render(roots)) as unknown as KnobRead,
      writeOf: async (value) => (await knob.write.render({ ...roots, value })) as unknown as KnobWrite,
    };
  }
  return openAction(found.action, (await found.with.render(roots)) as JsonObject, { targets: of.targets, knobs, files: dirname(found.source.file) });
}

/** Applies a change, sees what it does, undoes it, and sees that again: [before, with the change, after]. */
async function around<T>(id: string, see: () => Promise<T>): Promise<readonly T[]> {
  const action = await remedy(id);
  const before = await action.read();
  const plan = await action.plan(before);
  if (!plan.possible) throw new Error(plan.reason);
  const seen = [await see()];
  await action.write(plan.after);
  seen.push(await see());
  await action.write(before);
  return [...seen, await see()];
}

/** The utterances that the assistant hears: one for a sentence that is heard to its end. */
async function hears(samples: Float32Array): Promise<readonly string[]> {
  const ear = await openEar(assistant.urls.asr);
  const isFinal = ({ event }: { readonly event: string }): boolean => event === 'final';
  ear.speak(samples);
  ear.send({ type: 'config', config: { language: 'sv' } });
  await ear.hears(({ event }) => event === 'config_updated');
  ear.send({ type: 'end' });
  const heard = ear.said.filter(isFinal).map(({ text }) => String(text));
  if (heard.length === 0) heard.push(String((await ear.hears(isFinal)).text));
  ear.socket.close();
  return heard.filter((text) => text !== '');
}

const metadata = async (message: string): Promise<JsonObject> => ((await assistant.call('POST', '/api/chat', { session_id: 'remedies', message })).body as { readonly metadata: JsonObject }).metadata;
const clips = (list: string): ReturnType<typeof readClips> => readClips(join(root, 'examples/alice/datasources/sv'), list);

describe('what the remedies of examples/alice do to the reference assistant', () => {
  it('longer_eos: a person who pauses is heard to the end', async () => {
    const paused = (await clips('pauses.tsv')).find(({ path }) => path.includes('pause750'));
    if (paused === undefined) throw new Error('there is no clip with a pause of 750 ms');
    const [before, during, after] = await around('longer_eos', () => hears(addRoomTone(pad(paused.samples, 0, 1.2), 1)));
    expect(during).toEqual([paused.sentence]);
    expect(before?.length).toBeGreaterThan(1);
    expect(after).toEqual(before);
  });

  it('end_speech_surely: noise that goes on is not taken for speech that goes on', async () => {
    const [, clip] = await clips('validated.tsv');
    if (clip === undefined) throw new Error('there are no clips');
    const spoken = noiseFrom(addRoomTone(pad(clip.samples, 0, 1.5), 1), clip.samples.length - 3_000, 0.0042);
    const twice = new Float32Array(2 * spoken.length);
    twice.set(spoken, 0);
    twice.set(spoken, spoken.length);
    const [before, during, after] = await around('end_speech_surely', () => hears(twice));
    // Before, both sentences are one utterance with the noise between them.
    expect(before).toHaveLength(1);
    expect(during?.length).toBeGreaterThan(1);
    expect(during?.[0]?.startsWith(clip.sentence)).toBe(true);
    expect(after).toEqual(before);
  });

  it.each([['fewer_passages', 3], ['fewest_passages', 2]])('%s: %i passages come before the model', async (id, few) => {
    expect(await around(id, async () => ((await metadata('skicka mejl till erik imorgon'))['rag'] as JsonObject)['top_k'])).toEqual([5, few, 5]);
  });

  it('without_deep: deep questions go to the planner', async () => {
    expect(await around('without_deep', async () => (await metadata('sammanfatta projektet alfa'))['route'])).toEqual(['deep', 'planner', 'deep']);
  });

  it('strict_schema: no answer of the planner has to be repaired', async () => {
    await assistant.call('POST', '/api/orchestrator/config', { strict_schema: false });
    const repairs = async (): Promise<boolean> => (await Promise.all(Array.from({ length: 8 }, () => metadata('boka möte klockan nio')))).some(({ repair_used }) => repair_used === true);
    expect(await around('strict_schema', repairs)).toEqual([true, false, true]);
    await assistant.call('POST', '/api/orchestrator/config', { strict_schema: true });
  });
});

/** White noise from a sample on, the same each time. */
function noiseFrom(samples: Float32Array, from: number, level: number): Float32Array {
  let seed = 1;
  return samples.map((sample, index) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return index < from ? sample : sample + level * (seed / 1_073_741_824 - 1);
  });
}

describe('the remedies of examples/alice, on the reference assistant', () => {
  it.each([
    ['longer_eos', '/api/voice/config', 'vad_eos_timeout_ms', 700, 850],
    ['hear_quieter_speech', '/api/voice/config', 'vad_start_threshold', 0.35, 0.25],
    ['end_speech_surely', '/api/voice/config', 'vad_stop_threshold', 0.3, 0.4],
    ['fewer_passages', '/api/orchestrator/config', 'rag_top_k', 5, 3],
    ['fewest_passages', '/api/orchestrator/config', 'rag_top_k', 5, 2],
    ['without_deep', '/api/orchestrator/config', 'deep_enabled', true, false],
  ])('%s changes what the assistant does, and is undone', async (id, path, name, was, will) => {
    const inForce = async (): Promise<Json> => ((await assistant.call('GET', path)).body as JsonObject)[name] ?? null;
    const action = await remedy(id);
    const before = await action.read();
    expect([before, await inForce()]).toEqual([was, was]);
    expect(await action.plan(before)).toMatchObject({ possible: true, after: will });
    await action.write(will);
    expect([await action.read(), await inForce()]).toEqual([will, will]);
    await action.write(before);
    expect(await inForce()).toBe(was);
  });

  it('strict_schema switches it on where it is off, and has nothing to do otherwise', async () => {
    const action = await remedy('strict_schema');
    expect(await action.plan(await action.read())).toEqual({ possible: false, reason: 'strictSchema: it is true already' });
    await assistant.call('POST', '/api/orchestrator/config', { strict_schema: false });
    expect(await action.plan(await action.read())).toMatchObject({ possible: true, after: true });
    await action.write(true);
    expect((await assistant.call('GET', '/api/orchestrator/config')).body).toMatchObject({ strict_schema: true });
  });

  it('fresh_speech_cache clears old answers and keeps new ones', async () => {
    const action = await remedy('fresh_speech_cache');
    await assistant.call('POST', '/api/tts', { text: 'Klockan är tre.' });
    expect(await action.plan(await action.read())).toMatchObject({ possible: true });
    await action.write(null);
    expect((await assistant.call('POST', '/api/tts', { text: 'Klockan är tre.' })).body).toMatchObject({ cache: 'HIT' });
  });

  it('let_it_recover ends when the guardian is back', async () => {
    await assistant.guard('POST', '/api/guard/degrade');
    await assistant.reaches('BROWNOUT');
    const done = (await remedy('let_it_recover')).write(null);
    await assistant.guard('POST', '/api/guard/recover');
    await done;
    expect((await assistant.guard('GET', '/guardian/health')).body).toMatchObject({ state: 'NORMAL' });
  });
});

describe('examples/alice/more-remedies.yaml, on a stand-in that keeps what it is told', () => {
  it.each([
    ['regex_fallback', '/api/nlu/config', { regex_fallback_top5: false }, { regex_fallback_top5: true }],
    ['small_embedding', '/api/nlu/config', { embedding_model: 'multilingual-e5-base' }, { embedding_model: 'multilingual-e5-small' }],
    ['email_pause', '/email/circuit', { state: 'closed' }, { state: 'open' }],
    ['camera_prewarm', '/config', { prewarm_s: 0 }, { prewarm_s: 2 }],
    ['camera_snapshot', '/config', { snapshot_after_failures: 5 }, { snapshot_after_failures: 2 }],
  ])('%s is applied and undone', async (id, path, was, will) => {
    const { url, kept } = await standIn({ [path]: was, '/email/config': { mode: 'send' } });
    const more = await load([join(root, 'examples/alice/more-remedies.yaml')], { env: { API_BASE: url, TOOLS_BASE: url, VISION_BASE: url } });
    const action = await remedy(id, more);
    const before = await action.read();
    const plan = await action.plan(before);
    if (!plan.possible) throw new Error(plan.reason);
    await action.write(plan.after);
    expect(kept.get(path)).toEqual(will);
    if (id === 'email_pause') expect(kept.get('/email/config')).toEqual({ mode: 'draft' });
    await action.write(before);
    expect([kept.get(path), kept.get('/email/config')]).toEqual([was, { mode: 'send' }]);
  });
});

/** Settings by path, read with GET and changed with POST. */
async function standIn(settings: { readonly [path: string]: JsonObject }): Promise<{ readonly url: string; readonly kept: ReadonlyMap<string, JsonObject> }> {
  const kept = new Map(Object.entries(settings));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      if (request.method === 'POST') kept.set(path, { ...kept.get(path), ...(JSON.parse(Buffer.concat(chunks).toString()) as JsonObject) });
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(kept.get(path) ?? {}));
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`, kept };
}
