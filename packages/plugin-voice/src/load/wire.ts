import { Buffer } from 'node:buffer';
import type { Clock, Millis } from '@alice/realops/plugin';
import type { AsrProtocol, AsrSession } from '../protocols/protocol.js';
import { frameMessage, payloadStart } from '../stream/ws-frame.js';
import type { Speech } from '../transcribe/stream.js';

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

/** The calendar time as it stands in frames. All streams of a thread ask the same one: it is made anew once a millisecond. */
export function createStamp(clock: Pick<Clock, 'wall'>): (now: Millis) => Uint8Array {
  const digits = Uint8Array.from(STAMP);
  let madeAt = -Infinity;
  return (now) => {
    if (now - madeAt < 1) return digits;
    madeAt = now;
    const wallMs = clock.wall().getTime();
    // In two parts, since whole numbers of 32 bits are divided ten times as fast.
    const high = Math.floor(wallMs / 10_000_000);
    writeDigits(digits, 6, high);
    const low = wallMs - high * 10_000_000;
    writeDigits(digits, 10, Math.floor(low / 1_000), 4);
    writeDigits(digits, 14, low % 1_000, 3);
    return digits;
  };
}

/** The last digits of a number, ending before `end`. */
function writeDigits(digits: Uint8Array, end: number, value: number, count = end): void {
  for (let place = end - 1, rest = value | 0; place >= end - count; place -= 1, rest = (rest / 10) | 0) digits[place] = ZERO + (rest % 10);
}

/**
 * Gives the frames of one stream. Frames without a time are the shared bytes themselves. The others are copied into a buffer of the stream, which is used again
 * unless the connection still holds it.
 */
export function framesOf({ bytes, ends, stampAt, isMasked }: WireAudio, stamp: (now: Millis) => Uint8Array): (index: number, now: Millis, isTaken: boolean) => Uint8Array {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let own = Buffer.alloc(0);
  return (index, now, isTaken) => {
    const frame = all.subarray(index === 0 ? 0 : ends[index - 1], ends[index]);
    const at = stampAt[index] ?? -1;
    if (at < 0) return frame;
    if (isTaken || own.length !== frame.length) own = Buffer.allocUnsafeSlow(frame.length);
    own.set(frame);
    const digits = stamp(now);
    const start = isMasked ? payloadStart(frame) : 0;
    for (let place = 0; place < digits.length; place += 1) {
      own[at + place] = (digits[place] ?? 0) ^ (isMasked ? (frame[start - 4 + ((at + place - start) & 3)] ?? 0) : 0);
    }
    return own;
  };
}
