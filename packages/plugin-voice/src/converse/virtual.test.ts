import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentScript } from '../fixtures/agent/script.js';
import { holdVirtually, planOf, tone } from '../fixtures/agent/virtual.js';
import { conversationFiguresOf } from './measure.js';
import type { Timeline } from './timeline.js';

const agent: AgentScript = { greetingMs: 600, delayMs: 700, eosMs: 400, stopDelayMs: 300, replyMs: 4_000, claims: true };
const plans = [
  planOf('ask', tone(600)),
  planOf('cut', tone(600), { expect: 'stop', lastsMs: 4_000, start: { after: 'agentSpeechStart', delayMs: 1_000 } }),
  planOf('mm', tone(200, 5_000), { expect: 'ignore', class: 'backchannel', lastsMs: 4_000, start: { after: 'agentSpeechStart', delayMs: 800 } }),
  planOf('again', tone(800)),
];

describe('a conversation on a clock that stands still', () => {
  it('is exact', async () => {
    const { timeline, error } = await holdVirtually({ ...agent, bargeInMs: 300 }, plans);
    expect(error).toBeUndefined();
    const { turns, conversation } = conversationFiguresOf(timeline);
    expect(turns.map(({ verdict, latencyMs, stopMs }) => [verdict, latencyMs, stopMs])).toEqual([['pass', 700, null], ['pass', 700, 300], ['pass', null, null], ['pass', 700, null]]);
    // A sine's first window of 10 ms is as loud as the others.
    expect(conversation).toMatchObject({ greetingMs: 200, longestDeadAirMs: 700, longGaps: 0, reprompts: 0 });
    expect(conversation.wrongClaims.some(Boolean)).toBe(false);
    // Every frame was sent at its time, and none twice.
    expect(timeline.sentMs).toEqual(Array.from({ length: timeline.sentMs.length }, (_, index) => index * 20));
  });

  it('is byte for byte the same when it is held again: its timeline, and the figures', async () => {
    const texts = await Promise.all([0, 1].map(async () => {
      const { timeline } = await holdVirtually(agent, plans);
      return [JSON.stringify(timeline), JSON.stringify(conversationFiguresOf(timeline))];
    }));
    expect(texts[0]?.[0]?.length).toBeGreaterThan(10_000);
    expect(texts[1]).toEqual(texts[0]);
  });

  it('gives the same figures from its timeline as it stands in a file', async () => {
    const { timeline } = await holdVirtually(agent, plans);
    const read: Timeline = JSON.parse(JSON.stringify(timeline)) as Timeline;
    expect(JSON.stringify(conversationFiguresOf(read))).toBe(JSON.stringify(conversationFiguresOf(timeline)));
  });

  it.each(['paced', 'fast', 'burst'] as const)('finds the delays that were put in, whatever they are: %s', async (playback) => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 400, max: 3_000 }), fc.integer({ min: 20, max: 880 }), async (delayMs, stopDelayMs) => {
      const { timeline } = await holdVirtually({ ...agent, delayMs, stopDelayMs, playback }, plans.slice(0, 2));
      expect(conversationFiguresOf(timeline).turns.map(({ latencyMs, stopMs }) => [latencyMs, stopMs])).toEqual([[delayMs, null], [delayMs, stopDelayMs]]);
    }), { numRuns: 8 });
  });

  it.each([
    ['stops an assistant that hears itself', 20, { verdict: 'fail', ignored: false, resumed: false }],
    ['leaves one alone that knows better', 800, { verdict: 'pass', ignored: true }],
  ] as const)('an echo out of its own loudspeaker %s', async (_, bargeInMs, expected) => {
    const echo = planOf('echo', tone(20), { act: { kind: 'echo', ms: 500, delayMs: 60, gain: 1 }, expect: 'ignore', class: 'echo', lastsMs: 4_000, start: { after: 'agentSpeechStart', delayMs: 1_000 } });
    const { timeline, error } = await holdVirtually({ ...agent, bargeInMs, stopDelayMs: 200 }, [planOf('ask', tone(600)), echo]);
    expect(error).toBeUndefined();
    expect(conversationFiguresOf(timeline).turns[1]).toMatchObject({ ...expected, whileSpeaking: true });
  });

  it('ends when the assistant hangs up after the last answer, and fails when it does so before', async () => {
    const after = await holdVirtually({ ...agent, replyMs: 1_000, misbehave: { hangsUpAfter: 1 } }, plans.slice(0, 1));
    expect(after.error).toBeUndefined();
    expect(conversationFiguresOf(after.timeline).turns).toMatchObject([{ verdict: 'pass', latencyMs: 700 }]);
    const before = await holdVirtually({ ...agent, replyMs: 1_000, misbehave: { hangsUpAfter: 1 } }, [planOf('ask', tone(600)), planOf('again', tone(600))]);
    expect(before.error).toMatchObject({ code: 'REALOPS_PROTOCOL', message: expect.stringContaining('the assistant closed the connection (code 1000) after turn 1 of 2') });
  });

  it('marks what is said into the middle of nothing as unreached when the time is over', async () => {
    const { timeline } = await holdVirtually(agent, plans, { atMostMs: 4_000 });
    expect(timeline.turns.map(({ trigger }) => trigger)).toEqual(['anchor', 'anchor', 'unreached', 'unreached']);
    expect(conversationFiguresOf(timeline).turns[2]).toMatchObject({ verdict: 'inconclusive', reason: 'the conversation was over before its turn' });
  });
});
