import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { speechLike } from '../fixtures/speech.js';
import { encodeAudio } from './encode.js';
import { decodeMuLaw, encodeMuLaw } from './g711.js';

describe('µ-law (ITU-T G.711)', () => {
  it('has the ends of the table’s eight segments', () => {
    // Decoder output values of table 2b, times four: the table has 14 bits.
    expect([0x80, 0x90, 0xa0, 0xb0, 0xc0, 0xd0, 0xe0, 0xf0, 0xff].map(decodeMuLaw)).toEqual([32_124, 15_996, 7_932, 3_900, 1_884, 876, 372, 120, 0]);
    expect([0x00, 0x10, 0x7e, 0x7f].map(decodeMuLaw)).toEqual([-32_124, -15_996, -8, 0]);
  });

  it('decides between values where the table does', () => {
    // Decision values x(n) of table 2a on its scale of 14 bits: 0, 1, 3 … 31 35 … 8159, of which the last is virtual.
    const decisions = Array.from({ length: 128 }, (_, n) => Math.max(0, (2 * (n % 16) + 32) * 2 ** Math.floor(n / 16) - 33));
    expect([1, 2, 15, 16, 17, 112, 127].map((n) => decisions[n])).toEqual([1, 3, 29, 31, 35, 4_063, 7_903]);
    let code = 0;
    for (let sample = 0; sample <= 32_767; sample += 1) {
      while (code < 127 && (decisions[code + 1] ?? 0) * 4 <= sample) code += 1;
      if (encodeMuLaw(sample) !== 0xff - code) expect(`${sample} is ${encodeMuLaw(sample)}`).toBe(`${sample} is ${0xff - code}`);
      if (sample > 0 && encodeMuLaw(-sample) !== 0x7f - code) expect(`${-sample} is ${encodeMuLaw(-sample)}`).toBe(`${-sample} is ${0x7f - code}`);
    }
    for (let byte = 0; byte < 256; byte += 1) if (byte !== 0x7f) expect(encodeMuLaw(decodeMuLaw(byte))).toBe(byte);
  });
});

describe('encodeAudio', () => {
  const clip = speechLike(0.2);

  it('keeps 16-bit samples of the same rate as they are', () => {
    expect(Buffer.from(encodeAudio(clip, 16_000, { encoding: 's16le', rate: 16_000 })).equals(Buffer.from(clip.buffer))).toBe(true);
  });

  it('writes floats between -1 and 1', () => {
    const bytes = Buffer.from(encodeAudio(Int16Array.of(-32_768, 0, 16_384, 32_767), 16_000, { encoding: 'f32le', rate: 16_000 }));
    expect([0, 4, 8, 12].map((at) => bytes.readFloatLE(at))).toEqual([-1, 0, 0.5, 32_767 / 32_768]);
  });

  it('changes the rate, and cuts off what would be louder than full scale', () => {
    expect(encodeAudio(clip, 16_000, { encoding: 's16le', rate: 24_000 })).toHaveLength(clip.length * 3);
    expect(encodeAudio(clip, 16_000, { encoding: 'mulaw', rate: 8_000 })).toHaveLength(clip.length / 2);
    const square = Int16Array.from({ length: 1_600 }, (_, index) => (Math.floor(index / 16) % 2 === 0 ? 32_767 : -32_768));
    const bytes = Buffer.from(encodeAudio(square, 16_000, { encoding: 's16le', rate: 24_000 }));
    // A square wave overshoots once its upper overtones are gone; wrapped around, the overshoot would change sign.
    for (let index = 6; index < 18; index += 1) expect(bytes.readInt16LE((240 + index) * 2) * bytes.readInt16LE((264 + index) * 2)).toBeLessThan(0);
  });
});
