import { describe, expect, it } from 'vitest';
import { chunk, conversation, turn } from '../fixtures/timeline.js';
import { conversationFiguresOf, type Figures } from './measure.js';
import type { SaidTurn, Timeline } from './timeline.js';

type Speech = readonly (readonly [number, number])[];
const figuresOf = (turns: readonly SaidTurn[], speech: Speech, more: Partial<Timeline> = {}): Figures => conversationFiguresOf(conversation(turns, speech, more));
const cut = (more: Partial<SaidTurn> = {}): SaidTurn => turn(3_000, 3_600, { expect: 'stop', lastsMs: 6_000, ...more });
const of = ({ measurements }: Figures, metric: string): readonly unknown[] => measurements.filter((each) => each.metric === `voice.${metric}`).map(({ value }) => value);

describe('a turn that cuts in', () => {
  it('passes when the assistant stops in time and answers', () => {
    const figures = figuresOf([cut()], [[1_000, 3_400], [4_100, 6_000]]);
    expect(figures.turns).toMatchObject([{ verdict: 'pass', stopMs: 400, yielded: true, latencyMs: 500, whileSpeaking: true }]);
    expect([of(figures, 'bargeInYield'), of(figures, 'bargeInStop'), of(figures, 'recovery')]).toEqual([[true], [400], [500]]);
  });

  it.each<readonly [string, Partial<SaidTurn>, Speech, Partial<Timeline>, string]>([
    ['the assistant was not speaking', {}, [[1_000, 2_500], [4_100, 6_000]], {}, 'the assistant was not speaking when the user cut in'],
    ['nothing was said at all', {}, [], {}, 'the assistant was not speaking when the user cut in'],
    ['its speech came to its natural end', { lastsMs: 2_500 }, [[1_000, 3_400], [4_100, 6_000]], {}, 'its speech came to its own end'],
    ['nobody knows how long it would have lasted', { lastsMs: null }, [[1_000, 3_400], [4_100, 6_000]], {}, 'its speech ended soon after, and nothing shows that it did not just come to its end: give lastsMs'],
    ['the conversation ended too soon', {}, [[1_000, 9_000]], { endMs: 4_500 }, 'the conversation ended before the assistant had to have stopped'],
  ])('is inconclusive when %s', (_, more, speech, timeline, reason) => {
    const figures = figuresOf([cut(more)], speech, timeline);
    expect(figures.turns).toMatchObject([{ verdict: 'inconclusive', reason }]);
    expect([of(figures, 'bargeInYield'), of(figures, 'bargeInStop'), of(figures, 'recovery'), of(figures, 'turnInconclusive')]).toEqual([[], [], [], [true]]);
  });

  it('needs no length where speech was cleared away', () => {
    const chunks = [chunk(1_000, 6_000, -20, { playedMs: 2_300 }), chunk(4_100, 1_000)];
    const figures = figuresOf([cut({ lastsMs: null })], [], { chunks, events: [{ atMs: 3_300, type: 'clear', droppedMs: 3_700 }] });
    expect(figures.turns).toMatchObject([{ verdict: 'pass', stopMs: 300, stopArrivalMs: -2_000, yielded: true }]);
  });

  it('fails when the assistant speaks on, also until the very end', () => {
    const on = figuresOf([cut()], [[1_000, 5_500], [6_000, 7_000]]);
    expect(on.turns).toMatchObject([{ verdict: 'fail', reason: 'it spoke on for 2500 ms', yielded: false, stopMs: 2_500 }]);
    expect([of(on, 'bargeInYield'), of(on, 'bargeInStop'), of(on, 'recovery')]).toEqual([[false], [2_500], []]);
    const open = figuresOf([cut()], [[1_000, 20_000]], { endMs: 8_000 });
    expect(open.turns).toMatchObject([{ verdict: 'fail', reason: 'it spoke on for at least 5000 ms', yielded: false, stopMs: null }]);
    expect(of(open, 'bargeInStop')).toEqual([null]);
  });

  it('fails when it stops and says nothing more; not when there was no time to', () => {
    const mute = figuresOf([cut()], [[1_000, 3_400]]);
    expect(mute.turns).toMatchObject([{ verdict: 'fail', reason: 'it stopped, and gave no answer within 5000 ms', yielded: true }]);
    expect([of(mute, 'bargeInYield'), of(mute, 'recovery')]).toEqual([[true], [null]]);
    const soon = figuresOf([cut(), turn(5_000, 6_000)], [[1_000, 3_400], [6_500, 7_000]]);
    expect(soon.turns).toMatchObject([{ verdict: 'pass', yielded: true, latencyMs: null }, { verdict: 'pass' }]);
    expect([of(soon, 'bargeInYield'), of(soon, 'recovery')]).toEqual([[true], []]);
  });
});
