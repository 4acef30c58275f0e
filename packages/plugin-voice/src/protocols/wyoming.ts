import { Buffer } from 'node:buffer';
import type { JsonObject } from '@alice/realops/plugin';
import type { AudioForm } from '../audio/encode.js';
import { PCM_16_KHZ, type AsrEvent, type AsrProtocol } from './protocol.js';
import { errorText, excerpt, isFields, readNumber, readText, violation, type Fields } from './read.js';

/** A header, its data and its payload may be at most this long, together. */
const MOST_BYTES = 1 << 20;

/**
 * Wyoming, the protocol of Home Assistant's voice services, over TCP: a line of JSON that says how many bytes of data and of payload follow it. `transcribe`
 * and `audio-start`, then `audio-chunk`s, then `audio-stop`, after which most services begin to work: there are no partials, unless the service streams
 * (`transcript-chunk`).
 * @see https://github.com/OHF-Voice/wyoming
 */
export const wyoming: AsrProtocol = {
  name: 'wyoming',
  transport: 'tcp',
  audio: [PCM_16_KHZ],
  frameMs: 20,
  tellsSpeech: true,
  start({ language, config, audio }) {
    const reader = createReader();
    const form = formOf(audio);
    let streamed = '';
    const decodeEvent = ({ type, data }: WyomingEvent): AsrEvent => {
      switch (type) {
        case 'transcript':
          streamed = '';
          return { kind: 'final', text: readText(data, 'text', type), confidence: null };
        case 'transcript-chunk':
          streamed += readText(data, 'text', type);
          return { kind: 'partial', text: streamed, confidence: null };
        case 'voice-started':
          return { kind: 'speechStart', ...claim(data, type) };
        case 'voice-stopped':
          return { kind: 'speechStop', ...claim(data, type) };
        case 'ping':
          return { kind: 'reply', message: write('pong', data['text'] === undefined ? {} : { text: readText(data, 'text', type) }) };
        case 'error':
          return { kind: 'error', message: errorText(data, 'text', 'code') };
        default:
          return { kind: 'other', name: type };
      }
    };
    return {
      framesAlike: true,
      open: () => [write('transcribe', { language, ...config }), write('audio-start', form)],
      encodeAudio: (frame) => write('audio-chunk', form, frame),
      end: () => [write('audio-stop', {})],
      decode: (data) => reader.take(data).map(decodeEvent),
    };
  },
};

/** Where in the stream, in ms. */
function claim(data: Fields, type: string): { readonly claimedMs?: number } {
  const claimedMs = readNumber(data, 'timestamp', type);
  return claimedMs === null ? {} : { claimedMs };
}

function formOf({ rate }: AudioForm): JsonObject {
  return { rate, width: 2, channels: 1 };
}

/** An event as bytes: the header on a line, then its data, then its payload. */
function write(type: string, data: JsonObject, payload?: Uint8Array): Uint8Array {
  const body = Buffer.from(Object.keys(data).length === 0 ? '' : JSON.stringify(data));
  const header = { type, ...(body.length === 0 ? {} : { data_length: body.length }), ...(payload === undefined ? {} : { payload_length: payload.length }) };
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body, ...(payload === undefined ? [] : [payload])]);
}

interface WyomingEvent {
  readonly type: string;
  readonly data: Fields;
}

/** Cuts a stream of bytes into events, wherever it is broken. */
function createReader(): { take(bytes: Uint8Array): readonly WyomingEvent[] } {
  let waiting = Buffer.alloc(0);
  const next = (): WyomingEvent | undefined => {
    const end = waiting.indexOf(0x0a);
    if (end < 0) {
      if (waiting.length > MOST_BYTES) throw violation(`sent ${waiting.length} bytes without an end of line`);
      return undefined;
    }
    const header = parse(waiting.subarray(0, end).toString('utf8'), 'a header');
    const type = readText(header, 'type', 'header');
    const [dataLength, payloadLength] = [lengthOf(header, 'data_length'), lengthOf(header, 'payload_length')];
    const total = end + 1 + dataLength + payloadLength;
    if (total > MOST_BYTES) throw violation(`sent a ${type} of ${total} bytes; at most ${MOST_BYTES} are read`);
    if (waiting.length < total) return undefined;
    const data = dataLength === 0 ? {} : parse(waiting.subarray(end + 1, end + 1 + dataLength).toString('utf8'), `the data of ${type}`);
    waiting = waiting.subarray(total);
    return { type, data: { ...(isFields(header['data']) ? header['data'] : {}), ...data } };
  };
  return {
    take(bytes) {
      waiting = Buffer.concat([waiting, bytes]);
      const events: WyomingEvent[] = [];
      for (let event = next(); event !== undefined; event = next()) events.push(event);
      return events;
    },
  };
}

function parse(text: string, what: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    if (isFields(value)) return value;
  } catch {
    // Told below, as JSON that is no object is.
  }
  throw violation(`sent ${what} that is not a JSON object: ${excerpt(text)}`);
}

function lengthOf(header: Fields, name: string): number {
  const value = header[name] ?? 0;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw violation(`sent a header whose ${name} must be a whole number, got ${excerpt(JSON.stringify(value))}`);
  return value;
}
