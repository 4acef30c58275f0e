import type { Picture, PictureLane } from '@alice/realops/plugin';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunk, conversation, turn } from '../fixtures/timeline.js';
import { conversationFiguresOf } from './measure.js';
import { pictureOf } from './picture.js';
import type { SaidTurn, Timeline, TimelineEvent } from './timeline.js';

const judged = (timeline: Timeline): Picture => pictureOf(timeline, conversationFiguresOf(timeline));
const laneOf = ({ lanes }: Picture, name: string): PictureLane => lanes.find((lane) => lane.name === name) ?? { name: 'none' };

describe('the picture of a conversation', () => {
  it('has what the user said by verdict, what was heard, and the time in between', () => {
    const picture = judged(conversation([turn(1_000, 2_000, { id: 'ask' }), turn(8_000, 9_000, { id: 'gone' })], [[2_840, 4_000]]));
    expect(laneOf(picture, 'user').spans).toEqual([{ fromMs: 1_000, toMs: 2_000, tone: 'good', label: 'ask' }, { fromMs: 8_000, toMs: 9_000, tone: 'bad', label: 'gone' }]);
    expect(laneOf(picture, 'assistant, heard').spans).toEqual([{ fromMs: 2_840, toMs: 4_000 }]);
    expect(laneOf(picture, 'answer after').spans).toEqual([{ fromMs: 2_000, toMs: 2_840, tone: 'good', label: '840 ms' }, { fromMs: 9_000, toMs: 14_000, tone: 'bad', label: 'gone: no answer' }]);
    expect(picture.lanes.some(({ name }) => name === 'silent after')).toBe(false);
  });

  it('shows pauses, an answer that came too early, and one who was cut into', () => {
    const paused = turn(1_000, 3_000, { id: 'think', pauses: [{ fromMs: 1_500, toMs: 2_100, ms: 600 }] });
    const early = judged(conversation([paused], [[2_400, 6_000]]));
    expect(laneOf(early, 'user').spans?.map(({ fromMs, toMs, tone, label }) => [fromMs, toMs, tone, label])).toEqual([[1_000, 1_500, 'bad', 'think'], [1_500, 2_100, 'muted', 'pause 600 ms'], [2_100, 3_000, 'bad', '']]);
    expect(laneOf(early, 'answer after').spans).toEqual([{ fromMs: 2_400, toMs: 3_000, tone: 'bad', label: '-600 ms' }]);
    const cut = judged(conversation([turn(2_000, 2_600, { id: 'cut', expect: 'stop', lastsMs: 6_000 })], [[1_000, 2_420], [3_000, 4_000]]));
    expect(laneOf(cut, 'user').spans?.[0]?.label).toBe('cut: cuts in');
    expect(laneOf(cut, 'silent after').spans).toEqual([{ fromMs: 2_000, toMs: 2_420, tone: 'good', label: '420 ms' }]);
  });

  it('shows sound that came at once before it was heard, and what was cleared away', () => {
    const chunks = [chunk(1_000, 1_000), chunk(1_010, 1_000, -20, { playsMs: 2_000 }), chunk(1_020, 1_000, -20, { playsMs: 3_000, playedMs: 400 }), chunk(8_000, 20)];
    const events: TimelineEvent[] = [{ atMs: 3_400, type: 'clear', droppedMs: 600 }, { atMs: 3_400, type: 'claim', isSpeaking: false }, { atMs: 5_000, type: 'said' }, { atMs: 5_000, type: 'intent' }];
    const picture = judged({ ...conversation([], []), chunks, events });
    expect(laneOf(picture, 'sound arrives').spans).toEqual([{ fromMs: 1_000, toMs: 1_020, label: '3.0 s at once, 0.6 s not heard' }, { fromMs: 8_000, toMs: 8_000, label: '' }]);
    expect(laneOf(picture, 'assistant, heard').spans).toEqual([{ fromMs: 1_000, toMs: 3_400 }]);
    expect(laneOf(picture, 'it tells').marks).toEqual([{ atMs: 3_400, label: 'clear, I am silent' }, { atMs: 5_000, label: 'text, intent', tone: 'muted' }]);
  });

  it('marks keys, and turns that were never said', () => {
    const unsaid: Partial<SaidTurn> = { onsetMs: null, endMs: null };
    const picture = judged(conversation([turn(500, 500, { id: 'menu', says: 'digits' }), { ...turn(0, 0, { id: 'lost', trigger: 'missed' }), ...unsaid }, turn(9_000, 9_500), { ...turn(0, 0, { id: 'last', trigger: 'unreached' }), ...unsaid }], []));
    expect(laneOf(picture, 'user').marks).toEqual([{ atMs: 500, tone: 'bad', label: 'menu: keys' }, { atMs: 9_000, tone: 'unclear', label: 'lost: not said' }, { atMs: 60_000, tone: 'unclear', label: 'last: not said' }]);
  });

  it('is without verdicts where the conversation broke off', () => {
    const broken = pictureOf(conversation([turn(1_000, 2_000, { id: 'ask' })], [[2_500, 3_000]], { endMs: 3_000 }));
    expect(laneOf(broken, 'user').spans).toEqual([{ fromMs: 1_000, toMs: 2_000, tone: 'neutral', label: 'ask' }]);
    expect(laneOf(broken, 'answer after').spans).toBeUndefined();
    expect(laneOf(broken, 'assistant, heard').spans).toHaveLength(1);
  });

  it('agrees with the figures: heard speech in order and apart, sums and latencies the same, all inside of the time', () => {
    const gap = fc.integer({ min: 10, max: 3_000 });
    const places = (most: number): fc.Arbitrary<readonly (readonly [number, number])[]> => fc.array(fc.tuple(gap, fc.integer({ min: 60, max: 2_500 })), { maxLength: most }).map((pairs) => {
      let at = 0;
      return pairs.map(([pause, lasts]) => {
        const from = at + pause;
        at = from + lasts;
        return [from, at] as const;
      });
    });
    const expects = fc.constantFrom('respond', 'stop', 'ignore');
    fc.assert(fc.property(places(5), places(8), fc.array(expects, { minLength: 5, maxLength: 5 }), (said, spoken, kinds) => {
      const timeline = conversation(said.map(([from, to], index) => turn(from, to, { id: `t${index}`, expect: kinds[index] ?? 'respond', withinMs: 2_000 })), spoken, { endMs: 40_000 });
      const figures = conversationFiguresOf(timeline);
      const picture = pictureOf(timeline, figures);
      for (const { spans = [], marks = [] } of picture.lanes) {
        for (const { fromMs, toMs } of spans) expect(fromMs >= 0 && fromMs <= toMs && toMs <= picture.durationMs).toBe(true);
        for (const { atMs } of marks) expect(atMs >= 0 && atMs <= picture.durationMs).toBe(true);
      }
      const heard = laneOf(picture, 'assistant, heard').spans ?? [];
      heard.slice(1).forEach(({ fromMs }, index) => expect(fromMs).toBeGreaterThanOrEqual(heard[index]?.toMs ?? 0));
      const sum = (list: readonly number[]): number => list.reduce((all, each) => all + each, 0);
      expect(sum(heard.map(({ fromMs, toMs }) => toMs - fromMs))).toBeCloseTo(sum(figures.speech.map(({ startMs, endMs }) => endMs - startMs)), 6);
      const lengths = (name: string): number => sum((laneOf(picture, name).spans ?? []).filter(({ label }) => label?.endsWith('no answer') === false).map(({ fromMs, toMs }) => toMs - fromMs));
      expect(lengths('answer after')).toBeCloseTo(sum(figures.turns.map(({ latencyMs }) => Math.abs(latencyMs ?? 0))), 3);
      expect(lengths('silent after')).toBeCloseTo(sum(figures.turns.map(({ stopMs }) => stopMs ?? 0)), 3);
    }), { numRuns: 300 });
  });
});
