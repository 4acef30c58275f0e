import { Buffer } from 'node:buffer';
import type { AudioForm } from '../../audio/encode.js';
import type { StreamEvent, TalkProtocol } from '../protocol.js';
import { isFields, nameOf, readBase64, readObject, readText, shown, violation, type Fields } from '../read.js';

const MU_LAW: AudioForm = { encoding: 'mulaw', rate: 8_000 };
const FRAME_MS = 20;

/**
 * Twilio Media Streams, with us in the place of Twilio and the assistant as the server: `connected`, `start`, then `media` with 8 kHz µ-law in base64, `dtmf` for
 * keys, `mark` back when what was sent before it was played, or is not going to be, and `stop`. From the server `media`, `mark` and `clear`.
 * @see https://www.twilio.com/docs/voice/media-streams/websocket-messages
 */
export const twilioMedia: TalkProtocol = {
  name: 'twilio-media',
  transport: 'ws',
  audio: [MU_LAW],
  voice: MU_LAW,
  frameMs: FRAME_MS,
  hasDigits: true,
  tells: { text: false, intent: false },
  eventNames: ['audio', 'mark', 'clear'],
  start({ traceId, config }) {
    const [streamSid, callSid, accountSid] = [`MZ${traceId}`, `CA${traceId}`, `AC${'0'.repeat(32)}`];
    let [sequence, chunk] = [0, 0];
    const message = (event: string, fields: object): string => JSON.stringify({ event, sequenceNumber: String((sequence += 1)), ...fields, streamSid });
    const readMedia = (fields: Fields): StreamEvent => {
      const media = inner(fields, 'media');
      return { kind: 'audio', data: readBase64(media, 'payload', 'media') };
    };
    return {
      open: () => [
        JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' }),
        message('start', { start: { accountSid, streamSid, callSid, tracks: ['inbound'], mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 }, customParameters: config ?? {} } }),
      ],
      encodeAudio(frame) {
        chunk += 1;
        const timestamp = String((chunk - 1) * (frame.length / 8));
        return message('media', { media: { track: 'inbound', chunk: String(chunk), timestamp, payload: Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength).toString('base64') } });
      },
      encodeDigit: (digit) => message('dtmf', { dtmf: { track: 'inbound_track', digit } }),
      played: (name) => message('mark', { mark: { name } }),
      end: () => [message('stop', { stop: { accountSid, callSid } })],
      decode(data, isBinary) {
        const fields = readObject(data, isBinary);
        const sid = fields['streamSid'];
        if (sid !== streamSid) throw violation(`sent a message of the stream ${shown(sid)}; this one is ${streamSid}`);
        switch (fields['event']) {
          case 'media':
            return [readMedia(fields)];
          case 'clear':
            return [{ kind: 'clear' }];
          case 'mark':
            return [{ kind: 'mark', name: readText(inner(fields, 'mark'), 'name', 'mark') }];
          default:
            return [{ kind: 'other', name: nameOf(fields['event'], 'message') }];
        }
      },
    };
  },
};

function inner(fields: Fields, name: string): Fields {
  const value = fields[name];
  if (isFields(value)) return value;
  throw violation(`sent a ${name} without its ${name}: ${shown(fields)}`);
}
