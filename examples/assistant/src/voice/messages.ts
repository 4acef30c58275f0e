import type { RawData, WebSocket } from 'ws';
import { isRecord } from '../http/fields.js';
import { decodePcm } from '../speech/pcm.js';

/** A message that cannot be understood; ends the connection. */
export class MessageError extends Error {}

export type Message = { readonly [key: string]: unknown };

const unacceptable = 1003;
const broken = 1011;
const idleMs = 60_000;

function parseMessage(data: RawData, binary: boolean): Message {
  if (binary) throw new MessageError('binary messages are not accepted: send JSON text');
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data instanceof ArrayBuffer ? new Uint8Array(data) : data);
  try {
    const message: unknown = JSON.parse(bytes.toString('utf8'));
    if (isRecord(message)) return message;
  } catch {
    // Falls through: not JSON is as wrong as not an object.
  }
  throw new MessageError('message is not a JSON object');
}

/** The sound of an audio message. */
export function audioOf({ pcm_base64: encoded }: Message): Float32Array {
  if (typeof encoded !== 'string') throw new MessageError('pcm_base64 is missing');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) throw new MessageError('pcm_base64 is not base64');
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length % 2 !== 0) throw new MessageError('pcm_base64 does not hold whole 16-bit samples');
  return decodePcm(bytes);
}

/** Gives every message to `take`; answers one that cannot be understood with an error and closes, as it does after a minute without any. */
export function onMessages(socket: WebSocket, take: (message: Message) => void): void {
  const idle = setTimeout(() => socket.close(1000, 'idle'), idleMs);
  socket.on('message', (data, binary) => {
    if (socket.readyState !== socket.OPEN) return;
    idle.refresh();
    try {
      take(parseMessage(data, binary));
    } catch (error) {
      socket.send(JSON.stringify({ event: 'error', error: error instanceof MessageError ? error.message : 'internal error' }));
      socket.close(error instanceof MessageError ? unacceptable : broken);
    }
  });
  socket.on('close', () => clearTimeout(idle));
  // A broken frame or an oversized message: ws has already begun to close with the right code.
  socket.on('error', () => clearTimeout(idle));
}
