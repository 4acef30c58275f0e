import { Buffer } from 'node:buffer';
import type { AsrProtocol, AsrSession } from '../protocols/protocol.js';
import type { Channel } from '../stream/channel.js';
import { frameMessage, payloadStart } from '../stream/ws-frame.js';
import type { Speech } from '../transcribe/prepare.js';

/** The frames of a clip as they go over the wire, made once for all streams of all threads. */
export interface WireAudio {
  /** All frames, one after the other, in shared memory. */
  readonly bytes: Uint8Array;
  /** Where each frame ends. */
  readonly ends: Uint32Array;
  /** Where in each frame the calendar time stands, which is written when it is sent; −1 where none does. */
  readonly stampAt: Int32Array;
  readonly isMasked: boolean;
}

/** A time that stands in frames until they are sent: ten digits, a point and three digits, as all times until the year 2286. */
const STAND_IN = 1_234_567_890.125;
const STAMP = Buffer.from(String(STAND_IN));
const ZERO = 48;

/** Frames of one form for all streams; undefined where the protocol has them differ from each other. */
export function makeWire({ transport }: Pick<AsrProtocol, 'transport'>, session: AsrSession, { bytes, frameBytes }: Pick<Speech, 'bytes' | 'frameBytes'>, random: () => number): WireAudio | undefined {
  if (session.framesAlike !== true) return undefined;
  const isMasked = transport === 'ws';
  const stampAt: number[] = [];
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += frameBytes) {
    const message = session.encodeAudio(bytes.subarray(at, at + frameBytes), STAND_IN);
    const plain = typeof message === 'string' ? Buffer.from(message) : message;
    const frame = isMasked ? frameMessage(message, Math.floor(random() * 2 ** 32)) : plain;
    // Bytes of audio may look like anything; a time is only in text.
    const stamp = typeof message === 'string' ? Buffer.from(plain).indexOf(STAMP) : -1;
    stampAt.push(stamp < 0 ? -1 : frame.length - plain.length + stamp);
    frames.push(frame);
  }
  let end = 0;
  const ends = Uint32Array.from(frames, ({ length }) => (end += length));
  return { bytes: shared(Buffer.concat(frames)), ends, stampAt: Int32Array.from(stampAt), isMasked };
}

/** A copy in memory that threads share. */
export function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/**
 * Gives the frames of one stream. Frames without a time are the shared bytes themselves. The others are copied into a buffer of the stream, which is used again
 * unless the connection still holds it.
 */
export function framesOf({ bytes, ends, stampAt, isMasked }: WireAudio, wallMs: () => number): (index: number, channel: Pick<Channel, 'buffered'>) => Uint8Array {
  let own = new Uint8Array(0);
  return (index, channel) => {
    const frame = bytes.subarray(index === 0 ? 0 : ends[index - 1], ends[index]);
    const at = stampAt[index] ?? -1;
    if (at < 0) return frame;
    if (own.length !== frame.length || channel.buffered() > 0) own = new Uint8Array(frame.length);
    own.set(frame);
    const start = isMasked ? payloadStart(frame) : 0;
    let rest = Math.floor(wallMs());
    for (let place = STAMP.length - 1; place >= 0; place -= 1) {
      // The point stays where it is.
      if (place === 10) continue;
      const digit = ZERO + (rest % 10);
      rest = Math.floor(rest / 10);
      own[at + place] = digit ^ (isMasked ? (frame[start - 4 + ((at + place - start) & 3)] ?? 0) : 0);
    }
    return own;
  };
}
