import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../fixtures/random.js';
import { conversation, VAD } from '../fixtures/timeline.js';
import { createEar, type Ear } from './ear.js';
import { speechOf } from './speech.js';
import type { TimelineEvent } from './timeline.js';

const RATE = 16_000;
const samples = (ms: number, value: number): Int16Array => new Int16Array((ms * RATE) / 1_000).fill(value);
/** What comes: sound or silence of so many ms, or that the rest is to be dropped; so long after what came before. */
const coming = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 400 }), kind: fc.constantFrom('loud', 'loud', 'silent', 'clear'), ms: fc.integer({ min: 1, max: 300 }) }), { maxLength: 40 });
type Coming = (typeof coming extends fc.Arbitrary<infer T> ? T : never)[number];

function hear(all: readonly Coming[]): { readonly ear: Ear; readonly events: readonly TimelineEvent[]; readonly nowMs: number } {
  const ear = createEar(RATE, VAD);
  const events: TimelineEvent[] = [];
  let nowMs = 0;
  for (const { afterMs, kind, ms } of all) {
    nowMs += afterMs;
    if (kind === 'clear') events.push({ atMs: nowMs, type: 'clear', droppedMs: ear.clear(nowMs) });
    else ear.arrive(samples(ms, kind === 'loud' ? 8_000 : 0), nowMs);
  }
  return { ear, events, nowMs };
}

describe('the playout clock', () => {
  it('plays each piece when it is there and the one before is over', () => {
    fc.assert(fc.property(coming, (all) => {
      const pieces = all.filter(({ kind }) => kind !== 'clear');
      const { ear } = hear(all.map((each) => (each.kind === 'clear' ? { ...each, kind: 'silent', ms: 0 } : each)));
      let [nowMs, overMs] = [0, 0];
      const expected = all.flatMap(({ afterMs, kind, ms }) => {
        nowMs += afterMs;
        if (kind === 'clear') return [];
        const playsMs = Math.max(nowMs, overMs);
        overMs = playsMs + ms;
        return [{ arrivedMs: nowMs, playsMs, lastsMs: ms, playedMs: ms }];
      });
      expect(ear.chunks().map(({ levels: _, ...times }) => times)).toEqual(expected);
      expect(pieces).toHaveLength(expected.length);
      expect(ear.overMs()).toBe(overMs);
    }));
  });

  it('drops on clear what was not played, and nothing else', () => {
    fc.assert(fc.property(coming, (all) => {
      const { ear, events } = hear(all);
      const chunks = ear.chunks();
      const dropped = events.reduce((sum, event) => sum + (event.type === 'clear' ? event.droppedMs : 0), 0);
      expect(chunks.reduce((sum, { lastsMs, playedMs }) => sum + lastsMs - playedMs, 0)).toBeCloseTo(dropped, 6);
      for (const { arrivedMs, playsMs, playedMs } of chunks) {
        expect(playsMs).toBeGreaterThanOrEqual(arrivedMs);
        // What came before a clear is silent after it.
        for (const { atMs } of events) if (arrivedMs < atMs && playedMs > 0) expect(playsMs + playedMs).toBeLessThanOrEqual(atMs);
      }
      // Nothing plays over anything else.
      const played = chunks.filter(({ playedMs }) => playedMs > 0);
      for (const [index, { playsMs }] of played.entries()) expect(playsMs).toBeGreaterThanOrEqual((played[index - 1]?.playsMs ?? 0) + (played[index - 1]?.playedMs ?? 0) - 1e-6);
    }));
  });

  it('plays the rest of a queue no more after a clear, and new sound at once', () => {
    const ear = createEar(RATE, VAD);
    for (let index = 0; index < 200; index += 1) ear.arrive(samples(20, 8_000), 100);
    expect(ear.overMs()).toBe(4_100);
    expect(ear.clear(2_110)).toBe(1_990);
    ear.arrive(samples(500, 8_000), 2_600);
    expect(ear.segments(4_000)).toEqual([{ startMs: 100, endMs: 2_110, isOpen: false }, { startMs: 2_600, endMs: 3_100, isOpen: false }]);
    expect(ear.clear(3_600)).toBe(0);
  });

  it('hears while it goes on what is found in the end', () => {
    fc.assert(fc.property(coming, fc.integer({ min: 1, max: 60 }), (all, everyMs) => {
      const ear = createEar(RATE, VAD);
      const events: TimelineEvent[] = [];
      let nowMs = 0;
      for (const { afterMs, kind, ms } of all) {
        for (const until = nowMs + afterMs; nowMs < until; nowMs = Math.min(until, nowMs + everyMs)) ear.segments(nowMs);
        if (kind === 'clear') events.push({ atMs: nowMs, type: 'clear', droppedMs: ear.clear(nowMs) });
        else ear.arrive(samples(ms, kind === 'loud' ? 8_000 : 0), nowMs);
      }
      const endMs = Math.max(nowMs, ear.overMs()) + 1_000;
      const online = ear.segments(endMs);
      expect(speechOf(conversation([], [], { chunks: ear.chunks(), events, endMs })).map(({ startMs, endMs: until, isOpen }) => ({ startMs, endMs: until, isOpen }))).toEqual(online);
    }));
  });

  it('gives what was played in a span, sample for sample', () => {
    const ear = createEar(RATE, VAD);
    ear.arrive(samples(30, 1), 100);
    ear.arrive(samples(30, 2), 105);
    ear.arrive(samples(30, 3), 300);
    ear.clear(310);
    const at = (played: Int16Array, ms: number): number | undefined => played[Math.floor((ms * RATE) / 1_000)];
    const played = ear.played(90, (300 * RATE) / 1_000);
    expect([0, 9.9, 10, 39.9, 40, 69.9, 70, 209.9, 210, 219.9, 220].map((ms) => at(played, ms))).toEqual([0, 0, 1, 1, 2, 2, 0, 0, 3, 3, 0]);
    expect([...new Set(ear.played(110, 16))]).toEqual([1]);
    expect([...ear.played(1_000, 4)]).toEqual([0, 0, 0, 0]);
  });
});

describe('where speech is heard', () => {
  /** A clip with speech from 400 to 1,400 ms, in frames of 20 ms as they would come. */
  const heardWith = (noise: number, vad = VAD): readonly number[] => {
    const random = randomFrom(3);
    const clip = Int16Array.from({ length: (2_000 * RATE) / 1_000 }, (_, index) => {
      const ms = (index * 1_000) / RATE;
      return Math.round((ms >= 400 && ms < 1_400 ? 6_000 * Math.sin((2 * Math.PI * 180 * index) / RATE) : 0) + (random() * 2 - 1) * noise * Math.sqrt(3));
    });
    const ear = createEar(RATE, vad);
    for (let at = 0; at < 2_000; at += 20) ear.arrive(clip.subarray((at * RATE) / 1_000, ((at + 20) * RATE) / 1_000), 1_000 + at);
    return ear.segments(4_000).flatMap(({ startMs, endMs }) => [startMs - 1_400, endMs - 2_400]);
  };

  it('within 10 ms on a clean line, and within 30 ms over noise 10 dB under it', () => {
    const clean = heardWith(0);
    expect(clean).toHaveLength(2);
    for (const error of clean) expect(Math.abs(error)).toBeLessThanOrEqual(10);
    // 6,000 at its peak is 4,243 (−17.8 dB) on the mean; the noise lies at −27.8 dB, and the thresholds above it.
    const noisy = heardWith(1_342, { ...VAD, onDb: -22, offDb: -24 });
    expect(noisy).toHaveLength(2);
    for (const error of noisy) expect(Math.abs(error)).toBeLessThanOrEqual(30);
  });
});
