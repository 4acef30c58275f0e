import { Buffer } from 'node:buffer';
import type { Json, JsonObject } from '@alice/realops/plugin';
import type { AsrEvent, AsrProtocol } from './protocol.js';
import { errorText, type Fields, isFields, nameOf, readNumber, readObject, readText } from './read.js';

/**
 * A transcription session of OpenAI's Realtime API: 24 kHz PCM in base64, which is not acknowledged; deltas to be put together by item; `commit` at the end,
 * which is an error of no weight where the server's own voice detection has left nothing to commit.
 * @see https://developers.openai.com/api/docs/guides/realtime-transcription
 */
export const openaiRealtime: AsrProtocol = {
  name: 'openai-realtime',
  transport: 'ws',
  audio: [{ encoding: 's16le', rate: 24_000 }],
  frameMs: 20,
  tellsSpeech: true,
  start({ language, config, audio }) {
    const texts = new Map<string, string>();
    const session = merge({ type: 'transcription', audio: { input: { format: { type: 'audio/pcm', rate: audio.rate }, transcription: { model: 'gpt-4o-transcribe', language } } } }, config ?? {});
    const delta = (message: Fields): AsrEvent => {
      const item = readText(message, 'item_id', 'delta');
      const text = `${texts.get(item) ?? ''}${readText(message, 'delta', 'delta')}`;
      texts.set(item, text);
      return { kind: 'partial', text, confidence: null };
    };
    const decodeEvent = (message: Fields): AsrEvent => {
      const type = readText(message, 'type', 'message');
      switch (type) {
        case 'session.updated':
        case 'transcription_session.updated':
          return { kind: 'ready' };
        case 'input_audio_buffer.speech_started':
          return { kind: 'speechStart', ...claim(message, 'audio_start_ms') };
        case 'input_audio_buffer.speech_stopped':
          return { kind: 'speechStop', ...claim(message, 'audio_end_ms') };
        case 'conversation.item.input_audio_transcription.delta':
          return delta(message);
        case 'conversation.item.input_audio_transcription.completed': {
          const segment = readText(message, 'item_id', 'transcript');
          texts.delete(segment);
          return { kind: 'final', text: readText(message, 'transcript', 'transcript'), confidence: null, segment };
        }
        case 'conversation.item.input_audio_transcription.failed':
        case 'error':
          return failure(message);
        default:
          return { kind: 'other', name: type };
      }
    };
    return {
      gated: true,
      framesAlike: true,
      open: () => [JSON.stringify({ type: 'session.update', session })],
      encodeAudio: (frame) => `{"type":"input_audio_buffer.append","audio":"${Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('base64')}"}`,
      end: () => ['{"type":"input_audio_buffer.commit"}'],
      decode: (data, isBinary) => [decodeEvent(readObject(data, isBinary))],
    };
  },
};

/** What an error event says; one of no weight is none. */
export function failure({ error }: Fields): AsrEvent {
  const fields = isFields(error) ? error : { error };
  if (fields['code'] === 'input_audio_buffer_commit_empty') return { kind: 'other', name: 'input_audio_buffer_commit_empty' };
  return { kind: 'error', message: errorText(fields, 'message', 'error') };
}

/** Settings laid over settings, object by object; null stays null, which turns a setting off. */
export function merge(base: JsonObject, over: JsonObject): JsonObject {
  const merged: { [name: string]: Json } = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const known = merged[name];
    merged[name] = isObject(known) && isObject(value) ? merge(known, value) : value;
  }
  return merged;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where in the stream, by its own account; padding that it adds to speech is in it. */
function claim(message: Fields, name: string): { readonly claimedMs?: number } {
  const claimedMs = readNumber(message, name, nameOf(message['type'], 'message'));
  return claimedMs === null ? {} : { claimedMs };
}
