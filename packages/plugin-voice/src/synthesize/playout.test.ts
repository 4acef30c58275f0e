import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { playout } from './playout.js';

describe('playout', () => {
  it('plays each piece when it is there and the one before is over', () => {
    // 10 bytes a ms; a header of 20 bytes in the first piece.
    const { heardAt, gapsMs } = playout([{ at: 100, length: 120 }, { at: 105, length: 100 }, { at: 150, length: 50 }], 20, 10);
    expect([20, 70, 119, 120, 219, 220, 269].map(heardAt)).toEqual([100, 105, 109.9, 110, 119.9, 150, 154.9]);
    expect(gapsMs).toBe(30);
  });

  it('hears a burst at the pace of the sound, not of its arrival', () => {
    const pieces = Array.from({ length: 50 }, (_, index) => ({ at: 10 + index, length: 1_000 }));
    const { heardAt, gapsMs } = playout(pieces, 0, 10);
    expect([heardAt(0), heardAt(49_999), gapsMs]).toEqual([10, 10 + 4_999.9, 0]);
  });

  it('knows of no sound where there is only a header', () => {
    expect(playout([{ at: 5, length: 44 }], 44, 10).heardAt(44)).toBeNaN();
    expect(playout([], 0, 10)).toMatchObject({ gapsMs: 0 });
  });

  it('never hears a byte before it is there, nor before the one in front of it; gaps and sound fill the time', () => {
    const pieces = fc.array(fc.record({ wait: fc.integer({ min: 0, max: 80 }), length: fc.integer({ min: 1, max: 400 }) }), { minLength: 1, maxLength: 12 });
    fc.assert(fc.property(pieces, (list) => {
      let now = 0;
      const made = list.map(({ wait, length }) => ({ at: (now += wait), length }));
      const { heardAt, gapsMs } = playout(made, 0, 4);
      const total = list.reduce((sum, { length }) => sum + length, 0);
      let [byte, before] = [0, -Infinity];
      for (const { at, length } of made) {
        for (const each of [byte, byte + length - 1]) {
          expect(heardAt(each)).toBeGreaterThanOrEqual(Math.max(at, before) - 1e-9);
          before = heardAt(each);
        }
        byte += length;
      }
      expect(heardAt(total - 1) + 1 / 4 - heardAt(0)).toBeCloseTo(total / 4 + gapsMs, 6);
    }));
  });
});
