import { describe, expect, it } from 'vitest';
import { conversation, turn } from '../fixtures/timeline.js';
import { conversationFiguresOf } from './measure.js';
import type { Timeline } from './timeline.js';

/** Two questions that are answered, and one that nobody answers; frames go out on time but for those between the given moments, which are so much late. */
function held(lateMs: number, fromMs: number, untilMs: number): Timeline {
  const sentMs = Array.from({ length: 1_000 }, (_, index) => 7.5 + index * 20).map((due) => (due >= fromMs && due <= untilMs ? due + lateMs : due));
  return conversation([turn(1_000, 2_000), turn(5_000, 6_000), turn(10_000, 11_000)], [[2_500, 4_000], [6_500, 8_000]], { sentMs, endMs: 20_000 });
}
const invalidOf = (timeline: Timeline, metric: string): readonly (string | undefined)[] => conversationFiguresOf(timeline).measurements.filter((each) => each.metric === `voice.${metric}`).map(({ invalid }) => invalid);

describe('a sender that was late itself', () => {
  it('spoils nothing when it was not', () => {
    expect(conversationFiguresOf(held(0, 0, 0)).measurements.filter(({ invalid }) => invalid !== undefined)).toEqual([]);
    expect(conversationFiguresOf(held(19, 0, 20_000)).measurements.filter(({ invalid }) => invalid !== undefined)).toEqual([]);
  });

  it('spoils the times of the turn that it was late in, and of no other', () => {
    const late = held(40, 5_200, 5_400);
    expect(invalidOf(late, 'turnLatency')).toEqual([undefined, 'sender late: p99 40 ms', undefined]);
    expect(invalidOf(late, 'turnMissed')).toEqual([undefined, undefined, undefined]);
    expect(invalidOf(late, 'deadAirLongest')).toEqual([undefined]);
    expect(conversationFiguresOf(late).turns.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'fail']);
    // What is late when the answer is there already is late for nobody.
    expect(invalidOf(held(40, 6_700, 9_500), 'turnLatency')).toEqual([undefined, undefined, undefined]);
  });

  it('makes a turn inconclusive when it was held up so long that it may have missed speech', () => {
    const stalled = held(130, 12_000, 12_100);
    const { turns, measurements } = conversationFiguresOf(stalled);
    expect(turns.map(({ verdict, reason }) => [verdict, reason])).toEqual([['pass', ''], ['pass', ''], ['inconclusive', 'we were held up ourselves for 130 ms, and perhaps therefore no answer within 5000 ms']]);
    expect(measurements.filter(({ labels }) => labels['turn'] === 'at10000').every(({ invalid }) => invalid === 'we were held up ourselves for 130 ms')).toBe(true);
    expect(measurements.filter(({ labels }) => labels['turn'] === 'at1000').some(({ invalid }) => invalid !== undefined)).toBe(false);
    expect(invalidOf(stalled, 'deadAir')).toEqual(['we were held up ourselves for 130 ms']);
    // Half of the silence that ends speech.
    expect(conversationFiguresOf(held(124, 12_000, 12_100)).turns[2]?.verdict).toBe('fail');
  });

  it('is told by its schedule also when its first frame was late', () => {
    expect(invalidOf(held(40, 0, 20), 'turnLatency')).toEqual([undefined, undefined, undefined]);
  });
});
