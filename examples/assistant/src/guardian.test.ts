import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestAssistant, type TestAssistant } from './testing.js';

let assistant: TestAssistant;
beforeAll(async () => {
  assistant = await startTestAssistant();
});
afterAll(() => assistant.close());

describe('the guardian', () => {
  it('tells its state and the load of this machine on both paths', async () => {
    for (const path of ['/health', '/guardian/health']) {
      const { status, body } = await assistant.guard('GET', path);
      expect(status).toBe(200);
      expect(body).toMatchObject({ v: '1', state: 'NORMAL', brownout_level: 'NONE', reason: '' });
      for (const key of ['since_s', 'uptime_s', 'ram_pct', 'cpu_pct']) expect(body[key]).toBeGreaterThanOrEqual(0);
      expect(body.ram_pct).toBeLessThanOrEqual(100);
    }
  });

  it('changes state a moment after it was ordered to, and back', async () => {
    expect((await assistant.guard('POST', '/api/guard/degrade')).body).toEqual({ ok: true, forced: 'BROWNOUT' });
    await assistant.reaches('BROWNOUT');
    expect((await assistant.guard('GET', '/guardian/health')).body).toMatchObject({ brownout_level: 'MODERATE', reason: 'FORCED' });
    await assistant.guard('POST', '/api/guard/degrade', { state: 'EMERGENCY' });
    await assistant.reaches('EMERGENCY');
    expect((await assistant.guard('POST', '/api/guard/recover')).body).toEqual({ ok: true, forced: 'NORMAL' });
    await assistant.reaches('NORMAL');
    expect((await assistant.guard('GET', '/guardian/health')).body.reason).toBe('RECOVER');
  });

  it('refuses states it does not have and things it does not do', async () => {
    expect((await assistant.guard('POST', '/api/guard/degrade', { state: 'PANIC' })).status).toBe(422);
    expect((await assistant.guard('GET', '/api/guard/degrade')).status).toBe(405);
    expect((await assistant.guard('POST', '/api/chat', {})).status).toBe(404);
  });
});
