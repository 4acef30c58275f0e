import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVad, type Segment, type SoundWindow, type VadSettings } from './vad.js';

const SETTINGS: VadSettings = { onDb: -45, offDb: -51, minSpeechMs: 50, minSilenceMs: 250 };
/** Windows of 10 ms one after the other from 0 on. */
const windows = (levels: readonly number[]): readonly SoundWindow[] => levels.map((db, index) => ({ fromMs: index * 10, toMs: index * 10 + 10, db }));
const found = (given: readonly SoundWindow[], settings = SETTINGS, nowMs = (given.at(-1)?.toMs ?? 0) + settings.minSilenceMs): readonly Segment[] => {
  const vad = createVad(settings);
  for (const window of given) vad.hear(window);
  return vad.segments(nowMs);
};
const spans = (segments: readonly Segment[]): readonly (readonly [number, number])[] => segments.map(({ startMs, endMs }) => [startMs, endMs]);
const run = (db: number, ms: number): readonly number[] => Array.from({ length: ms / 10 }, () => db);

describe('createVad', () => {
  it('gives the sound itself, not the moment at which it was certain', () => {
    expect(spans(found(windows([...run(-90, 300), ...run(-20, 400), ...run(-90, 600)])))).toEqual([[300, 700]]);
  });

  it.each([
    ['a click', [...run(-90, 100), ...run(-20, 40), ...run(-90, 400)], []],
    ['a pause between words', [...run(-20, 200), ...run(-90, 240), ...run(-20, 200)], [[0, 640]]],
    ['a pause that is long enough', [...run(-20, 200), ...run(-90, 250), ...run(-20, 200)], [[0, 200], [450, 650]]],
    ['a soft end', [...run(-20, 200), ...run(-50, 100), ...run(-52, 100)], [[0, 300]]],
    ['something soft alone', run(-50, 500), []],
    ['something soft after a silence', [...run(-20, 100), ...run(-90, 300), ...run(-50, 300)], [[0, 100]]],
  ])('%s', (_, levels, expected) => {
    expect(spans(found(windows(levels)))).toEqual(expected);
  });

  it('is open while it may go on', () => {
    const given = windows(run(-20, 200));
    expect(found(given, SETTINGS, 200 + 249)).toEqual([{ startMs: 0, endMs: 200, isOpen: true }]);
    expect(found(given, SETTINGS, 200 + 250)).toEqual([{ startMs: 0, endMs: 200, isOpen: false }]);
    expect(found(windows(run(-20, 40)), SETTINGS, 40)).toEqual([]);
  });

  it('takes a break after a cut for the end, however short; without a break it is none', () => {
    const heard = (gapMs: number): readonly (readonly [number, number])[] => {
      const vad = createVad(SETTINGS);
      for (const window of windows(run(-20, 200))) vad.hear(window);
      vad.cut(205);
      for (const { fromMs, toMs, db } of windows(run(-20, 200))) vad.hear({ fromMs: fromMs + 200 + gapMs, toMs: toMs + 200 + gapMs, db });
      return spans(vad.segments(2_000));
    };
    expect([heard(20), heard(50), heard(60)]).toEqual([[[0, 420]], [[0, 450]], [[0, 200], [260, 460]]]);
  });

  const level = fc.constantFrom(-90, -60, -48, -30);
  const heard = fc.array(fc.record({ db: level, gapMs: fc.constantFrom(0, 0, 0, 0, 30, 200, 400) }), { maxLength: 120 }).map((pieces) => {
    let at = 0;
    return pieces.map(({ db, gapMs }): SoundWindow => ({ fromMs: (at += gapMs), toMs: (at += 10), db }));
  });
  const settings = fc.record({ onDb: fc.constant(-45), offDb: fc.constantFrom(-45, -51), minSpeechMs: fc.constantFrom(0, 20, 50), minSilenceMs: fc.constantFrom(10, 100, 250) });

  it('finds stretches that begin and end with sound, long enough and far enough apart', () => {
    fc.assert(fc.property(heard, settings, (given, chosen) => {
      const segments = found(given, chosen);
      for (const [index, { startMs, endMs }] of segments.entries()) {
        expect(endMs - startMs).toBeGreaterThanOrEqual(chosen.minSpeechMs);
        expect(given.some(({ fromMs, db }) => fromMs === startMs && db >= chosen.onDb)).toBe(true);
        expect(given.some(({ toMs, db }) => toMs === endMs && db >= chosen.offDb)).toBe(true);
        const before = segments[index - 1];
        if (before !== undefined) expect(startMs - before.endMs).toBeGreaterThanOrEqual(chosen.minSilenceMs);
      }
    }));
  });

  it('with one threshold is: loud windows, joined over short silences, clicks left out', () => {
    fc.assert(fc.property(heard, settings, (given, chosen) => {
      const joined: [number, number][] = [];
      for (const { fromMs, toMs } of given.filter(({ db }) => db >= -45)) {
        const last = joined.at(-1);
        if (last !== undefined && fromMs - last[1] < chosen.minSilenceMs) last[1] = toMs;
        else joined.push([fromMs, toMs]);
      }
      expect(spans(found(given, { ...chosen, offDb: -45 }))).toEqual(joined.filter(([from, to]) => to - from >= chosen.minSpeechMs));
    }));
  });
});
