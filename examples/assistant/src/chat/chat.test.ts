import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestAssistant, type TestAssistant } from '../testing.js';
import { isPlan } from './plan.js';

let assistant: TestAssistant;
beforeAll(async () => {
  assistant = await startTestAssistant({ seed: 3 });
});
afterAll(() => assistant.close());
afterEach(async () => {
  await assistant.call('POST', '/api/orchestrator/config', { rag_top_k: 5, strict_schema: true, deep_enabled: true });
  await assistant.guard('POST', '/api/guard/recover');
  await assistant.reaches('NORMAL');
});

const say = (message: string, more: object = {}) => assistant.call('POST', '/api/chat', { v: '1', session_id: 'test', message, ...more });
const deepQuestion = 'förklara varför projektet är försenat';

describe('an answer', () => {
  it('is plain Swedish from the small model, with route, intent and trace in the headers', async () => {
    const { status, headers, body } = await say('hej alice tänd lampan i köket');
    expect(status).toBe(200);
    expect(body).toMatchObject({ v: '1', session_id: 'test', model_used: 'micro', response: 'Jag tänder lampan i köket.', metadata: { guardian_state: 'NORMAL', repair_used: false, fallback_used: false } });
    expect(headers.get('x-route')).toBe('micro');
    expect(headers.get('x-intent')).toBe('system.lights');
    expect(Number(headers.get('x-intent-confidence'))).toBeGreaterThan(0.8);
    expect(headers.get('x-trace-id')).toBe(body.trace_id);
    expect(body.latency_ms).toBeGreaterThanOrEqual(body.metadata.first_ms);
  });

  it('is a plan inside a string when tools are needed', async () => {
    const { headers, body } = await say('boka möte med anna imorgon klockan tre');
    expect(headers.get('x-route')).toBe('planner');
    expect(JSON.parse(body.response)).toMatchObject({ intent: 'calendar.create', tool: 'calendar.create', args: { person: 'anna', day: 'imorgon', time: '15:00' } });
    expect(body.metadata.rag.hits).toHaveLength(5);
  });

  it('continues the trace it was called with and takes the route it is told', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const { headers, body } = await assistant.call('POST', '/api/chat', { session_id: 'x', message: 'hej', force_route: 'planner' }, { traceparent });
    expect(body.trace_id).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    expect([headers.get('x-route'), headers.get('x-route-hint')]).toEqual(['planner', 'micro']);
    expect(isPlan(body.response)).toBe(true);
  });

  it('streams tokens that make up the whole answer', async () => {
    const response = await fetch(`${assistant.urls.api}/api/chat`, { method: 'POST', headers: { accept: 'text/event-stream' }, body: JSON.stringify({ session_id: 's', message: 'sänk volymen i hallen' }) });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('x-route')).toBe('micro');
    const events = (await response.text()).trim().split('\n\n').map((event) => {
      const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
      return { name, data: JSON.parse(data) };
    });
    const tokens = events.filter(({ name }) => name === 'token').map(({ data }) => data.token);
    expect(tokens.length).toBeGreaterThan(3);
    expect(events.at(-1)).toMatchObject({ name: 'done', data: { response: 'Jag sänker volymen i hallen.' } });
    expect(tokens.join('')).toBe('Jag sänker volymen i hallen.');
  });
});

describe('bad input', () => {
  it.each([
    ['{', ['body']],
    ['[]', ['body']],
    [{ session_id: 's' }, ['body', 'message']],
    [{ session_id: '', message: 'hej' }, ['body', 'session_id']],
    [{ session_id: 's', message: '' }, ['body', 'message']],
    [{ session_id: 's', message: 'x'.repeat(10_001) }, ['body', 'message']],
    [{ session_id: 's', message: 7 }, ['body', 'message']],
    [{ session_id: 's', message: 'hej', v: '2' }, ['body', 'v']],
    [{ session_id: 's', message: 'hej', model: 'large' }, ['body', 'model']],
    [{ session_id: 's', message: 'hej', force_route: 'auto' }, ['body', 'force_route']],
  ])('%j is refused with its place', async (body, loc) => {
    const answer = await assistant.call('POST', '/api/chat', body);
    expect(answer.status).toBe(422);
    expect(answer.body.detail[0]).toEqual({ loc, msg: expect.any(String), type: expect.any(String) });
  });

  it('is refused by size, method and path', async () => {
    expect((await assistant.call('POST', '/api/chat', 'x'.repeat(300_000))).status).toBe(413);
    expect((await assistant.call('GET', '/api/chat')).status).toBe(405);
    expect((await assistant.call('GET', '/api/nothing')).status).toBe(404);
    expect((await assistant.call('GET', '//')).status).toBe(404);
    expect((await assistant.call('GET', '/sessions/%zz')).status).toBe(200);
  });
});

describe('the knobs of the orchestrator', () => {
  it('rag_top_k makes the planner slower', async () => {
    const time = async (rag_top_k: number) => {
      await assistant.call('POST', '/api/orchestrator/config', { rag_top_k });
      const { body } = await say('skicka mejl till erik imorgon');
      expect(body.metadata.rag.hits).toHaveLength(rag_top_k);
      return body.metadata;
    };
    const [few, many] = [await time(2), await time(9)];
    expect(many.first_ms).toBeGreaterThan(few.first_ms + 200);
    expect(many.full_ms).toBeGreaterThan(few.full_ms + 300);
  });

  it('strict_schema off costs repairs, on costs none', async () => {
    const repairs = async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => say('boka möte klockan nio')));
      for (const { body } of answers) expect(isPlan(body.response)).toBe(true);
      return answers.map(({ body }) => body.metadata);
    };
    expect((await repairs()).some(({ repair_used }) => repair_used)).toBe(false);
    await assistant.call('POST', '/api/orchestrator/config', { strict_schema: false });
    const loose = await repairs();
    const [repaired, straight] = [loose.find(({ repair_used }) => repair_used), loose.find(({ repair_used }) => !repair_used)];
    expect(repaired.planner_schema_ok).toBe(false);
    expect(repaired.full_ms).toBeGreaterThan(straight.full_ms + 200);
  });

  it('deep_enabled off sends deep questions to the planner', async () => {
    await assistant.call('POST', '/api/orchestrator/config', { deep_enabled: false });
    const { headers, body } = await say(deepQuestion);
    expect([headers.get('x-route'), headers.get('x-route-hint')]).toEqual(['planner', 'deep']);
    expect(body.metadata).toMatchObject({ fallback_used: true, fallback_reason: 'deep_disabled' });
  });

  it('refuses what is out of range, of the wrong type or unknown, and changes nothing', async () => {
    for (const bad of [{ rag_top_k: 0 }, { rag_top_k: 2.5 }, { rag_top_k: '3' }, { strict_schema: 1 }, { rag_topk: 3 }, { rag_top_k: 3, deep_enabled: 'no' }, []]) {
      expect((await assistant.call('POST', '/api/orchestrator/config', bad)).status).toBe(422);
    }
    expect((await assistant.call('GET', '/api/orchestrator/config')).body).toEqual({ rag_top_k: 5, strict_schema: true, deep_enabled: true });
    expect((await assistant.call('POST', '/api/orchestrator/config', { rag_top_k: 3 })).body).toEqual({ rag_top_k: 3, strict_schema: true, deep_enabled: true });
  });
});

describe('deep questions', () => {
  it('are answered one at a time, and too many are turned away', async () => {
    const answers = await Promise.all([say(deepQuestion), say(deepQuestion)]);
    expect(answers.map(({ headers }) => headers.get('x-route'))).toEqual(['deep', 'deep']);
    expect(Math.max(...answers.map(({ body }) => body.metadata.queued_ms))).toBeGreaterThan(500);
    expect((await assistant.call('GET', '/health')).body.deep).toEqual({ active: 0, waiting: 0, peak: 1 });
  });

  it('leave the queue when nobody waits for them any more', async () => {
    const gone = Array.from({ length: 12 }, () => fetch(`${assistant.urls.api}/api/chat`, { method: 'POST', body: JSON.stringify({ session_id: 'gone', message: deepQuestion }), signal: AbortSignal.timeout(300) }).then(({ status }) => status, () => 'gone'));
    expect((await Promise.all(gone)).filter((status) => status === 503).length).toBeGreaterThan(0);
    // All of them in turn would take longer than this.
    await vi.waitFor(async () => expect((await assistant.call('GET', '/health')).body.deep).toMatchObject({ active: 0, waiting: 0 }), { timeout: 5_000 });
    expect((await say(deepQuestion)).body.model_used).toBe('deep');
  });
});

describe('under the guardian', () => {
  it('BROWNOUT answers deep questions with the planner and little context', async () => {
    await assistant.guard('POST', '/api/guard/degrade');
    await assistant.reaches('BROWNOUT');
    const { body } = await say(deepQuestion);
    expect(body).toMatchObject({ model_used: 'planner', metadata: { guardian_state: 'BROWNOUT', fallback_reason: 'guardian_brownout', rag: { top_k: 3 } } });
    expect((await assistant.call('GET', '/ready')).status).toBe(200);
  });

  it('EMERGENCY refuses', async () => {
    await assistant.guard('POST', '/api/guard/degrade', { state: 'EMERGENCY' });
    await assistant.reaches('EMERGENCY');
    const { status, headers, body } = await say('hej');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('30');
    expect(body.detail.error).toMatchObject({ code: 'SERVICE_OVERLOADED', retry_after: 30, trace_id: expect.any(String) });
    expect(await assistant.call('GET', '/ready')).toMatchObject({ status: 503, body: { detail: 'Service not ready' } });
  });
});

describe('what is remembered', () => {
  it('can be counted and forgotten, by session and by person', async () => {
    for (const [session_id, user_id] of [['a', 'u1'], ['a', 'u2'], ['b', 'u1']]) await assistant.call('POST', '/api/chat', { session_id, message: 'hej', context: { user_id } });
    const turns = async (id: string) => (await assistant.call('GET', `/sessions/${id}`)).body.turns;
    expect([await turns('a'), await turns('b'), await turns('none')]).toEqual([2, 1, 0]);
    expect((await assistant.call('POST', '/api/privacy/forget', { user_id: 'u1' })).body).toEqual({ success: true, deleted_count: 2 });
    expect([await turns('a'), await turns('b')]).toEqual([1, 0]);
    expect((await assistant.call('DELETE', '/sessions/a')).body).toEqual({ success: true, deleted_count: 1 });
    expect(await turns('a')).toBe(0);
    expect((await assistant.call('POST', '/api/privacy/forget', {})).status).toBe(422);
  });
});
