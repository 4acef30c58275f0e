import { Buffer } from 'node:buffer';
import { type AsrEvent, type AsrProtocol, PCM_16_KHZ } from './protocol.js';
import { joinTexts, nameOf, readList, readObject, readText, shown, type Fields } from './read.js';

/**
 * WhisperLive: one JSON text names the client and the model, audio waits for SERVER_READY, then bytes, 32-bit floats unless the server was started for
 * 16-bit samples (`encoding: s16le`). The server sends a whole window of segments again and again; a segment is final once it is `completed`, and the one that is not when the server hangs up after
 * the end of the audio is taken as it stands.
 * @see https://github.com/collabora/WhisperLive
 */
export const whisperlive: AsrProtocol = {
  name: 'whisperlive',
  transport: 'ws',
  audio: [{ encoding: 'f32le', rate: 16_000 }, PCM_16_KHZ],
  frameMs: 20,
  start({ language, config, traceId }) {
    const completed = new Set<string>();
    let open = '';
    const segments = (message: Fields): readonly AsrEvent[] => {
      const events: AsrEvent[] = [];
      const pieces: string[] = [];
      for (const segment of readList(message, 'segments', 'segment')) {
        const text = readText(segment, 'text', 'segment');
        // Starts are texts of seconds; a segment keeps its start once it is completed.
        const name = nameOf(segment['start'], '');
        if (segment['completed'] !== true) pieces.push(text);
        else if (!completed.has(name)) {
          completed.add(name);
          events.push({ kind: 'final', text: text.trim(), confidence: null, segment: name });
        }
      }
      open = joinTexts(pieces);
      return open === '' ? events : [...events, { kind: 'partial', text: open, confidence: null }];
    };
    return {
      gated: true,
      framesAlike: true,
      open: () => [JSON.stringify({ uid: traceId, language, task: 'transcribe', model: 'small', use_vad: true, ...config })],
      encodeAudio: (frame) => frame,
      end: () => [Buffer.from('END_OF_AUDIO')],
      decode(data, isBinary) {
        const message = readObject(data, isBinary);
        if (message['status'] === 'WAIT') return [{ kind: 'error', message: `it is full; it says to wait ${shown(message['message'])} minutes` }];
        if (message['status'] === 'ERROR') return [{ kind: 'error', message: shown(message['message']) }];
        if (message['message'] === 'SERVER_READY') return [{ kind: 'ready' }];
        if (message['message'] === 'DISCONNECT') return [{ kind: 'error', message: 'it ended the connection, whose longest time was over' }];
        return message['segments'] === undefined ? [{ kind: 'other', name: nameOf(message['message'], 'message') }] : segments(message);
      },
      closed: () => (open === '' ? [] : [{ kind: 'final', text: open, confidence: null }]),
    };
  },
};
