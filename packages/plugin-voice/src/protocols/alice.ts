import { Buffer } from 'node:buffer';
import { RealopsError } from '@alice/realops/plugin';
import type { AsrEvent, AsrProtocol } from './protocol.js';

/**
 * The framing of Alice's `/ws/asr`. To the server: `{ type: 'audio', pcm_base64, timestamp }`, `{ type: 'end' }` and `{ type: 'config', config }`.
 * From it: `{ event: 'partial' | 'final', text, confidence, … }` (also spelt `asr_partial`, `asr_final`), `{ event: 'error', error }`, and events we need not know.
 */
export const alice: AsrProtocol = {
  name: 'alice',
  open: ({ language, config }) => (config === undefined ? [] : [JSON.stringify({ type: 'config', config: { language, ...config } })]),
  // Put together by hand: base64 needs no escaping, and this runs fifty times a second for every stream.
  encodeAudio: (pcm, wallSeconds) => `{"type":"audio","pcm_base64":"${Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64')}","timestamp":${wallSeconds}}`,
  end: () => '{"type":"end"}',
  decode(data, isBinary) {
    if (isBinary) throw violation(`sent a binary message of ${data.length} bytes; all its messages are JSON text`);
    const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
    return [decodeEvent(parseObject(text))];
  },
};

function decodeEvent(message: { readonly [key: string]: unknown }): AsrEvent {
  const { event } = message;
  if (typeof event !== 'string') throw violation(`sent a message without an event: ${excerpt(JSON.stringify(message))}`);
  switch (event) {
    case 'partial':
    case 'asr_partial':
      return { kind: 'partial', ...readTranscript(message, event) };
    case 'final':
    case 'asr_final':
      return { kind: 'final', ...readTranscript(message, event) };
    case 'error':
      return { kind: 'error', message: typeof message['error'] === 'string' ? message['error'] : excerpt(JSON.stringify(message)) };
    default:
      return { kind: 'other', name: event };
  }
}

function readTranscript(message: { readonly [key: string]: unknown }, event: string): { readonly text: string; readonly confidence: number | null } {
  const { text, confidence } = message;
  if (typeof text !== 'string') throw violation(`sent a ${event} whose text must be a string, got ${excerpt(JSON.stringify(text) ?? 'nothing')}`);
  if (confidence === undefined || confidence === null) return { text, confidence: null };
  if (typeof confidence !== 'number') throw violation(`sent a ${event} whose confidence must be a number, got ${excerpt(JSON.stringify(confidence))}`);
  return { text, confidence };
}

function parseObject(text: string): { readonly [key: string]: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw violation(`sent text that is not JSON: ${excerpt(text)}`, cause);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw violation(`sent JSON that is not an object: ${excerpt(text)}`);
  return { ...value };
}

function excerpt(text: string): string {
  const shown = text.replaceAll(/\p{C}+/gu, ' ').slice(0, 80);
  return text.length > 80 ? `${shown}…` : shown;
}

function violation(message: string, cause?: unknown): RealopsError {
  return new RealopsError('REALOPS_PROTOCOL', `the recogniser ${message}`, { cause });
}
