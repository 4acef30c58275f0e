import { Buffer } from 'node:buffer';
import type { JsonObject } from '@alice/realops/plugin';
import type { AudioForm } from '../../audio/encode.js';
import { failure, merge } from '../openai-realtime.js';
import type { StreamEvent, TalkProtocol } from '../protocol.js';
import { isFields, readBase64, readNumber, readObject, readText, type Fields } from '../read.js';

const PCM_24_KHZ: AudioForm = { encoding: 's16le', rate: 24_000 };

/**
 * A speech-to-speech session of OpenAI's Realtime API over WebSocket: 24 kHz PCM both ways. The server sends faster than is heard and leaves playing to the client,
 * which drops what it has not played when `speech_started` says that the user speaks, and tells with `conversation.item.truncate` how much of each item was heard.
 * The names of the beta and those of today are understood.
 * @see https://developers.openai.com/api/docs/guides/realtime-conversations
 */
export const openaiRealtime: TalkProtocol = {
  name: 'openai-realtime',
  transport: 'ws',
  audio: [PCM_24_KHZ],
  voice: PCM_24_KHZ,
  frameMs: 20,
  tells: { text: true, intent: false },
  start({ config }) {
    const format = { type: 'audio/pcm', rate: 24_000 };
    const session = merge({ type: 'realtime', output_modalities: ['audio'], audio: { input: { format, turn_detection: { type: 'server_vad' } }, output: { format } } }, config ?? {});
    const isInterrupted = interrupts(session);
    /** What was truncated, by the id of the event that asked for it. */
    const asked = new Set<string>();
    return {
      gated: true,
      open: () => [JSON.stringify({ type: 'session.update', session })],
      encodeAudio: (frame) => `{"type":"input_audio_buffer.append","audio":"${Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('base64')}"}`,
      end: () => [],
      truncate(item, playedMs) {
        const [itemId = '', part = '0'] = item.split(BETWEEN);
        const id = `truncate_${asked.size + 1}`;
        asked.add(id);
        return JSON.stringify({ event_id: id, type: 'conversation.item.truncate', item_id: itemId, content_index: Number(part), audio_end_ms: playedMs });
      },
      decode(data, isBinary) {
        const message = readObject(data, isBinary);
        if (message['type'] === 'input_audio_buffer.speech_started' && !isInterrupted) return [{ kind: 'speechStart' }];
        return message['type'] === 'error' && isRefusal(message, asked) ? [{ kind: 'other', name: 'conversation.item.truncate refused' }] : decodeEvent(message);
      },
    };
  },
};

/** Between the id of an item and the number of its part, as one name. */
const BETWEEN = '\n';

/** Who has told the server not to be interrupted by its own voice detection does not fall silent when that hears something. */
function interrupts({ audio }: JsonObject): boolean {
  const input: unknown = Reflect.get(Object(audio), 'input');
  return Reflect.get(Object(Reflect.get(Object(input), 'turn_detection')), 'interrupt_response') !== false;
}

/** Whether an error is the answer to a truncation: the server has less of the item than we, or none. Nothing of what is heard depends on that. */
function isRefusal({ error }: Fields, asked: ReadonlySet<string>): boolean {
  if (!isFields(error) || error['type'] === 'server_error') return false;
  const { event_id: id, message } = error;
  return (typeof id === 'string' && asked.has(id)) || (asked.size > 0 && typeof message === 'string' && /already shorter than \d/u.test(message));
}

function decodeEvent(message: Fields): readonly StreamEvent[] {
  const type = readText(message, 'type', 'message');
  switch (type) {
    case 'session.updated':
      return [{ kind: 'ready' }];
    case 'input_audio_buffer.speech_started':
      return [{ kind: 'speechStart' }, { kind: 'clear' }];
    case 'input_audio_buffer.speech_stopped':
      return [{ kind: 'speechStop' }];
    case 'response.output_audio.delta':
    case 'response.audio.delta':
      return [{ kind: 'audio', data: readBase64(message, 'delta', 'audio delta'), ...itemOf(message) }];
    case 'response.output_audio_transcript.done':
    case 'response.audio_transcript.done':
      return [{ kind: 'said', text: readText(message, 'transcript', 'transcript') }];
    case 'response.cancelled':
      return [{ kind: 'other', name: type }, { kind: 'clear' }];
    case 'response.done':
      return [{ kind: 'other', name: type }, ...(isFields(message['response']) && message['response']['status'] === 'cancelled' ? [{ kind: 'clear' as const }] : [])];
    case 'conversation.item.input_audio_transcription.completed':
      return [{ kind: 'final', text: readText(message, 'transcript', 'transcript'), confidence: null }];
    case 'error':
      return [failure(message)];
    default:
      return [{ kind: 'other', name: type }];
  }
}

/** What a piece of sound is a part of. */
function itemOf(message: Fields): { readonly item?: string } {
  const { item_id: id } = message;
  return typeof id === 'string' ? { item: `${id}${BETWEEN}${readNumber(message, 'content_index', 'audio delta') ?? 0}` } : {};
}
