import { describe, expect, it } from 'vitest';
import { conversation, turn } from '../fixtures/timeline.js';
import type { ConversationFigures } from './conversation-figures.js';
import { conversationFiguresOf } from './measure.js';
import type { SaidTurn, Timeline, TimelineEvent } from './timeline.js';

type Speech = readonly (readonly [number, number])[];
const figuresOf = (turns: readonly SaidTurn[], speech: Speech, more: Partial<Timeline> = {}): ConversationFigures => conversationFiguresOf(conversation(turns, speech, more)).conversation;
const claim = (atMs: number, isSpeaking: boolean): TimelineEvent => ({ type: 'claim', atMs, isSpeaking });

describe('greeting', () => {
  it('is the first speech before the user has spoken', () => {
    expect(figuresOf([turn(5_000, 6_000)], [[1_200, 2_000], [6_500, 7_000]]).greetingMs).toBe(1_200);
    expect(figuresOf([turn(1_000, 2_000)], [[2_400, 3_000]]).greetingMs).toBeNull();
    expect(figuresOf([], [[700, 3_000]]).greetingMs).toBe(700);
    expect(figuresOf([], []).greetingMs).toBeNull();
  });
});

describe('dead air', () => {
  it('is silence that the assistant should have broken: total, longest, long ones, and ordinary waiting apart', () => {
    const turns = [turn(1_000, 2_000), turn(12_000, 13_000)];
    // Waits of 800 and 3,500 ms, and 1,000 ms in the middle of an answer; the 4 s before the second turn are the user's.
    const figures = figuresOf(turns, [[2_800, 4_000], [5_000, 8_000], [16_500, 18_000]]);
    expect(figures).toMatchObject({ deadAirMs: 800 + 1_000 + 3_500, longestDeadAirMs: 3_500, longGaps: 1, answerGapsMs: 4_300, spanMs: 17_000 });
  });

  it('is no wait of which the other speaks, and no overlap counts twice', () => {
    expect(figuresOf([turn(1_000, 3_000)], [[2_000, 4_000]])).toMatchObject({ deadAirMs: 0, longestDeadAirMs: 0, longGaps: 0, answerGapsMs: 0, spanMs: 3_000 });
    expect(figuresOf([], [])).toMatchObject({ deadAirMs: 0, spanMs: 0 });
  });

  it.each([
    ['the user who repeats himself', [turn(1_000, 2_000), turn(7_100, 8_000, { trigger: 'silence' })], [[8_500, 9_000]], 5_100 + 500],
    ['the script, where an answer was owed', [turn(1_000, 2_000), turn(8_000, 9_000)], [[9_500, 10_000]], 6_000 + 500],
    ['the end', [turn(1_000, 2_000)], [], 5_000],
  ] as const)('goes on where no answer came until it is broken by %s', (_, turns, speech, deadAirMs) => {
    expect(figuresOf(turns, speech)).toMatchObject({ deadAirMs, longGaps: 1 });
  });

  it('goes on, too, after a turn that could not be judged, when the user speaks again because nothing came', () => {
    const cut = turn(2_000, 2_600, { expect: 'stop' });
    expect(figuresOf([cut, turn(7_800, 8_000, { trigger: 'silence' })], [[1_000, 1_500], [8_500, 9_000]])).toMatchObject({ deadAirMs: 5_200 + 500, longGaps: 1 });
    expect(figuresOf([cut, turn(7_800, 8_000)], [[1_000, 1_500], [8_500, 9_000]])).toMatchObject({ deadAirMs: 500, longGaps: 0 });
  });

  it('finds the figures of a turn also behind one that was not said', () => {
    const missed = { ...turn(0, 0), trigger: 'missed', onsetMs: null, endMs: null } as const;
    expect(figuresOf([missed, turn(1_000, 2_000)], [[2_700, 3_000]])).toMatchObject({ answerGapsMs: 700, deadAirMs: 700 });
  });
});

describe('reprompts', () => {
  it('are speech after a long silence in which the user said nothing', () => {
    const asked: Speech = [[1_000, 2_000], [6_000, 7_000], [11_000, 12_000]];
    expect(figuresOf([], asked).reprompts).toBe(2);
    expect(figuresOf([turn(5_000, 5_500)], asked).reprompts).toBe(1);
    expect(figuresOf([], [[1_000, 2_000], [5_000, 6_000]]).reprompts).toBe(0);
  });
});

describe('what the assistant says of its speaking', () => {
  it.each<readonly [string, Speech, TimelineEvent, readonly boolean[]]>([
    ['it speaks, and is heard', [[1_000, 3_000]], claim(900, true), [false]],
    ['it speaks, and is heard at once but late', [[1_499, 3_000]], claim(1_000, true), [false]],
    ['it speaks, and is not heard', [[1_500, 3_000]], claim(1_000, true), [true]],
    ['it has stopped, and has', [[1_000, 3_000]], claim(2_600, false), [false]],
    ['it has stopped, and is heard on', [[1_000, 3_000]], claim(2_400, false), [true]],
    ['it has stopped, and was silent anyway', [[1_000, 2_000]], claim(2_400, false), [false]],
  ])('%s', (_, speech, event, expected) => {
    expect(figuresOf([], speech, { events: [event] }).wrongClaims).toEqual(expected);
  });

  it('is not judged where the conversation ended before it could be told', () => {
    expect(figuresOf([], [], { events: [claim(9_700, true)], endMs: 10_000 }).wrongClaims).toEqual([]);
    expect(figuresOf([], [], { events: [claim(9_500, true)], endMs: 10_000 }).wrongClaims).toEqual([true]);
  });
});
