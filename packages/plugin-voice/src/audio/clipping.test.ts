import { describe, expect, it } from 'vitest';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';
import { findingClipping } from './clipping.js';
import { readRiff, type WavContent } from './riff.js';
import { atOnce } from './slices.js';

const isClipped = (content: WavContent): boolean => atOnce(findingClipping(content));
const floats = (channels: number, ...samples: readonly number[]): WavContent => {
  const { buffer } = Float32Array.from(samples);
  return { channels, bits: 32, sampleRate: 24_000, encoding: 'float', data: Buffer.from(buffer) };
};

describe('findingClipping', () => {
  it('takes three samples in a row at full scale for clipped, two for a peak', () => {
    for (const [count, clipped] of [[2, false], [3, true]] as const) {
      for (const full of [32_767, -32_768]) {
        const loud = Int16Array.from(padded(speechLike(0.5), 0.1, 0.1));
        loud.fill(full, 4_000, 4_000 + count);
        expect(isClipped(readRiff(wavFile(loud), 'a.wav'))).toBe(clipped);
      }
    }
  });

  it('knows full scale of floats, and what lies above it', () => {
    expect(isClipped(floats(1, 0, 0.999, 0.999, 0.999, 0))).toBe(false);
    expect(isClipped(floats(1, 0, 1, -1, 1, 0))).toBe(true);
    expect(isClipped(floats(1, 0, 1.4, 1.5, 1.4, 0))).toBe(true);
  });

  it('looks at each channel by itself', () => {
    expect(isClipped(floats(2, 1, 0, 1, 0, 1, 0))).toBe(true);
    expect(isClipped(floats(2, 1, 0, 0, 1, 1, 0, 0, 1))).toBe(false);
  });
});
