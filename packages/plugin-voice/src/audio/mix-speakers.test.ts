import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { padded, speechLike } from '../fixtures/speech.js';
import { activeSpeechLevel } from './level.js';
import { mixingSpeakers, overlapsOf, type Mixture, type SpeakerClip } from './mix-speakers.js';
import { atOnce } from './slices.js';

const clip = padded(speechLike(2, 6_000), 0.2, 0.5);
const other = padded(speechLike(1.1, 900), 0.4, 0.6);
const mix = (...clips: readonly SpeakerClip[]): Mixture => atOnce(mixingSpeakers(clips));
const speaker = (id: string, samples: Int16Array, more: Partial<SpeakerClip> = {}): SpeakerClip => ({ id, samples, levelDb: -26, ...more });

describe('mixingSpeakers', () => {
  it.each([[-26, -26], [-20, -30], [-40, -23]])('puts everybody at their own level: %d and %d dB', (one, two) => {
    const both = mix(speaker('anna', clip, { levelDb: one }), speaker('bo', other, { levelDb: two, startMs: 3_000 }));
    expect(both.gain).toBe(1);
    // They do not overlap here, so that each can be measured alone.
    expect(activeSpeechLevel(both.samples.subarray(0, clip.length)).activeDb).toBeCloseTo(one, 1);
    expect(Math.abs(activeSpeechLevel(both.samples.subarray(48_000)).activeDb - two)).toBeLessThan(0.1);
    expect(both.overlaps).toEqual([]);
  });

  it('is the sum of what it was made from', () => {
    const [both, anna, bo] = [mix(speaker('anna', clip), speaker('bo', other, { startMs: 500 })), mix(speaker('anna', clip)), mix(speaker('bo', other))];
    both.samples.forEach((sample, index) => {
      if (Math.abs(sample - (anna.samples[index] ?? 0) - (bo.samples[index - 8_000] ?? 0)) > 1) expect(index).toBe('where the sum is right');
    });
  });

  it('knows the truth: speech by speaker, and where it overlaps', () => {
    const both = mix(speaker('anna', clip, { segments: [{ startMs: 200, endMs: 2_200 }] }), speaker('bo', other, { overlapMs: 700, segments: [{ startMs: 400, endMs: 1_500 }] }), speaker('cia', other, { overlapMs: -300, segments: [{ startMs: 400, endMs: 900 }, { startMs: 1_000, endMs: 1_500 }] }));
    expect(both.speakers.map(({ segments }) => segments)).toEqual([[{ startMs: 200, endMs: 2_200 }], [{ startMs: 1_500, endMs: 2_600 }], [{ startMs: 2_900, endMs: 3_400 }, { startMs: 3_500, endMs: 4_000 }]]);
    expect(both.overlaps).toEqual([{ startMs: 1_500, endMs: 2_200 }]);
    // Found by energy it is the same within two frames.
    const found = mix(speaker('anna', clip), speaker('bo', other, { overlapMs: 700 }));
    expect(Math.abs((found.overlaps[0]?.startMs ?? 0) - (found.speakers[0]?.segments.at(-1)?.endMs ?? 0) + 700)).toBeLessThan(1e-6);
    expect(found.speakers[0]?.segments).toHaveLength(1);
  });

  it('turns the whole mixture down rather than clip, so that the difference of levels stays', () => {
    const loud = mix(speaker('anna', clip, { levelDb: -7 }), speaker('bo', clip, { levelDb: -10 }));
    expect(loud.gain).toBeLessThan(1);
    expect(loud.samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)).toBeLessThanOrEqual(Math.ceil(0.99 * 32_768));
    const [anna, bo] = loud.speakers;
    expect((anna?.levelDb ?? 0) - (bo?.levelDb ?? 0)).toBeCloseTo(3, 6);
    expect(anna?.levelDb).toBeCloseTo(-7 + 20 * Math.log10(loud.gain), 6);
  });

  it('refuses what cannot be mixed', () => {
    expect(() => mix(speaker('anna', new Int16Array(16_000)))).toThrow('the clip of anna holds no speech');
    expect(() => mix(speaker('anna', other), speaker('bo', clip, { overlapMs: 5_000 }))).toThrow(/the clip of bo would begin \d+ ms before the mixture/u);
    expect(() => mix(speaker('anna', other, { segments: [{ startMs: 400, endMs: 9_000 }] }))).toThrow('speech of the clip of anna from 400 to 9000 ms does not fit it');
    expect(() => mix(speaker('anna', other, { segments: [{ startMs: 400, endMs: 900 }, { startMs: 800, endMs: 1_000 }] }))).toThrow('begins before the one before it has ended');
  });
});

describe('overlapsOf', () => {
  it('has every moment at which two or more speak, and no other', () => {
    const stretches = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), { maxLength: 6 }).map((list) => {
      let now = 0;
      return list.map(([gap, length]) => {
        const startMs = now + gap;
        now = startMs + length;
        return { startMs, endMs: now };
      });
    });
    fc.assert(fc.property(fc.array(stretches, { maxLength: 4 }), (speakers) => {
      const overlaps = overlapsOf(speakers);
      const within = (list: readonly { readonly startMs: number; readonly endMs: number }[], at: number): boolean => list.some(({ startMs, endMs }) => startMs <= at && at < endMs);
      for (let at = 0.5; at < 120; at += 1) expect(within(overlaps, at)).toBe(speakers.filter((each) => within(each, at)).length >= 2);
    }), { numRuns: 200 });
  });
});
