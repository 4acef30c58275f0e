import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestAssistant, type TestAssistant } from '../examples/assistant/src/testing.js';
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

/** A remedy of the suite, ready to be used on the assistant as the engine uses it. */
async function remedy(id: string): Promise<ActionUse> {
  const found = suite.remedies.find((each) => each.id === id);
  if (found === undefined) throw new Error(`there is no remedy ${id}`);
  const roots = { env: suite.env, vars: suite.vars, targets: suite.targets, secrets: {} };
  const knobs: { [name: string]: KnobUse } = {};
  for (const knob of suite.knobs.values()) {
    knobs[knob.name] = {
      name: knob.name, bounds: knob.bounds, directory: knob.directory, settleMs: knob.settleMs,
      read: (await knob.read.render(roots)) as unknown as KnobRead,
      writeOf: async (value) => (await knob.write.render({ ...roots, value })) as unknown as KnobWrite,
    };
  }
  return openAction(found.action, (await found.with.render(roots)) as JsonObject, { targets: suite.targets, knobs, files: dirname(found.source.file) });
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
