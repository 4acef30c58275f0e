import { Buffer } from 'node:buffer';
import { resample } from './resample.js';

/** 16-bit samples with the header of a WAV file before them; what is no whole sample at the end is left out. */
export function wavOf(samples: Uint8Array, rate: number, channels: 1 | 2 = 1): Buffer {
  const length = samples.length - (samples.length % (2 * channels));
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt32LE(rate * 2 * channels, 28);
  header.writeUInt16LE(2 * channels, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(length, 40);
  return Buffer.concat([header, samples.subarray(0, length)]);
}

/** Two tracks side by side, at the rate of the left one. */
export function stereoWavOf(left: Int16Array, rate: number, right: Int16Array, rightRate: number): Buffer {
  const other = rightRate === rate ? right : resample(Float32Array.from(right), rightRate, rate);
  const both = Buffer.alloc(left.length * 4);
  left.forEach((sample, index) => {
    both.writeInt16LE(sample, index * 4);
    both.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(other[index] ?? 0))), index * 4 + 2);
  });
  return wavOf(both, rate, 2);
}
