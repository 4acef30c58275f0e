import { Buffer } from 'node:buffer';
import type { Clock, JsonObject } from '@alice/realops/plugin';
import { describe, expect, it } from 'vitest';
import { holdVirtually, planOf, tone, type HeldVirtually } from '../fixtures/agent/virtual.js';
import { openaiRealtime } from '../protocols/talk/openai-realtime.js';
import { createMailbox, type Channel } from '../stream/channel.js';

/** What the server sends, and when on the clock. */
interface Said {
  readonly at: number;
  readonly message: object;
}

const PCM: { readonly encoding: 's16le'; readonly rate: 24_000 } = { encoding: 's16le', rate: 24_000 };
const loud = (ms: number): string => Buffer.from(Int16Array.from({ length: ms * 24 }, (_, index) => Math.round(6_000 * Math.sin(index / 19))).buffer).toString('base64');
const delta = (item: string, ms: number, type = 'response.output_audio.delta'): object => ({ type, response_id: 'resp_1', item_id: item, output_index: 0, content_index: 0, delta: loud(ms) });
const SPEECH = { type: 'input_audio_buffer.speech_started', audio_start_ms: 0, item_id: 'item_user' };

/** A conversation of four seconds with a server that sends this, on a clock that stands still. Gives what the client sent besides sound, with the time. */
async function held(says: readonly Said[], config?: JsonObject): Promise<HeldVirtually & { readonly told: readonly (readonly [at: number, message: unknown])[] }> {
  const told: (readonly [number, unknown])[] = [];
  const channelOn = (clock: Clock): Channel => {
    const { deliver, attach } = createMailbox();
    const begin = clock.now();
    const say = (message: object): void => deliver((inbound) => inbound.message(Buffer.from(JSON.stringify(message)), false, clock.now()));
    return {
      attach, buffered: () => 0,
      send(sent) {
        const message: unknown = JSON.parse(String(sent));
        const type: unknown = Reflect.get(Object(message), 'type');
        if (type === 'session.update') {
          say({ type: 'session.updated' });
          for (const { at, message: next } of says) clock.after(at, () => say(next));
        } else if (type !== 'input_audio_buffer.append') told.push([clock.now() - begin, message]);
      },
    };
  };
  const session = openaiRealtime.start({ language: 'sv', config, audio: PCM, traceId: '0'.repeat(32) });
  const quiet = planOf('quiet', tone(200), { expect: 'ignore', start: { after: 'sessionStart', delayMs: 2_000 } });
  const result = await holdVirtually({}, [quiet], { session, audio: PCM, voice: PCM, atMostMs: 4_000 }, () => 0, channelOn);
  return { ...result, told };
}
const truncate = (number: number, item: string, ms: number): object => ({ event_id: `truncate_${number}`, type: 'conversation.item.truncate', item_id: item, content_index: 0, audio_end_ms: ms });

describe('a client of OpenAI Realtime whose assistant was cut into', () => {
  it('tells how much of the item that was playing was heard, and what of those behind it: nothing', async () => {
    // 300 ms are over, 2000 ms are in the middle, the last one has not begun.
    const { told, talk, error } = await held([{ at: 100, message: delta('item_1', 300) }, { at: 110, message: delta('item_2', 1_000) }, { at: 120, message: delta('item_2', 1_000) }, { at: 130, message: delta('item_3', 500) }, { at: 1_733.7, message: SPEECH }]);
    expect(error).toBeUndefined();
    expect(told).toEqual([[1_733.7, truncate(1, 'item_2', 1_333)], [1_733.7, truncate(2, 'item_3', 0)]]);
    expect(talk.ear.chunks().map(({ playedMs }) => playedMs)).toEqual([300, 1_000, 333.7, 0]);
  });

  it('counts what was played, not the time that went by', async () => {
    // Between the pieces nothing was there to play for 400 ms.
    const { told } = await held([{ at: 100, message: delta('item_1', 300) }, { at: 800, message: delta('item_1', 900) }, { at: 1_000, message: SPEECH }]);
    expect(told).toEqual([[1_000, truncate(1, 'item_1', 500)]]);
  });

  it.each([
    ['when it was silent', []],
    ['when all was played', [{ at: 100, message: delta('item_1', 300) }]],
    ['when it ends just then', [{ at: 700, message: delta('item_1', 300) }]],
  ])('says nothing %s', async (_, says) => {
    expect((await held([...says, { at: 1_000, message: SPEECH }])).told).toEqual([]);
  });

  it('says it of an item once, and plays no more of it, but the next one', async () => {
    const { told, talk } = await held([
      { at: 100, message: delta('item_1', 2_000, 'response.audio.delta') }, { at: 500, message: SPEECH }, { at: 510, message: delta('item_1', 500, 'response.audio.delta') },
      { at: 600, message: { type: 'response.done', response: { status: 'cancelled' } } }, { at: 700, message: delta('item_2', 900) }, { at: 1_100, message: SPEECH }, { at: 1_200, message: SPEECH },
    ]);
    expect(told).toEqual([[500, truncate(1, 'item_1', 400)], [1_100, truncate(2, 'item_2', 400)]]);
    expect(talk.ear.chunks()).toHaveLength(2);
  });

  it.each([
    ['of the beta', { type: 'response.cancelled' }],
    ['of today', { type: 'response.done', response: { id: 'resp_1', status: 'cancelled', status_details: { type: 'cancelled', reason: 'turn_detected' } } }],
  ])('takes a response that was cancelled for the end of its sound, in the words %s', async (_, message) => {
    expect((await held([{ at: 100, message: delta('item_1', 2_000) }, { at: 400, message }])).told).toEqual([[400, truncate(1, 'item_1', 300)]]);
  });

  it('lets the assistant speak on where it was told not to be interrupted', async () => {
    const says = [{ at: 100, message: delta('item_1', 1_000) }, { at: 400, message: SPEECH }];
    const { told, talk } = await held(says, { audio: { input: { turn_detection: { interrupt_response: false } } } });
    expect(told).toEqual([]);
    expect(talk.events.map(({ type }) => type)).not.toContain('clear');
    expect(talk.ear.chunks()).toMatchObject([{ playedMs: 1_000 }]);
    // Without any voice detection it is the client that cancels; one that is cancelled is cleared.
    expect((await held(says, { audio: { input: { turn_detection: null } } })).told).toHaveLength(1);
  });

  it('does not mind a server that has less of it, nor the answer that all is well', async () => {
    const refused = (error: object): Promise<HeldVirtually> => held([{ at: 100, message: delta('item_1', 2_000) }, { at: 500, message: SPEECH }, { at: 520, message: { type: 'error', event_id: 'event_1', error } }]);
    const shorter = 'Audio content of 350ms is already shorter than 400ms';
    expect((await refused({ type: 'invalid_request_error', code: 'invalid_value', message: shorter, param: null, event_id: null })).error).toBeUndefined();
    expect((await refused({ type: 'invalid_request_error', code: null, message: 'no such item', param: 'item_id', event_id: 'truncate_1' })).error).toBeUndefined();
    expect((await refused({ type: 'invalid_request_error', code: null, message: 'no such item', param: 'item_id', event_id: 'truncate_2' })).error).toMatchObject({ code: 'REALOPS_TARGET_FAILED' });
    expect((await refused({ type: 'server_error', code: null, message: 'the model is gone', param: null, event_id: 'truncate_1' })).error).toMatchObject({ code: 'REALOPS_TARGET_FAILED' });
    const well = await held([{ at: 100, message: delta('item_1', 2_000) }, { at: 500, message: SPEECH }, { at: 520, message: { type: 'conversation.item.truncated', event_id: 'event_1', item_id: 'item_1', content_index: 0, audio_end_ms: 400 } }]);
    expect(well.error).toBeUndefined();
    // Nothing was asked for, so it is an error like any other.
    expect((await held([{ at: 500, message: { type: 'error', error: { type: 'invalid_request_error', message: shorter } } }])).error).toMatchObject({ code: 'REALOPS_TARGET_FAILED' });
  });
});
