import { describe, expect, it } from 'vitest';
import { rmsLevel } from './level.js';
import { resample } from './resample.js';

const tone = (hertz: number, rate: number, seconds = 0.5): Float32Array => Float32Array.from({ length: rate * seconds }, (_, index) => Math.sin((2 * Math.PI * hertz * index) / rate));
/** The level of the middle of a signal against a full-scale sine. */
const level = (samples: Float32Array): number => rmsLevel(samples.subarray(800, samples.length - 800)) + 3.01;

describe('resample', () => {
  it.each([[44_100, 12_000], [44_100, 8_200], [48_000, 9_000], [48_000, 20_000], [22_050, 8_500], [192_000, 90_000], [96_000, 8_050]])('from %i Hz a tone of %i Hz does not fold back', (rate, hertz) => {
    expect(level(resample(tone(hertz, rate), rate, 16_000))).toBeLessThan(-50);
  });

  it.each([[44_100, 100], [44_100, 6_500], [48_000, 3_000], [22_050, 6_000], [8_000, 1_000], [8_000, 3_000], [11_025, 4_000], [32_000, 6_600]])('from %i Hz a tone of %i Hz keeps its level and place', (rate, hertz) => {
    const out = resample(tone(hertz, rate), rate, 16_000);
    expect(Math.abs(level(out))).toBeLessThan(0.1);
    const wanted = tone(hertz, 16_000);
    const difference = out.map((value, index) => value - (wanted[index] ?? 0));
    expect(level(difference)).toBeLessThan(-45);
  });

  it('gives at both ends, and of clips shorter than its filter, what silence around them gives', () => {
    for (const [rate, length] of [[44_100, 5_000], [44_100, 60], [8_000, 30], [8_000, 500], [192_000, 1_500], [22_050, 1]] as const) {
      const samples = Float32Array.from({ length }, (_, index) => Math.sin(index * index * 0.001));
      // A whole number of periods of both rates before it, so that the same moments are asked for.
      const lead = rate === 22_050 ? 441 * 8 : rate === 44_100 ? 441 * 8 : rate === 8_000 ? 2_000 : 12 * 500;
      const padded = new Float32Array(lead * 2 + length);
      padded.set(samples, lead);
      const [alone, within] = [resample(samples, rate, 16_000), resample(padded, rate, 16_000)];
      const shift = (lead * 16_000) / rate;
      alone.forEach((value, index) => expect(Math.abs(value - (within[index + shift] ?? 9))).toBeLessThan(1e-6));
    }
  });

  it('keeps the length, a constant and an equal rate', () => {
    expect(resample(new Float32Array(44_100 * 3), 44_100, 16_000).length).toBe(48_000);
    const constant = resample(new Float32Array(4_800).fill(0.5), 48_000, 16_000);
    for (const value of constant.subarray(100, 1_500)) expect(value).toBeCloseTo(0.5, 5);
    const same = new Float32Array(3);
    expect(resample(same, 16_000, 16_000)).toBe(same);
    expect(resample(new Float32Array(1), 192_000, 16_000).length).toBe(1);
  });
});
