import { PCM_16_KHZ, type AsrEvent, type AsrProtocol } from './protocol.js';
import { errorText, meanConfidence, readList, readObject, readText, shown, violation } from './read.js';

/** The server compares the whole text with this one; written as `{"eof":1}` it would be heard as audio. */
const EOF = '{"eof" : 1}';

/**
 * vosk-server over WebSocket. A config first, then bytes; the server answers every frame once, with `{ partial }` or, at the end of an utterance, with
 * `{ text, result: [{ word, conf, … }] }`, and the end with the last text, which may be empty.
 * @see https://alphacephei.com/vosk/server
 */
export const vosk: AsrProtocol = {
  name: 'vosk',
  transport: 'ws',
  audio: [PCM_16_KHZ],
  frameMs: 20,
  start({ config, audio }) {
    let ended = false;
    return {
      framesAlike: true,
      open: () => [JSON.stringify({ config: { sample_rate: audio.rate, ...config } })],
      encodeAudio: (frame) => frame,
      end() {
        ended = true;
        return [EOF];
      },
      decode(data, isBinary): readonly AsrEvent[] {
        const message = readObject(data, isBinary);
        if (message['partial'] !== undefined) return [{ kind: 'partial', text: readText(message, 'partial', 'partial'), confidence: null }];
        if (message['text'] === undefined) {
          if (message['error'] !== undefined) return [{ kind: 'error', message: errorText(message, 'error') }];
          throw violation(`sent neither a partial nor a text: ${shown(message)}`);
        }
        const text = readText(message, 'text', 'text');
        // An empty text in the middle is a silence that ended, not an utterance.
        if (text === '' && !ended) return [{ kind: 'other', name: 'silence' }];
        return [{ kind: 'final', text, confidence: meanConfidence(readList(message, 'result', 'text').map(({ conf }) => conf)) }];
      },
    };
  },
};
