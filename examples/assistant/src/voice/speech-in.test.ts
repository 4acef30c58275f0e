import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readClips, type Clip } from '../../training/evaluate.js';
import { addRoomTone, pad } from '../../training/mixing.js';
import { openEar, startTestAssistant, type TestAssistant, type TestEar } from '../testing.js';

const data = fileURLToPath(new URL('../../../alice/datasources/sv', import.meta.url));
let assistant: TestAssistant;
let clips: Clip[];
let paused: Clip;
beforeAll(async () => {
  assistant = await startTestAssistant();
  clips = await readClips(data, 'validated.tsv');
  const pause = (await readClips(data, 'pauses.tsv')).find(({ path }) => path.includes('pause750'));
  if (!pause) throw new Error('no clip with a pause');
  paused = pause;
});
afterAll(() => assistant.close());

const isFinal = (message: { event: string }): boolean => message.event === 'final';
const withTail = (samples: Float32Array, tailS = 1.2): Float32Array => addRoomTone(pad(samples, 0, tailS), 1);
const clip = (i: number): Clip => clips[i] ?? paused;
const finals = (ear: TestEar): string[] => ear.said.filter(isFinal).map(({ text }) => text);

describe('speech in', () => {
  it('gives partials and a final for what was said', async () => {
    const ear = await openEar(assistant.urls.asr);
    ear.speak(withTail(clip(1).samples));
    expect(await ear.hears(isFinal)).toEqual({
      event: 'final', text: clip(1).sentence, confidence: expect.any(Number), language: 'sv', duration_s: expect.any(Number), processing_time_ms: expect.any(Number),
    });
    const [partial] = ear.said;
    expect(partial).toEqual({ event: 'partial', text: expect.any(String), confidence: expect.any(Number), timestamp: expect.any(Number) });
    ear.socket.close();
  });

  it('begins anew after a final, and ends at once when told', async () => {
    const ear = await openEar(assistant.urls.asr);
    ear.speak(withTail(clip(0).samples));
    await ear.hears(isFinal);
    const before = ear.said.length;
    ear.speak(clip(3).samples);
    ear.send({ type: 'end' });
    await ear.hears(isFinal, before);
    expect(finals(ear)).toEqual([clip(0).sentence, clip(3).sentence]);
    ear.socket.close();
  });

  it('answers silence with an empty final at the end', async () => {
    const ear = await openEar(assistant.urls.asr);
    ear.speak(new Float32Array(16_000));
    ear.send({ type: 'end' });
    expect(await ear.hears(isFinal)).toMatchObject({ text: '', confidence: 0 });
    expect(ear.said).toHaveLength(1);
    ear.socket.close();
  });

  it('takes a new timeout at the next utterance, for everybody or for one connection', async () => {
    const ear = await openEar(assistant.urls.asr);
    const say = async (): Promise<string> => {
      const from = ear.said.length;
      ear.speak(withTail(paused.samples, 2.2));
      ear.send({ type: 'end' });
      return (await ear.hears(isFinal, from)).text;
    };
    expect(paused.sentence.startsWith(await say())).toBe(true);
    expect(finals(ear)[0]).not.toBe(paused.sentence);
    expect((await assistant.call('POST', '/api/voice/config', { vad_eos_timeout_ms: 900 })).body.vad_eos_timeout_ms).toBe(900);
    await ear.hears((message) => isFinal(message) && message.text !== finals(ear)[0]);
    expect(await say()).toBe(paused.sentence);
    await assistant.call('POST', '/api/voice/config', { vad_eos_timeout_ms: 700 });
    ear.send({ type: 'config', config: { language: 'sv', vad_eos_timeout_ms: 900 } });
    expect(await ear.hears(({ event }) => event === 'config_updated')).toEqual({ event: 'config_updated', config: { language: 'sv', vad_start_threshold: 0.35, vad_stop_threshold: 0.3, vad_eos_timeout_ms: 900 } });
    expect(await say()).toBe(paused.sentence);
    ear.socket.close();
  });

  it('does not hear speech under a start threshold out of reach', async () => {
    await assistant.call('POST', '/api/voice/config', { vad_start_threshold: 0.95 });
    const ear = await openEar(assistant.urls.asr);
    const quiet = addRoomTone(pad(clip(1).samples.map((sample) => sample * 0.02), 0, 1), 1);
    ear.speak(quiet);
    ear.send({ type: 'end' });
    expect((await ear.hears(isFinal)).text).toBe('');
    await assistant.call('POST', '/api/voice/config', { vad_start_threshold: 0.35 });
    ear.socket.close();
  });

  it('refuses bad settings and changes nothing', async () => {
    for (const bad of [{ vad_start_threshold: 2 }, { vad_eos_timeout_ms: 10 }, { vad_eos_timeout_ms: '700' }, { eos: 700 }]) {
      expect((await assistant.call('POST', '/api/voice/config', bad)).status).toBe(422);
    }
    expect((await assistant.call('GET', '/api/voice/config')).body).toEqual({ vad_start_threshold: 0.35, vad_stop_threshold: 0.3, vad_eos_timeout_ms: 700 });
  });
});

describe('bad messages', () => {
  it.each([
    ['not json'],
    ['[]'],
    [{ type: 'audio' }],
    [{ type: 'audio', pcm_base64: 7 }],
    [{ type: 'audio', pcm_base64: '§§' }],
    [{ type: 'audio', pcm_base64: 'AAAA' }],
    [{ type: 'start_listening' }],
    [{ type: 'config', config: { vad_start_threshold: 'high' } }],
    [{ type: 'config', config: { language: 'en' } }],
    [{ type: 'config' }],
  ])('%j ends the connection with an error', async (message) => {
    const ear = await openEar(assistant.urls.asr);
    ear.send(message);
    expect(await ear.closed).toBe(1003);
    expect(ear.said).toEqual([{ event: 'error', error: expect.any(String) }]);
  });

  it('binary and oversized ones too', async () => {
    const [binary, large] = [await openEar(assistant.urls.asr), await openEar(assistant.urls.asr)];
    binary.socket.send(Buffer.alloc(640));
    expect(await binary.closed).toBe(1003);
    large.send({ type: 'audio', pcm_base64: 'A'.repeat(400_000) });
    expect(await large.closed).toBe(1009);
  });

  it('leave the assistant alive, as do junk frames and unknown paths', async () => {
    const port = Number(new URL(assistant.urls.api).port);
    const upgrade = (path: string): Promise<string> =>
      new Promise((resolve) => {
        let answer = '';
        const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`));
        socket.on('data', (chunk) => {
          answer += String(chunk);
          if (answer.includes('101')) socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff]));
        });
        socket.on('error', () => undefined).on('close', () => resolve(answer));
        socket.setTimeout(3000, () => socket.destroy());
      });
    expect(await upgrade('/ws/asr')).toContain('101');
    expect(await upgrade('//')).toContain('404');
    expect((await assistant.call('GET', '/health')).body.alive).toBe(true);
  });

  it('in EMERGENCY nobody new is heard', async () => {
    await assistant.guard('POST', '/api/guard/degrade', { state: 'EMERGENCY' });
    await assistant.reaches('EMERGENCY');
    const ear = await openEar(assistant.urls.asr);
    expect(await ear.closed).toBe(1013);
    expect(ear.said).toEqual([{ event: 'error', error: 'SERVICE_OVERLOADED' }]);
    await assistant.guard('POST', '/api/guard/recover');
    await assistant.reaches('NORMAL');
  });
});
