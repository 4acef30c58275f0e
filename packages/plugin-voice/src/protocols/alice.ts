import { Buffer } from 'node:buffer';
import { PCM_16_KHZ, type AsrEvent, type AsrProtocol } from './protocol.js';
import { errorText, readNumber, readObject, readText, shown, violation, type Fields } from './read.js';

/**
 * The framing of Alice's `/ws/asr`. To the server: `{ type: 'audio', pcm_base64, timestamp }`, `{ type: 'end' }` and `{ type: 'config', config }`.
 * From it: `{ event: 'partial' | 'final', text, confidence, … }` (also spelt `asr_partial`, `asr_final`), `{ event: 'error', error }`, and events we need not know.
 */
export const alice: AsrProtocol = {
  name: 'alice',
  transport: 'ws',
  audio: [PCM_16_KHZ],
  frameMs: 20,
  start: ({ language, config }) => ({
    framesAlike: true,
    open: () => (config === undefined ? [] : [JSON.stringify({ type: 'config', config: { language, ...config } })]),
    // Put together by hand: base64 needs no escaping, and this runs fifty times a second for every stream.
    encodeAudio: (frame, wallSeconds) => `{"type":"audio","pcm_base64":"${Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('base64')}","timestamp":${wallSeconds}}`,
    end: () => ['{"type":"end"}'],
    decode: (data, isBinary) => [decodeEvent(readObject(data, isBinary))],
  }),
};

function decodeEvent(message: Fields): AsrEvent {
  const { event } = message;
  if (typeof event !== 'string') throw violation(`sent a message without an event: ${shown(message)}`);
  switch (event) {
    case 'partial':
    case 'asr_partial':
      return { kind: 'partial', ...readTranscript(message, event) };
    case 'final':
    case 'asr_final':
      return { kind: 'final', ...readTranscript(message, event) };
    case 'error':
      return { kind: 'error', message: errorText(message, 'error') };
    default:
      return { kind: 'other', name: event };
  }
}

function readTranscript(message: Fields, event: string): { readonly text: string; readonly confidence: number | null } {
  return { text: readText(message, 'text', event), confidence: readNumber(message, 'confidence', event) };
}
