import { describe, expect, it } from 'vitest';
import { readWav, type ReadWavOptions } from './wav.js';

interface Layout {
  readonly tag?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly bits?: number;
  readonly align?: number;
  /** What the headers say instead of the truth. */
  readonly dataSize?: number;
  readonly formatSize?: number;
  readonly riff?: string;
  readonly extra?: Buffer;
  readonly trailer?: Buffer;
}

/** A WAV file with the given data and any lie in its headers. */
function wav(data: Buffer, layout: Layout = {}): Buffer {
  const { tag = 1, channels = 1, sampleRate = 16_000, bits = 16, formatSize = tag === 0xfffe ? 40 : 16 } = layout;
  const format = Buffer.alloc(Math.max(16, Math.min(64, formatSize)));
  format.writeUInt16LE(tag, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(sampleRate, 4);
  format.writeUInt16LE(layout.align ?? (channels * bits) / 8, 12);
  format.writeUInt16LE(bits, 14);
  if (tag === 0xfffe && formatSize >= 40) format.writeUInt16LE(1, 24);
  const chunk = (id: string, body: Buffer, size = body.length): Buffer => Buffer.concat([Buffer.from(id), u32(size), body, Buffer.alloc(body.length % 2)]);
  const body = Buffer.concat([chunk('fmt ', format, formatSize), layout.extra ?? Buffer.alloc(0), chunk('data', data, layout.dataSize), layout.trailer ?? Buffer.alloc(0)]);
  return Buffer.concat([Buffer.from(layout.riff ?? 'RIFF'), u32(body.length + 4), Buffer.from('WAVE'), body]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

const int16 = (...values: readonly number[]): Buffer => Buffer.from(Int16Array.from(values).buffer);
const read = (bytes: Uint8Array, options?: ReadWavOptions): readonly number[] => [...readWav(bytes, { name: 'a.wav', ...options }).samples];

describe('readWav', () => {
  it('gives 16 kHz mono 16-bit bit for bit', () => {
    expect(readWav(wav(int16(0, 1, -1, 32_767, -32_768)))).toMatchObject({ sampleRate: 16_000, durationMs: 5 / 16, gain: 1, source: { channels: 1, bits: 16 } });
    expect(read(wav(int16(0, 1, -1, 32_767, -32_768)))).toEqual([0, 1, -1, 32_767, -32_768]);
  });

  it('reads a view into a larger buffer at an odd offset', () => {
    const bytes = wav(int16(7, -7));
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(read(larger.subarray(3))).toEqual([7, -7]);
  });

  it('reads every width', () => {
    expect(read(wav(Buffer.from([128, 255, 0]), { bits: 8 }))).toEqual([0, 127 * 256, -32_768]);
    expect(read(wav(Buffer.from([0, 0, 0x40, 0, 0, 0x80, 0, 1, 0]), { bits: 24 }))).toEqual([16_384, -32_768, 1]);
    expect(read(wav(Buffer.from(Int32Array.from([2 ** 30, -(2 ** 31)]).buffer), { bits: 32 }))).toEqual([16_384, -32_768]);
    expect(read(wav(Buffer.from(Float32Array.from([0.5, -1]).buffer), { tag: 3, bits: 32 }))).toEqual([16_384, -32_768]);
    expect(read(wav(Buffer.from(Float64Array.from([0.5, -1]).buffer), { tag: 3, bits: 64 }))).toEqual([16_384, -32_768]);
    expect(read(wav(int16(3, 4), { tag: 0xfffe }))).toEqual([3, 4]);
  });

  it('averages channels', () => {
    expect(read(wav(int16(100, 300, -100, 100), { channels: 2 }))).toEqual([200, 0]);
  });

  it('turns down what goes above full scale instead of clipping it', () => {
    const clip = readWav(wav(Buffer.from(Float32Array.from([2, 1, 0]).buffer), { tag: 3, bits: 32 }));
    expect(clip.gain).toBe(0.5);
    expect([...clip.samples]).toEqual([32_767, 16_384, 0]);
  });

  it('skips other chunks and accepts unknown lengths', () => {
    const list = Buffer.concat([Buffer.from('LIST'), u32(3), Buffer.from('abc\0')]);
    expect(read(wav(int16(5), { extra: list, trailer: list }))).toEqual([5]);
    expect(read(wav(int16(5, 6), { dataSize: 0xffffffff }))).toEqual([5, 6]);
    expect(read(wav(int16(5, 6), { dataSize: 0x7ffff000 }))).toEqual([5, 6]);
    expect(read(wav(int16(5, 6), { dataSize: 0xffffffff }).subarray(0, -1))).toEqual([5]);
    expect(read(wav(int16(5, 6), { riff: 'RF64', dataSize: 0xffffffff }))).toEqual([5, 6]);
  });

  it.each([
    ['nothing', Buffer.alloc(0), 'a.wav is empty'],
    ['an MP3', Buffer.from('ID3\u0004 not a wav file at all'), 'is not a WAV file'],
    ['a cut data chunk', wav(int16(1, 2, 3)).subarray(0, -2), 'is cut off: its data should have 6 bytes but the file ends after 4'],
    ['a claim of almost 4 GB', wav(int16(1, 2), { dataSize: 0xfffffff0 }), 'is cut off: its data should have 4294967280 bytes but the file ends after 4'],
    ['a claim of 2 GB and one byte', wav(int16(1, 2), { dataSize: 0x80000000 }), 'is cut off'],
    ['a format chunk that claims 4 GB', wav(int16(1), { formatSize: 0xfffffff0 }), 'has no data chunk'],
    ['no data chunk', wav(int16(1)).subarray(0, 36), 'has no data chunk'],
    ['no format chunk', Buffer.concat([Buffer.from('RIFF'), u32(4), Buffer.from('WAVE')]), 'has no format chunk'],
    ['an unclosed recording', wav(int16(1, 2), { dataSize: 0 }), 'was not closed'],
    ['no samples', wav(Buffer.alloc(0)), 'holds no samples'],
    ['no samples of unknown length', wav(Buffer.alloc(0), { dataSize: 0xffffffff }), 'holds no samples'],
    ['no channels', wav(int16(1), { channels: 0 }), 'has 0 channels; 1 to 8 can be read'],
    ['nine channels', wav(int16(...Array<number>(9).fill(1)), { channels: 9 }), 'has 9 channels'],
    ['no sample rate', wav(int16(1), { sampleRate: 0 }), 'has a sample rate of 0 Hz'],
    ['a sample rate of 1 MHz', wav(int16(1), { sampleRate: 1_000_000 }), 'has a sample rate of 1000000 Hz'],
    ['12 bits', wav(int16(1), { bits: 12, align: 2 }), 'has 12 bits a sample'],
    ['16-bit floats', wav(int16(1), { tag: 3 }), 'float samples of 32 or 64'],
    ['A-law', wav(int16(1), { tag: 6, bits: 8 }), 'holds A-law'],
    ['a wrong frame size', wav(int16(1, 2), { align: 4 }), 'says that a frame has 4 bytes, but 1 channels of 16 bits make 2'],
    ['half a frame', wav(Buffer.from([1, 2, 3])), 'are not a whole number of 2-byte frames'],
    ['a short format chunk', wav(int16(1), { formatSize: 12 }), 'has a format chunk of 12 bytes'],
    ['a short extensible format chunk', wav(int16(1), { tag: 0xfffe, formatSize: 18 }), '40 are needed'],
    ['a sample without end', wav(Buffer.from(Float64Array.from([0, 0, Infinity]).buffer), { tag: 3, bits: 64 }), 'sample 2 is not a finite number'],
    ['a sample that is not a number', wav(Buffer.from(Float32Array.from([0, NaN]).buffer), { tag: 3, bits: 32 }), 'sample 1 is not a finite number'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => read(bytes)).toThrow(message);
    expect(() => read(bytes)).toThrow(expect.objectContaining({ code: 'REALOPS_INPUT_INVALID' }));
  });

  it('refuses what is too long', () => {
    expect(() => read(wav(Buffer.alloc(64_000)), { maxSeconds: 1 })).toThrow('a.wav is 2 s long; at most 1 s can be sent');
  });

  it('converts other sample rates', () => {
    const tone = Int16Array.from({ length: 44_100 }, (_, index) => Math.round(10_000 * Math.sin((2 * Math.PI * 1000 * index) / 44_100)));
    const clip = readWav(wav(Buffer.from(tone.buffer), { sampleRate: 44_100 }));
    expect(clip.samples.length).toBe(16_000);
    for (let index = 200; index < 15_800; index += 97) expect(Math.abs((clip.samples[index] ?? 0) - 10_000 * Math.sin((2 * Math.PI * 1000 * index) / 16_000))).toBeLessThan(12);
  });
});
