import { describe, expect, it } from 'vitest';
import { brokenLimits, DEAD, GOOD, MUTATIONS, PLANS } from '../fixtures/agent/misbehaviours.js';
import { holdVirtually } from '../fixtures/agent/virtual.js';
import { randomFrom } from '../fixtures/random.js';
import { conversationFiguresOf } from './measure.js';

const verdicts = (turns: readonly { readonly verdict: string }[]): readonly (readonly [string | undefined, string])[] => turns.map(({ verdict }, index) => [PLANS[index]?.id, verdict]);

describe('one script, held with assistants that do one thing wrong', () => {
  it('a good one passes every turn and keeps every limit', async () => {
    const { timeline, error } = await holdVirtually(GOOD, PLANS);
    expect(error).toBeUndefined();
    const { turns, measurements } = conversationFiguresOf(timeline);
    expect(turns.map(({ reason }) => reason)).toEqual(PLANS.map(() => ''));
    expect(verdicts(turns)).toEqual(PLANS.map(({ id }) => [id, 'pass']));
    expect(brokenLimits(measurements)).toEqual([]);
  });

  it.each(MUTATIONS.map((mutation) => [mutation.name, mutation] as const))('one that %s moves its own metrics and no others', async (_, { script, moves, fails }) => {
    const { timeline, error } = await holdVirtually({ ...GOOD, ...script }, PLANS);
    expect(error).toBeUndefined();
    const { turns, measurements } = conversationFiguresOf(timeline);
    expect(brokenLimits(measurements)).toEqual([...moves].sort());
    expect(verdicts(turns)).toEqual(PLANS.map(({ id }) => [id, fails.includes(id) ? 'fail' : 'pass']));
  });

  it.each([1, 2, 3, 4])('a sender that is late itself now and then changes no verdict (%d)', async (seed) => {
    const random = randomFrom(seed);
    const { timeline, error } = await holdVirtually(GOOD, PLANS, {}, () => (random() < 0.04 ? random() * 150 : random()));
    expect(error).toBeUndefined();
    expect(Math.max(...timeline.sentMs.map((at, index) => at - index * 20))).toBeGreaterThan(100);
    expect(conversationFiguresOf(timeline).turns.map(({ reason }) => reason)).toEqual(PLANS.map(() => ''));
  });

  it('a dead line is an error', async () => {
    const { error, timeline } = await holdVirtually(DEAD, PLANS);
    expect(error).toMatchObject({ code: 'REALOPS_TARGET_FAILED', message: expect.stringMatching(/^nothing at all came from the assistant since \d+\.\d s, and turns since then had no answer: ask, last$/u) });
    // What there was stands in the timeline.
    expect(timeline.turns.map(({ trigger }) => trigger)).toEqual(['anchor', 'anchor', 'anchor', 'anchor', 'anchor', 'silence', 'anchor', 'silence']);
  });
});
