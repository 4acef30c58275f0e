import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codedHeardAt } from './coded-playout.js';

interface Came {
  readonly at: number;
  readonly length: number;
  /** How much more sound can be decoded when it has come. */
  readonly ms: number;
}
const soundOf = (all: readonly Came[]) => {
  let [trials, byte, ms] = [0, 0, 0];
  const decodable = new Map(all.map((each) => [(byte += each.length), (ms += each.ms)]));
  return { decodableMs: async (bytes: number): Promise<number> => ((trials += 1), decodable.get(bytes) ?? NaN), trials: () => trials, lastsMs: ms };
};
/** Piece by piece: what can be decoded plays when it is there and what came before is over. */
const played = (all: readonly Came[], momentMs: number): number => {
  let [overAt, doneMs] = [-Infinity, 0];
  for (const { at, ms } of all) {
    if (ms === 0) continue;
    const startsAt = Math.max(at, overAt);
    if (momentMs < doneMs + ms) return startsAt + momentMs - doneMs;
    [overAt, doneMs] = [startsAt + ms, doneMs + ms];
  }
  return NaN;
};
const came = (most: number): fc.Arbitrary<readonly Came[]> =>
  fc.array(fc.record({ wait: fc.integer({ min: 0, max: 120 }), length: fc.integer({ min: 1, max: 900 }), ms: fc.constantFrom(0, 0, 26, 26, 52, 130, 1_000) }), { minLength: 1, maxLength: most }).map((list) => {
    let now = 30;
    return list.map(({ wait, length, ms }) => ({ at: (now += wait), length, ms }));
  });

describe('when a moment of a coded sound is heard', () => {
  it('is what playing it piece by piece gives, to a millisecond', async () => {
    await fc.assert(fc.asyncProperty(came(14), fc.nat(3_000), async (all, momentMs) => {
      const { decodableMs, lastsMs } = soundOf(all);
      const heard = await codedHeardAt(all, momentMs, decodableMs);
      if (momentMs >= lastsMs) expect(heard).toBeNull();
      else expect(Math.abs(Number(heard) - played(all, momentMs))).toBeLessThanOrEqual(1);
    }), { numRuns: 400 });
  });

  it('is never a guess: of many pieces it is right, or not known', async () => {
    await fc.assert(fc.asyncProperty(came(120), fc.nat(9_000), async (all, momentMs) => {
      const { decodableMs, trials } = soundOf(all);
      const heard = await codedHeardAt(all, momentMs, decodableMs);
      if (heard !== null) expect(Math.abs(heard - played(all, momentMs))).toBeLessThanOrEqual(1);
      expect(trials()).toBeLessThanOrEqual(26);
    }));
  });

  it('takes few trials where sound comes faster than it is heard', async () => {
    const all = Array.from({ length: 500 }, (_, index) => ({ at: 50 + index * 5, length: 400, ms: index % 2 === 0 ? 26 : 0 }));
    const { decodableMs, trials } = soundOf(all);
    expect(await codedHeardAt(all, 200, decodableMs)).toBe(250);
    expect(trials()).toBeLessThan(16);
  });

  it('knows nothing of a sound that is not there', async () => {
    expect(await codedHeardAt([], 0, async () => 0)).toBeNull();
    expect(await codedHeardAt([{ at: 5, length: 9 }], 0, async () => 0)).toBeNull();
  });
});
