import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insertPauses } from './pauses.js';

const clip = Int16Array.from({ length: 1_600 }, (_, index) => 1 + index);

describe('insertPauses', () => {
  it('puts silence in and moves what follows', () => {
    const { samples, pauses, later } = insertPauses(clip, [{ atMs: 50, ms: 100 }, { atMs: 20, ms: 10 }]);
    expect(samples).toHaveLength(1_600 + 1_760);
    expect(pauses).toEqual([{ from: 320, to: 480, ms: 10 }, { from: 960, to: 2_560, ms: 100 }]);
    for (const { from, to } of pauses) expect(samples.subarray(from, to).every((sample) => sample === 0)).toBe(true);
    // Away from the cuts every sample is there, in its place.
    expect([samples[100], samples[700], samples[3_000]]).toEqual([clip[100], clip[700 - 160], clip[3_000 - 1_760]]);
    expect([10, 20, 30, 50, 60].map(later)).toEqual([10, 20, 40, 60, 170]);
  });

  it('leaves speech without pauses as it is', () => {
    expect(insertPauses(clip, []).samples).toEqual(clip);
  });

  it('never makes a step at a cut', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 200 }), (atMs, ms) => {
      const { samples } = insertPauses(new Int16Array(1_600).fill(10_000), [{ atMs, ms }]);
      for (let index = 1; index < samples.length; index += 1) expect(Math.abs((samples[index] ?? 0) - (samples[index - 1] ?? 0))).toBeLessThan(400);
    }), { numRuns: 50 });
  });

  it('refuses what does not lie in the clip, and two at one place', () => {
    expect(() => insertPauses(clip, [{ atMs: 101, ms: 1 }])).toThrow('a pause at 101 ms does not lie in a clip of 100 ms');
    expect(() => insertPauses(clip, [{ atMs: 1, ms: 1 }, { atMs: 1, ms: 2 }])).toThrow('two pauses lie at 1 ms');
  });
});
