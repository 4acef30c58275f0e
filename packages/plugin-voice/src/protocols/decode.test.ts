import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROTOCOL_NAMES, PROTOCOLS } from './index.js';
import type { AsrEvent, AsrSession } from './protocol.js';

type Name = (typeof PROTOCOL_NAMES)[number];

const start = (name: Name, config?: { readonly [key: string]: string | number | null | readonly string[] }): AsrSession => {
  const protocol = PROTOCOLS[name];
  const [audio] = protocol.audio;
  if (audio === undefined) throw new Error('no form');
  return protocol.start({ language: 'sv', config, audio, traceId: 'a'.repeat(32) });
};
const decode = (session: AsrSession, message: unknown): readonly AsrEvent[] => {
  const events = session.decode(Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)), false);
  return events instanceof Promise ? [] : events;
};
const texts = (events: readonly AsrEvent[]): readonly string[] => events.map((event) => ('text' in event ? `${event.kind} ${event.text}` : event.kind));
const results = (transcript: string, isFinal: boolean, speechFinal = false, confidence = 1): object => ({ type: 'Results', is_final: isFinal, speech_final: speechFinal, channel: { alternatives: [{ transcript, confidence }] } });

describe('what is sent', () => {
  it('ends vosk with the very bytes that its server compares', () => {
    expect(start('vosk').end()).toEqual(['{"eof" : 1}']);
    expect(start('vosk', { words: 1 }).open()).toEqual(['{"config":{"sample_rate":16000,"words":1}}']);
  });

  it('puts settings into the address: lists repeated, null left out', () => {
    expect(start('deepgram', { keyterm: ['Alice', 'Umeå'], interim_results: null, model: 'nova-3' }).query).toEqual({ encoding: 'linear16', sample_rate: '16000', channels: '1', language: 'sv', keyterm: ['Alice', 'Umeå'], model: 'nova-3' });
    expect(start('assemblyai').query).toEqual({ sample_rate: '16000', encoding: 'pcm_s16le' });
  });

  it('keeps a quiet line to deepgram open with text every 4 s', () => {
    expect(start('deepgram').keepAlive).toEqual({ message: '{"type":"KeepAlive"}', everyMs: 4_000 });
  });

  it('ends whisperlive with bytes, not text', () => {
    expect(start('whisperlive').end()).toEqual([Buffer.from('END_OF_AUDIO')]);
  });

  it('frames wyoming events: a line, then data, then the payload', () => {
    expect(Buffer.from(start('wyoming').encodeAudio(Buffer.from([1, 2]), 0)).toString('latin1')).toBe('{"type":"audio-chunk","data_length":38,"payload_length":2}\n{"rate":16000,"width":2,"channels":1}\x01\x02'.replace('38', String('{"rate":16000,"width":2,"channels":1}'.length)));
    expect(start('wyoming').open().map((message) => Buffer.from(message).toString())).toEqual(['{"type":"transcribe","data_length":17}\n{"language":"sv"}', '{"type":"audio-start","data_length":37}\n{"rate":16000,"width":2,"channels":1}']);
  });
});

describe('segments', () => {
  it('deepgram: put together until speech_final, UtteranceEnd or the close', () => {
    const session = start('deepgram');
    const heard = [results('hej', false), results('hej Alice', true, false, 0.8), results('vad', false), results('vad är', true, true, 0.6)].flatMap((message) => decode(session, message));
    expect(texts(heard)).toEqual(['partial hej', 'partial hej Alice', 'partial hej Alice vad', 'final hej Alice vad är']);
    expect(heard.at(-1)).toMatchObject({ confidence: 0.7 });
    expect(texts(decode(session, results('klockan', true)))).toEqual(['partial klockan']);
    expect(texts(decode(session, { type: 'UtteranceEnd' }))).toEqual(['final klockan', 'turnEnd']);
    expect(texts(decode(session, results('', true, true)))).toEqual([]);
    expect(texts(decode(session, results('tio', true)))).toEqual(['partial tio']);
    expect(texts(session.closed?.() ?? [])).toEqual(['final tio']);
  });

  it('assemblyai: words that may still change are shown, the turn comes again formatted', () => {
    const session = start('assemblyai');
    const words = [{ text: 'hej', confidence: 1 }, { text: 'alice', confidence: 0.5 }];
    expect(decode(session, { type: 'Turn', turn_order: 3, end_of_turn: false, transcript: 'hej', words })).toEqual([{ kind: 'partial', text: 'hej alice', confidence: 0.75 }]);
    expect(decode(session, { type: 'Turn', turn_order: 3, end_of_turn: true, transcript: 'Hej, Alice.', words })).toEqual([{ kind: 'final', text: 'Hej, Alice.', confidence: 0.75, segment: '3' }, { kind: 'turnEnd' }]);
  });

  it('assemblyai: words go to their speakers, those of nobody to nobody, and all to the speaker of the turn where no word names one', () => {
    const turn = (words: readonly object[], more: object = {}): readonly AsrEvent[] => decode(start('assemblyai'), { type: 'Turn', turn_order: 0, end_of_turn: true, transcript: 'a b c', words, ...more });
    const [a, b, c] = [['a', 100], ['b', 300], ['c', 500]].map(([text, begin]) => ({ text, start: begin, end: Number(begin) + 150, confidence: 1 }));
    const told = { speaker_label: 'A' };
    expect(turn([{ ...a, speaker: 'A' }, { ...b, speaker: 'B' }, { ...c, speaker: 'B' }], told)[0]).toMatchObject({ said: [{ speaker: 'A', startMs: 100, endMs: 250, text: 'a' }, { speaker: 'B', startMs: 300, endMs: 650, text: 'b c' }] });
    expect(turn([{ ...a, speaker: 'A' }, { ...b, speaker: null }, { ...c, speaker: 'UNKNOWN' }], told)[0]).toMatchObject({ said: [{ speaker: 'A', text: 'a' }] });
    expect(turn([{ ...a }, { ...b }, { ...c, start: 1_200, end: 1_300 }], told)[0]).toMatchObject({ said: [{ speaker: 'A', endMs: 450, text: 'a b' }, { speaker: 'A', startMs: 1_200, text: 'c' }] });
    for (const more of [{}, { speaker_label: null }, { speaker_label: 'UNKNOWN' }]) expect(turn([{ ...a }, { ...b }], more)[0]).not.toHaveProperty('said');
    // Words that may still change have no speaker yet.
    expect(decode(start('assemblyai'), { type: 'Turn', turn_order: 0, end_of_turn: false, transcript: 'a', words: [{ ...a, speaker: 'A' }, b], ...told })[0]).not.toHaveProperty('said');
  });

  it('openai-realtime: deltas add up by item', () => {
    const session = start('openai-realtime');
    const delta = (item: string, text: string): readonly string[] => texts(decode(session, { type: 'conversation.item.input_audio_transcription.delta', item_id: item, delta: text }));
    expect([delta('a', 'hej'), delta('b', 'vad'), delta('a', ' Alice')].flat()).toEqual(['partial hej', 'partial vad', 'partial hej Alice']);
    expect(decode(session, { type: 'error', error: { code: 'input_audio_buffer_commit_empty', message: 'too small' } })).toEqual([{ kind: 'other', name: 'input_audio_buffer_commit_empty' }]);
  });

  it('whisperlive: a window that comes again brings a segment once', () => {
    const session = start('whisperlive');
    const window = (...segments: readonly (readonly [string, string, boolean])[]): readonly string[] => texts(decode(session, { segments: segments.map(([begin, text, completed]) => ({ start: begin, text, completed })) }));
    expect(window(['0.0', ' hej', false])).toEqual(['partial hej']);
    expect(window(['0.0', ' hej Alice', true], ['1.2', ' vad', false])).toEqual(['final hej Alice', 'partial vad']);
    expect(window(['0.0', ' hej Alice', true], ['1.2', ' vad är', false])).toEqual(['partial vad är']);
    expect(texts(session.closed?.() ?? [])).toEqual(['final vad är']);
    expect(decode(session, { status: 'WAIT', message: 3.5 })).toMatchObject([{ kind: 'error', message: expect.stringContaining('3.5 minutes') }]);
  });

  it('vosk: a silence in the middle is no utterance, the last text may be empty', () => {
    const session = start('vosk');
    expect(decode(session, { text: '' })).toEqual([{ kind: 'other', name: 'silence' }]);
    session.end();
    expect(decode(session, { text: '' })).toEqual([{ kind: 'final', text: '', confidence: null }]);
  });

  it('wyoming: events however TCP cuts them', () => {
    const body = '{"text": "hej å"}';
    const bytes = Buffer.from(`{"type":"ping","data":{"text":"x"}}\n{"type":"transcript","data_length":${Buffer.byteLength(body)},"payload_length":3}\n${body}\n\n\n{"type":"transcript-chunk","data":{"text":"a"}}\n`);
    fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 8 }), (cuts) => {
      const session = start('wyoming');
      const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const events = edges.slice(1).flatMap((end, index) => {
        const some = session.decode(bytes.subarray(edges[index], end), true);
        return some instanceof Promise ? [] : some;
      });
      expect(texts(events)).toEqual(['reply', 'final hej å', 'partial a']);
    }));
    expect(() => start('wyoming').decode(Buffer.from('{"type":"transcript","payload_length":9e9}\n'), true)).toThrow('at most 1048576');
  });
});

describe.each(PROTOCOL_NAMES)('%s', (name) => {
  it('lets nothing through that its documentation does not have, and says what came in one short line', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.string({ minLength: 200 }), fc.dictionary(fc.constantFrom('type', 'text', 'channel', 'words', 'segments', 'item_id', 'event', 'is_final'), fc.jsonValue()).map((value) => JSON.stringify(value))), fc.boolean(), (text, isBinary) => {
      try {
        void start(name).decode(Buffer.from(`${text}\n`), isBinary);
      } catch (error) {
        expect(error).toMatchObject({ code: 'REALOPS_PROTOCOL' });
        expect(String(error).length).toBeLessThan(260);
        expect(String(error)).not.toMatch(/[\n\r]/u);
      }
    }), { numRuns: 400 });
  });
});
