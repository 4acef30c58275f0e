import { Buffer } from 'node:buffer';
import type { AudioForm } from '../../audio/encode.js';
import { failure, merge } from '../openai-realtime.js';
import type { StreamEvent, TalkProtocol } from '../protocol.js';
import { readBase64, readObject, readText, type Fields } from '../read.js';

const PCM_24_KHZ: AudioForm = { encoding: 's16le', rate: 24_000 };

/**
 * A speech-to-speech session of OpenAI's Realtime API over WebSocket: 24 kHz PCM both ways. The server sends faster than is heard and leaves playing to the client,
 * which drops what it has not played when `speech_started` says that the user speaks.
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
    return {
      gated: true,
      open: () => [JSON.stringify({ type: 'session.update', session })],
      encodeAudio: (frame) => `{"type":"input_audio_buffer.append","audio":"${Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('base64')}"}`,
      end: () => [],
      decode: (data, isBinary) => decodeEvent(readObject(data, isBinary)),
    };
  },
};

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
      return [{ kind: 'audio', data: readBase64(message, 'delta', 'audio delta') }];
    case 'response.output_audio_transcript.done':
    case 'response.audio_transcript.done':
      return [{ kind: 'said', text: readText(message, 'transcript', 'transcript') }];
    case 'conversation.item.input_audio_transcription.completed':
      return [{ kind: 'final', text: readText(message, 'transcript', 'transcript'), confidence: null }];
    case 'error':
      return [failure(message)];
    default:
      return [{ kind: 'other', name: type }];
  }
}
