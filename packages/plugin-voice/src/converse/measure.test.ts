import fc from 'fast-check';
import { expect, it } from 'vitest';
import { conversation, turn, VAD } from '../fixtures/timeline.js';
import { createEar } from './ear.js';
import { conversationFiguresOf } from './measure.js';
import { CONVERSE_METRICS } from './metrics.js';
import type { SaidTurn, Timeline, TimelineEvent } from './timeline.js';

const RATE = 16_000;
const pieces = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 2_500 }), ms: fc.integer({ min: 10, max: 2_000 }), kind: fc.constantFrom('loud', 'loud', 'loud', 'silent', 'clear', 'claim', 'stopped') }), { maxLength: 30 });
const turns = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 6_000 }), ms: fc.integer({ min: 20, max: 2_500 }), expect: fc.constantFrom('respond', 'stop', 'ignore'), says: fc.constantFrom('speech', 'sound', 'echo', 'digits'),
    trigger: fc.constantFrom('anchor', 'anchor', 'silence', 'missed', 'unreached'), lastsMs: fc.option(fc.integer({ min: 100, max: 5_000 })), isPaused: fc.boolean(), hasText: fc.option(fc.boolean()),
  }),
  { maxLength: 8 },
);

/** Any conversation whatever, sensible or not. */
const anyTimeline = fc.tuple(pieces, turns).map(([given, said]): Timeline => {
  const ear = createEar(RATE, VAD);
  const events: TimelineEvent[] = [];
  let nowMs = 0;
  for (const { afterMs, ms, kind } of given) {
    nowMs += afterMs;
    if (kind === 'clear') events.push({ atMs: nowMs, type: 'clear', droppedMs: ear.clear(nowMs) });
    else if (kind === 'claim' || kind === 'stopped') events.push({ atMs: nowMs, type: 'claim', isSpeaking: kind === 'claim' });
    else ear.arrive(new Int16Array((ms * RATE) / 1_000).fill(kind === 'loud' ? 8_000 : 0), nowMs);
  }
  let saidMs = 0;
  const all = said.map(({ afterMs, ms, trigger, isPaused, ...more }, index): SaidTurn => {
    const onsetMs = saidMs + afterMs;
    saidMs = trigger === 'missed' || trigger === 'unreached' ? saidMs : onsetMs + ms;
    const isUnsaid = trigger === 'missed' || trigger === 'unreached';
    const place = isUnsaid ? { onsetMs: null, endMs: null } : { onsetMs, endMs: onsetMs + ms };
    const pauses = isPaused && !isUnsaid ? [{ fromMs: onsetMs + ms / 4, toMs: onsetMs + ms / 2, ms: ms / 4 }] : [];
    return { ...turn(0, 0), id: `turn${index}`, trigger, pauses, ...more, ...place };
  });
  return conversation(all, [], { chunks: ear.chunks(), events, endMs: Math.max(nowMs, saidMs) + 1_000 });
});

/** Every number in it, however deep. */
function numbersIn(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

it('whatever happened, the figures are numbers, agree with each other, and have a reason', () => {
  fc.assert(fc.property(anyTimeline, (timeline) => {
    const figures = conversationFiguresOf(timeline);
    expect(numbersIn(figures).every(Number.isFinite)).toBe(true);
    expect(figures.turns).toHaveLength(timeline.turns.length);
    for (const { verdict, reason, answered, latencyMs, yielded, ignored } of figures.turns) {
      expect(verdict === 'pass').toBe(reason === '');
      if (answered === false) expect(latencyMs).toBeNull();
      if (yielded === false || ignored === false) expect(verdict).toBe('fail');
      if (ignored === true) expect(verdict).toBe('pass');
    }
    const { deadAirMs, longestDeadAirMs, answerGapsMs, spanMs, longGaps } = figures.conversation;
    expect(deadAirMs).toBeLessThanOrEqual(spanMs + 0.02);
    expect(Math.max(longestDeadAirMs, answerGapsMs)).toBeLessThanOrEqual(deadAirMs + 0.02);
    expect(longGaps * timeline.windows.gapMs).toBeLessThanOrEqual(deadAirMs);
    // A measured turn is one that was judged: what is inconclusive has no rate of its own.
    for (const { metric, value } of figures.measurements) {
      const declared = CONVERSE_METRICS.find(({ name }) => name === metric);
      expect(declared).toBeDefined();
      if (declared?.kind === 'rate') expect(typeof value).toBe('boolean');
    }
    for (const name of ['bargeInYield', 'ignored']) {
      const expected = figures.turns.filter(({ yielded, ignored }) => (name === 'ignored' ? ignored : yielded) !== null).length;
      expect(figures.measurements.filter(({ metric }) => metric === `voice.${name}`)).toHaveLength(expected);
    }
    // The same again, also from a file.
    expect(JSON.stringify(conversationFiguresOf(JSON.parse(JSON.stringify(timeline)) as Timeline))).toBe(JSON.stringify(figures));
  }), { numRuns: 300 });
});
