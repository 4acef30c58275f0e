import { alice as asr } from '../alice.js';
import { PCM_16_KHZ, type StreamEvent, type TalkProtocol } from '../protocol.js';
import { readBase64, readObject, readText } from '../read.js';

/**
 * A conversation in the framing of Alice's `/ws/asr`. To the server as there. From it besides: `{ event: 'audio', pcm_base64 }` its voice, `{ event: 'clear' }`
 * when what was not played yet is not to be played, `{ event: 'speaking', value }` what it says of itself, `{ event: 'reply', text, intent }`.
 */
export const alice: TalkProtocol = {
  name: 'alice',
  transport: 'ws',
  audio: [PCM_16_KHZ],
  voice: PCM_16_KHZ,
  frameMs: 20,
  tells: { text: true, intent: true },
  start(options) {
    const ears = asr.start(options);
    return {
      open: ears.open,
      encodeAudio: ears.encodeAudio,
      end: ears.end,
      decode(data, isBinary): readonly StreamEvent[] | Promise<readonly StreamEvent[]> {
        const message = readObject(data, isBinary);
        switch (message['event']) {
          case 'audio':
            return [{ kind: 'audio', data: readBase64(message, 'pcm_base64', 'audio') }];
          case 'clear':
            return [{ kind: 'clear' }];
          case 'speaking':
            return [{ kind: 'claim', isSpeaking: message['value'] === true }];
          case 'reply':
            return [{ kind: 'said', text: readText(message, 'text', 'reply') }, ...(typeof message['intent'] === 'string' ? [{ kind: 'intent' as const, text: message['intent'] }] : [])];
          default:
            return ears.decode(data, isBinary);
        }
      },
    };
  },
};
