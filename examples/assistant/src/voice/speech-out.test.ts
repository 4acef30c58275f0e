import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeWav } from '../speech/pcm.js';
import { startTestAssistant, type TestAssistant } from '../testing.js';

let assistant: TestAssistant;
beforeAll(async () => {
  assistant = await startTestAssistant();
});
afterAll(() => assistant.close());

const speak = (body: object) => assistant.call('POST', '/api/tts', body);

describe('speech out', () => {
  it('is sound, as long as it says, and comes from the cache the second time', async () => {
    const first = (await speak({ text: 'Hej, jag heter Alice.' })).body;
    const samples = decodeWav(Buffer.from(first.audio_data, 'base64'));
    expect(first.cache).toBe('MISS');
    expect(samples.length / 16).toBeCloseTo(first.duration_ms, -1);
    expect(first.duration_ms).toBeGreaterThan(1000);
    const rms = Math.sqrt(samples.reduce((sum, x) => sum + x * x, 0) / samples.length);
    expect(rms).toBeGreaterThan(0.02);
    expect(samples.every((x) => Math.abs(x) < 0.9)).toBe(true);
    const second = (await speak({ text: 'Hej, jag heter Alice.' })).body;
    expect(second).toMatchObject({ cache: 'HIT', audio_data: first.audio_data, duration_ms: first.duration_ms });
  });

  it('depends on voice and speed', async () => {
    const [anna, erik, fast] = await Promise.all([speak({ text: 'musiken' }), speak({ text: 'musiken', voice: 'erik' }), speak({ text: 'musiken', speed: 2 })]);
    expect(erik?.body.audio_data).not.toBe(anna?.body.audio_data);
    expect(fast?.body.duration_ms).toBeCloseTo(anna?.body.duration_ms / 2, -1);
  });

  it('forgets its cache when asked, only what is old enough when asked so', async () => {
    await speak({ text: 'töm' });
    expect((await assistant.call('POST', '/api/tts/cache/clear', { older_than_s: 3600 })).body).toEqual({ cleared: 0 });
    expect((await assistant.call('POST', '/api/tts/cache/clear', {})).body.cleared).toBeGreaterThan(0);
    expect((await speak({ text: 'töm' })).body.cache).toBe('MISS');
  });

  it.each([[{}], [{ text: '' }], [{ text: 'x'.repeat(501) }], [{ text: 'a', speed: 9 }], [{ text: 'a', voice: 'nobody' }]])('%j is refused', async (body) => {
    expect((await speak(body)).status).toBe(422);
  });
});
