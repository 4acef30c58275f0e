import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunk, conversation, turn, WINDOWS } from '../fixtures/timeline.js';
import { conversationFiguresOf } from './measure.js';
import type { SaidTurn, Timeline } from './timeline.js';
import type { TurnFigures } from './turn.js';

type Speech = readonly (readonly [number, number])[];
const judge = (turns: readonly SaidTurn[], speech: Speech, more: Partial<Timeline> = {}): readonly TurnFigures[] => conversationFiguresOf(conversation(turns, speech, more)).turns;
const only = (given: SaidTurn, speech: Speech, more: Partial<Timeline> = {}): TurnFigures | undefined => judge([given], speech, more)[0];
const values = (turns: readonly SaidTurn[], speech: Speech, metric: string): readonly unknown[] =>
  conversationFiguresOf(conversation(turns, speech)).measurements.filter((each) => each.metric === `voice.${metric}`).map(({ value }) => value);

describe('a turn that is to be answered', () => {
  it('keeps latencies below zero, and counts the missed ones: {−1.2, −0.3, 0.4, 0.6, 0.9, none, none}', () => {
    const latencies = [-1_200, -300, 400, 600, 900, undefined, undefined];
    const turns = latencies.map((latency, index) => turn(index * 20_000 + 2_000, index * 20_000 + 4_000, { trigger: index > 0 && latencies[index - 1] === undefined ? 'silence' : 'anchor' }));
    const speech: Speech = latencies.flatMap((latency, index) => (latency === undefined ? [] : [[index * 20_000 + 4_000 + latency, index * 20_000 + 7_000] as const]));
    const timeline = conversation(turns, speech, { endMs: 160_000 });
    const { measurements, turns: figures } = conversationFiguresOf(timeline);
    const all = (metric: string): readonly unknown[] => measurements.filter((each) => each.metric === metric).map(({ value }) => value);
    expect(all('voice.turnLatency')).toEqual([-1_200, -300, 400, 600, 900, null, null]);
    expect(all('voice.turnMissed')).toEqual([false, false, false, false, false, true, true]);
    expect(all('voice.turnEarly')).toEqual([true, true, false, false, false, false, false]);
    expect(figures.filter(({ verdict }) => verdict === 'pass')).toHaveLength(3);
    expect(figures.map(({ reason }) => reason)).toEqual([
      'the answer began 1200 ms before the user had ended', 'the answer began 300 ms before the user had ended', '', '', '', 'no answer within 5000 ms', 'no answer within 5000 ms',
    ]);
  });

  it('has a latency that is never clamped, whatever it is', () => {
    fc.assert(fc.property(fc.integer({ min: -950, max: 4_999 }), (latency) => {
      const startMs = 3_000 + latency;
      expect(only(turn(2_000, 3_000), [[startMs, startMs + 2_000]])).toMatchObject({ latencyMs: latency, early: latency < 0, answered: true, verdict: latency < 0 ? 'fail' : 'pass' });
    }));
  });

  it('is missed by an answer that is too late, and not told when there was no time for one', () => {
    expect(only(turn(0, 1_000), [[6_001, 7_000]])).toMatchObject({ verdict: 'fail', answered: false, latencyMs: null });
    expect(only(turn(0, 1_000), [[6_000, 7_000]])).toMatchObject({ verdict: 'pass', latencyMs: 5_000 });
    expect(only(turn(0, 1_000, { withinMs: 8_000 }), [[6_001, 7_000]])).toMatchObject({ verdict: 'pass', latencyMs: 5_001 });
    expect(only(turn(0, 1_000), [], { endMs: 5_900 })).toMatchObject({ verdict: 'inconclusive', answered: null, reason: 'the next turn, or the end, came before an answer was due' });
    expect(judge([turn(0, 1_000), turn(5_900, 7_000)], [[8_000, 9_000]])).toMatchObject([{ verdict: 'inconclusive', answered: null }, { verdict: 'pass', latencyMs: 1_000 }]);
    // The user speaks again because no answer came: his frames decide, which may have been sent a little earlier or later.
    expect(judge([turn(0, 1_000), turn(5_990, 7_000, { trigger: 'silence' })], [[8_000, 9_000]])).toMatchObject([{ verdict: 'fail', answered: false }, { verdict: 'pass' }]);
  });

  it('takes no measurement of what cannot be told', () => {
    expect(values([turn(0, 1_000), turn(4_000, 5_000)], [[5_500, 6_000]], 'turnMissed')).toEqual([false]);
    expect(values([turn(0, 1_000), turn(4_000, 5_000)], [[5_500, 6_000]], 'turnLatency')).toEqual([500]);
    expect(values([turn(0, 1_000), turn(4_000, 5_000)], [[5_500, 6_000]], 'turnInconclusive')).toEqual([true, false]);
    expect(values([turn(0, 1_000)], [], 'turnSilence')).toEqual([null]);
  });

  it('tells a pause that was taken from an answer that is early, and a mere noise from an answer', () => {
    const paused = turn(1_000, 4_000, { pauses: [{ fromMs: 2_000, toMs: 2_700, ms: 700 }] });
    expect(only(paused, [[2_400, 2_800], [4_500, 6_000]])).toMatchObject({ verdict: 'fail', reason: "it took the turn in the user's pause of 700 ms", early: false, latencyMs: 500, interruptions: 0, talkOverMs: 100, pauses: [{ ms: 700, isTaken: true }] });
    expect(only(paused, [[2_400, 6_000]])).toMatchObject({ verdict: 'fail', early: false, latencyMs: -1_600, talkOverMs: 1_300 });
    expect(only(paused, [[3_000, 3_400], [4_500, 6_000]])).toMatchObject({ verdict: 'pass', interruptions: 1, latencyMs: 500, talkOverMs: 400, pauses: [{ isTaken: false }] });
    expect(only(paused, [[4_500, 6_000]])).toMatchObject({ verdict: 'pass', interruptions: 0, talkOverMs: 0 });
  });

  it('has the longest silence until the end of the answer, of which later parts belong to it', () => {
    expect(only(turn(0, 1_000, { withinMs: 20_000 }), [[1_800, 2_800], [12_000, 14_000]])).toMatchObject({ latencyMs: 800, silenceMs: 9_200, answerMs: 1_000 });
    expect(only(turn(0, 1_000), [[1_800, 2_800], [12_000, 14_000]])).toMatchObject({ silenceMs: 800 });
    expect(judge([turn(0, 1_000), turn(5_000, 6_000)], [[1_800, 2_800], [6_400, 8_000]])).toMatchObject([{ silenceMs: 800 }, { silenceMs: 400 }]);
  });

  it('shows arrival beside what is heard: leading silence, and sound that waits its turn', () => {
    const chunks = [chunk(1_300, 400, -90), chunk(1_310, 600, -20, { playsMs: 1_700 })];
    expect(only(turn(0, 1_000), [], { chunks })).toMatchObject({ latencyMs: 700, latencyArrivalMs: 310, firstByteMs: 300, leadingSilenceMs: 400 });
    // Sound comes all the time, as on a telephone: there is no first byte.
    const always = [chunk(0, 1_700, -90), chunk(1_700, 600)];
    expect(only(turn(0, 1_000), [], { chunks: always })).toMatchObject({ latencyMs: 700, firstByteMs: null, leadingSilenceMs: null });
  });

  it('fails for the words and the intent that it lacks', () => {
    expect(only(turn(0, 1_000, { hasText: false, hasIntent: false }), [[1_500, 2_000]])).toMatchObject({ verdict: 'fail', reason: 'the reply lacks the words that were asked for; the intent is another one' });
    expect(values([turn(0, 1_000, { hasText: true })], [[1_500, 2_000]], 'turnText')).toEqual([true]);
  });
});

describe('a turn that was not said', () => {
  it.each(['missed', 'unreached'] as const)('%s: inconclusive with a reason, and no sample but that', (trigger) => {
    const unsaid = { ...turn(0, 0), trigger, onsetMs: null, endMs: null };
    const { turns, measurements } = conversationFiguresOf(conversation([unsaid], []));
    expect(turns[0]).toMatchObject({ verdict: 'inconclusive', reason: trigger === 'missed' ? 'what it waited for never came' : 'the conversation was over before its turn' });
    expect(measurements.filter(({ labels }) => labels['class'] !== undefined)).toEqual([{ metric: 'voice.turnInconclusive', value: true, labels: { turn: 'at0', class: 'speech' } }]);
  });
});

describe('windows', () => {
  it('decide, as the timeline has them', () => {
    const cut = turn(2_000, 2_500, { expect: 'stop', lastsMs: 9_000 });
    const windows = { ...WINDOWS, stopMs: 400 };
    expect(only(cut, [[1_000, 2_500], [3_000, 4_000]])).toMatchObject({ verdict: 'pass', stopMs: 500 });
    expect(only(cut, [[1_000, 2_500], [3_000, 4_000]], { windows })).toMatchObject({ verdict: 'fail', yielded: false, stopMs: 500 });
  });
});
