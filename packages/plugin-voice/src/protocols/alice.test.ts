import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alice } from './alice.js';
import { PCM_16_KHZ } from './protocol.js';

const start = (config?: { readonly [name: string]: string }): ReturnType<typeof alice.start> => alice.start({ language: 'sv', config, audio: PCM_16_KHZ, traceId: '0'.repeat(32) });
const decode = (text: string): unknown => Reflect.get(Object(start().decode(Buffer.from(text), false)), 0);

describe('the framing of /ws/asr', () => {
  it('wraps audio in JSON that any parser reads', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 700 }), (pcm) => {
      const message = JSON.parse(String(start().encodeAudio(pcm, 1_767_225_600.125)));
      expect(message).toMatchObject({ type: 'audio', timestamp: 1_767_225_600.125 });
      expect(Buffer.from(message.pcm_base64, 'base64').equals(Buffer.from(pcm))).toBe(true);
    }));
  });

  it('sends a config only when there is one', () => {
    expect(start().open()).toEqual([]);
    expect(start({ model: 'small', language: 'nb' }).open().map(String)).toEqual(['{"type":"config","config":{"language":"nb","model":"small"}}']);
    expect(start().end()).toEqual(['{"type":"end"}']);
  });

  it('reads both spellings of its events', () => {
    for (const event of ['partial', 'asr_partial']) expect(decode(`{"event":"${event}","text":"hej","confidence":0.5,"timestamp":1}`)).toEqual({ kind: 'partial', text: 'hej', confidence: 0.5 });
    for (const event of ['final', 'asr_final']) expect(decode(`{"event":"${event}","text":"å","latency_ms":3}`)).toEqual({ kind: 'final', text: 'å', confidence: null });
    expect(decode('{"event":"config_updated"}')).toEqual({ kind: 'other', name: 'config_updated' });
    expect(decode('{"event":"error","error":"no model"}')).toEqual({ kind: 'error', message: 'no model' });
    expect(decode('{"event":"error","code":7}')).toEqual({ kind: 'error', message: '{"event":"error","code":7}' });
  });

  it('never lets anything else through, and says what it got in one short line', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ minLength: 200 })), (text) => {
      try {
        decode(text);
      } catch (error) {
        expect(error).toMatchObject({ code: 'REALOPS_PROTOCOL' });
        expect(String(error).length).toBeLessThan(220);
        expect(String(error)).not.toMatch(/[\n\r]/u);
      }
    }));
    expect(() => start().decode(Buffer.from('{}'), true)).toThrow('sent a binary message of 2 bytes');
  });
});
