import { describe, expect, it } from 'vitest';
import { conversation, turn } from '../fixtures/timeline.js';
import { conversationFiguresOf, type Figures } from './measure.js';
import type { SaidTurn, Timeline } from './timeline.js';

type Speech = readonly (readonly [number, number])[];
const figuresOf = (turns: readonly SaidTurn[], speech: Speech, more: Partial<Timeline> = {}): Figures => conversationFiguresOf(conversation(turns, speech, more));
const cough = (more: Partial<SaidTurn> = {}): SaidTurn => turn(3_000, 3_300, { expect: 'ignore', class: 'cough', says: 'sound', lastsMs: 6_000, ...more });
const of = ({ measurements }: Figures, metric: string): readonly unknown[] => measurements.filter((each) => each.metric === `voice.${metric}`).map(({ value, labels }) => [labels['class'], value]);

describe('a sound to be ignored while the assistant speaks', () => {
  it('passes when it speaks on, whatever comes later', () => {
    const figures = figuresOf([cough()], [[1_000, 4_301]]);
    expect(figures.turns).toMatchObject([{ verdict: 'pass', ignored: true, whileSpeaking: true }]);
    expect([of(figures, 'ignored'), of(figures, 'falseBargeIn'), of(figures, 'spurious'), of(figures, 'resumed')]).toEqual([[['cough', true]], [['cough', false]], [], []]);
  });

  it.each([
    ['and never speaks on', [[1_000, 3_400]], false, 'it stopped 400 ms after it began, and did not speak on'],
    ['and speaks on', [[1_000, 3_400], [5_000, 7_000]], true, 'it stopped 400 ms after it began, and spoke on later'],
    ['and speaks on too late', [[1_000, 3_400], [5_401, 7_000]], false, 'it stopped 400 ms after it began, and did not speak on'],
  ] as const)('fails when it stops %s', (_, speech, resumed, reason) => {
    const figures = figuresOf([cough()], speech);
    expect(figures.turns).toMatchObject([{ verdict: 'fail', ignored: false, resumed, reason, stopMs: 400 }]);
    expect([of(figures, 'ignored'), of(figures, 'falseBargeIn'), of(figures, 'resumed')]).toEqual([[['cough', false]], [['cough', true]], [['cough', resumed]]]);
  });

  it('does not say whether it would have spoken on when the user did', () => {
    expect(figuresOf([cough(), turn(4_000, 5_000)], [[1_000, 3_400], [5_500, 6_000]]).turns[0]).toMatchObject({ verdict: 'fail', ignored: false, resumed: null });
  });

  it.each<readonly [string, Partial<SaidTurn>, readonly SaidTurn[], Speech, Partial<Timeline>, string]>([
    ['its speech came to its natural end', { lastsMs: 2_500 }, [], [[1_000, 3_400]], {}, 'its speech came to its own end'],
    ['nobody knows how long it would have lasted', { lastsMs: null }, [], [[1_000, 3_400]], {}, 'its speech ended soon after, and nothing shows why: give lastsMs'],
    ['the conversation ended too soon', {}, [], [[1_000, 9_000]], { endMs: 4_000 }, 'the conversation ended before it could be told'],
    ['the user cut in before it could be told', {}, [turn(3_500, 4_000, { expect: 'stop', lastsMs: 6_000 })], [[1_000, 3_900], [4_400, 5_000]], {}, 'it went on until the next turn, which came before it could be told'],
  ])('is inconclusive when %s', (_, more, others, speech, timeline, reason) => {
    const figures = figuresOf([cough(more), ...others], speech, timeline);
    expect(figures.turns[0]).toMatchObject({ verdict: 'inconclusive', reason, ignored: null });
    expect(of(figures, 'ignored')).toEqual([]);
  });
});

describe('a sound to be ignored in silence', () => {
  it('passes when nothing comes of it', () => {
    const figures = figuresOf([cough()], [[500, 1_500], [9_000, 9_500]]);
    expect(figures.turns).toMatchObject([{ verdict: 'pass', ignored: true, whileSpeaking: false }]);
    expect([of(figures, 'spurious'), of(figures, 'falseBargeIn')]).toEqual([[['cough', false]], []]);
  });

  it('fails when the assistant answers it', () => {
    const figures = figuresOf([cough()], [[500, 1_500], [4_000, 5_000]]);
    expect(figures.turns).toMatchObject([{ verdict: 'fail', ignored: false, reason: 'it answered after 700 ms' }]);
    expect(of(figures, 'spurious')).toEqual([['cough', true]]);
  });

  it('does not take the answer to a question for an answer to the cough after it', () => {
    expect(figuresOf([turn(1_000, 2_500), cough()], [[4_000, 5_000]]).turns).toMatchObject([{ verdict: 'pass', latencyMs: 1_500 }, { verdict: 'pass', ignored: true }]);
  });

  it.each<readonly [string, readonly SaidTurn[], Speech, Partial<Timeline>, string]>([
    ['the assistant may only have paused between two sentences', [], [[500, 2_700], [3_600, 5_000]], {}, 'it had spoken until 900 ms before it spoke again: that may be the rest of the same'],
    ['the next turn comes before it could be told', [turn(4_000, 5_000)], [[6_000, 7_000]], {}, 'the next turn, or the end, came before it could be told'],
    ['the end comes before it could be told', [], [], { endMs: 5_000 }, 'the next turn, or the end, came before it could be told'],
  ])('is inconclusive when %s', (_, others, speech, timeline, reason) => {
    expect(figuresOf([cough(), ...others], speech, timeline).turns[0]).toMatchObject({ verdict: 'inconclusive', reason, ignored: null });
  });

  it('is no echo when nothing was playing', () => {
    expect(figuresOf([cough({ says: 'echo', class: 'echo' })], []).turns[0]).toMatchObject({ verdict: 'inconclusive', reason: 'the assistant was silent, so nothing of it could be heard again' });
  });
});
