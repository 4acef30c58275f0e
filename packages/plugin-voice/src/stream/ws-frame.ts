import { Buffer } from 'node:buffer';
import type { Message } from '../protocols/protocol.js';

const TEXT = 0x81;
const BINARY = 0x82;
const MASKED = 0x80;

/**
 * A message as a client sends it over a WebSocket: one final frame, masked with the key (RFC 6455 §5.2, §5.3). The key of a frame that is sent many times is drawn once: it
 * keeps a page in a browser from choosing the bytes on the wire, which nobody wants to here.
 */
export function frameMessage(message: Message, maskKey: number): Uint8Array {
  const payload = typeof message === 'string' ? Buffer.from(message) : message;
  const { length } = payload;
  const header = length < 126 ? 6 : length < 65_536 ? 8 : 14;
  const frame = Buffer.alloc(header + length);
  frame[0] = typeof message === 'string' ? TEXT : BINARY;
  frame[1] = MASKED | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (header === 8) frame.writeUInt16BE(length, 2);
  if (header === 14) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.writeUInt32BE(maskKey >>> 0, header - 4);
  frame.set(payload, header);
  for (let index = 0; index < length; index += 1) frame[header + index] = (frame[header + index] ?? 0) ^ (frame[header - 4 + (index & 3)] ?? 0);
  return frame;
}

/** Where in a client's frame the payload begins; its mask are the four bytes before. */
export function payloadStart(frame: Uint8Array): number {
  const length = (frame[1] ?? 0) & 0x7f;
  return length === 127 ? 14 : length === 126 ? 8 : 6;
}
