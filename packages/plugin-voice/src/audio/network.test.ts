import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../fixtures/random.js';
import { sendingOver } from './connection.js';
import { dropoutsOf } from './dropout.js';
import { holdsOf } from './jitter.js';
import { atOnce } from './slices.js';

describe('jitter', () => {
  it('holds frames back by the mean that is asked for, when they do not wait for each other', () => {
    const holds = holdsOf(20_000, 1_000, { meanMs: 30, mostMs: 1_000 }, randomFrom(3));
    const mean = holds.reduce((sum, hold) => sum + hold, 0) / holds.length;
    expect(Math.abs(mean - 30)).toBeLessThan(1);
    // An exponential delay is over its mean once in e times.
    expect(Math.abs(holds.filter((hold) => hold > 30).length / holds.length - Math.exp(-1))).toBeLessThan(0.02);
  });

  it('never lets a frame overtake another, is never longer than it may be, and is the same for the same seed', () => {
    fc.assert(fc.property(fc.integer(), fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 400 }), (seed, meanMs, mostMs) => {
      const holds = holdsOf(300, 20, { meanMs, mostMs }, randomFrom(seed));
      holds.forEach((hold, index) => {
        if (!(hold >= 0 && hold <= mostMs + 1e-9)) expect(hold).toBe('between 0 and the most');
        if (index > 0 && index * 20 + hold < (index - 1) * 20 + (holds[index - 1] ?? 0) - 1e-9) expect(index).toBe('later than the one before');
      });
      expect(holdsOf(300, 20, { meanMs, mostMs }, randomFrom(seed))).toEqual(holds);
    }), { numRuns: 60 });
  });

  it('makes bursts: many frames leave at the moment of a slow one', () => {
    const holds = holdsOf(2_000, 20, { meanMs: 60, mostMs: 1_000 }, randomFrom(9));
    const leaves = holds.map((hold, index) => index * 20 + hold);
    expect(leaves.filter((at, index) => index > 0 && at - (leaves[index - 1] ?? 0) < 1e-9).length).toBeGreaterThan(500);
  });
});

describe('dropouts', () => {
  it('lie where they are wanted, and end with the stream', () => {
    expect(dropoutsOf({ ms: 100, as: 'silence', atMs: [900, 200] }, 950, Math.random)).toEqual([{ fromMs: 200, toMs: 300 }, { fromMs: 900, toMs: 950 }]);
  });

  it('are refused outside the stream and within each other', () => {
    expect(() => dropoutsOf({ ms: 100, as: 'silence', atMs: [1_000] }, 1_000, Math.random)).toThrow('a dropout at 1000 ms does not lie in a stream of 1000 ms');
    expect(() => dropoutsOf({ ms: 100, as: 'silence', atMs: [0, 99] }, 1_000, Math.random)).toThrow('a dropout at 99 ms begins within the one before it');
  });

  it('come as often as asked for at random, apart from each other, the same for the same seed', () => {
    const stream = 3_600_000;
    const found = dropoutsOf({ ms: 200, as: 'silence', perMinute: 6 }, stream, randomFrom(4));
    // Each takes 10 s and its own length on average; 353 of them have a standard deviation of some 19.
    expect(Math.abs(found.length - stream / 10_200)).toBeLessThan(60);
    for (const [index, { fromMs, toMs }] of found.entries()) expect([toMs - fromMs <= 200.0001, fromMs >= (found[index - 1]?.toMs ?? 0)]).toEqual([true, true]);
    expect(dropoutsOf({ ms: 200, as: 'silence', perMinute: 6 }, stream, randomFrom(4))).toEqual(found);
  });

  it('leave silence behind and all else as it is', () => {
    const ones = new Int16Array(16_000).fill(1);
    const { samples, dropouts } = atOnce(sendingOver(ones, { dropout: { ms: 100, as: 'silence', atMs: [250] } }, Math.random));
    expect(dropouts).toEqual([{ fromMs: 250, toMs: 350 }]);
    expect([...samples.entries()].filter(([, value]) => value === 0).map(([index]) => index)).toEqual(Array.from({ length: 1_600 }, (_, index) => 4_000 + index));
    expect(ones.every((one) => one === 1)).toBe(true);
  });
});
