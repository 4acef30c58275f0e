import { describe, expect, it } from 'vitest';
import { VAD, WINDOWS } from '../fixtures/timeline.js';
import { createDirector } from './director.js';
import type { Named, Progress } from './scene.js';
import type { TurnPlan } from './script.js';
import type { Segment } from './vad.js';

interface Plan {
  readonly after: TurnPlan['start']['after'];
  readonly delayMs?: number;
  readonly timeoutMs?: number;
  readonly event?: string;
  readonly expect?: TurnPlan['expect'];
  readonly withinMs?: number;
  /** How long it takes to say. */
  readonly ms?: number;
}
interface Played {
  /** When each turn was said, or given up, in order. */
  readonly turns: readonly (readonly [trigger: string, onsetMs: number])[];
  readonly overMs: number;
  readonly error: Error | undefined;
  readonly isDone: boolean;
}

/** Directs the plans against an assistant that speaks in these stretches, frame by frame. */
function play(plans: readonly Plan[], speech: readonly (readonly [number, number])[], { events = [], atMostMs = 120_000 }: { readonly events?: readonly Named[]; readonly atMostMs?: number } = {}): Played {
  const named: Named[] = [];
  let nowMs = 0;
  const segments = (): readonly Segment[] =>
    speech.filter(([from]) => from + VAD.minSpeechMs <= nowMs).map(([startMs, endMs]) => ({ startMs, endMs: Math.min(endMs, nowMs), isOpen: nowMs < endMs + VAD.minSilenceMs }));
  const full = plans.map((plan, index): TurnPlan => ({
    id: `turn${index + 1}`, act: { kind: 'echo', ms: plan.ms ?? 600, delayMs: 0, gain: 1 }, expect: plan.expect ?? 'respond', class: 'speech', label: undefined, withinMs: plan.withinMs ?? 5_000, lastsMs: undefined,
    start: { after: plan.after, event: plan.event, delayMs: plan.delayMs ?? 400, timeoutMs: plan.timeoutMs ?? 15_000 }, text: [], intents: [],
  }));
  const director = createDirector({ plans: full, ear: { segments }, windows: WINDOWS, vad: VAD, hangUpMs: 700, atMostMs, events: named });
  const list = (turns: readonly Progress[]): Played['turns'] => turns.map(({ trigger, onsetMs }) => [trigger, onsetMs]);
  for (; ; nowMs += 20) {
    named.push(...events.filter(({ atMs }) => atMs <= nowMs && atMs > nowMs - 20));
    try {
      const direction = director.next(nowMs);
      if (direction.kind === 'over') return { turns: list(director.turns), overMs: nowMs, error: undefined, isDone: director.isDone(nowMs) };
      if (direction.kind === 'say') director.said({ plan: direction.plan, trigger: direction.trigger, onsetMs: nowMs, endMs: nowMs + (plans[director.turns.length]?.ms ?? 600) });
    } catch (error) {
      return { turns: list(director.turns), overMs: nowMs, error: error instanceof Error ? error : undefined, isDone: director.isDone(nowMs) };
    }
  }
}
const alive = (untilMs: number): readonly Named[] => Array.from({ length: Math.floor(untilMs / 500) }, (_, index) => ({ name: 'other', atMs: index * 500 }));

describe('when the user speaks', () => {
  it.each<readonly [string, readonly Plan[], readonly (readonly [number, number])[], Played['turns'], readonly Named[]]>([
    ['after the session began', [{ after: 'sessionStart', delayMs: 1_000 }], [[2_000, 3_000]], [['anchor', 1_000]], []],
    ['after his last words', [{ after: 'sessionStart' }, { after: 'previousEnd', delayMs: 500 }], [[1_600, 3_000]], [['anchor', 400], ['anchor', 1_500]], []],
    ['after the greeting', [{ after: 'agentSpeechEnd', delayMs: 400 }], [[500, 1_000], [2_400, 3_000]], [['anchor', 1_400]], []],
    ['after the greeting, and no sooner than silence is silence', [{ after: 'agentSpeechEnd', delayMs: 0 }], [[500, 1_000], [2_400, 3_000]], [['anchor', 1_260]], []],
    ['into the greeting', [{ after: 'agentSpeechStart', delayMs: 600 }], [[500, 4_000]], [['anchor', 1_100]], []],
    ['into the answer', [{ after: 'sessionStart' }, { after: 'agentSpeechStart', delayMs: 600 }], [[1_500, 6_000]], [['anchor', 400], ['anchor', 2_100]], []],
    ['after the answer', [{ after: 'sessionStart' }, { after: 'agentSpeechEnd' }], [[1_500, 3_000], [4_500, 5_000]], [['anchor', 400], ['anchor', 3_400]], []],
    ['not into an answer of two sentences', [{ after: 'sessionStart' }, { after: 'agentSpeechEnd', delayMs: 800 }], [[1_500, 3_000], [3_700, 5_000], [7_000, 8_000]], [['anchor', 400], ['anchor', 5_800]], []],
    ['after an event', [{ after: 'event', event: 'tool', delayMs: 100 }], [[4_000, 4_500]], [['anchor', 3_100]], [{ name: 'tool', atMs: 3_000 }]],
    ['after an event, not one of before', [{ after: 'sessionStart', delayMs: 1_000 }, { after: 'event', event: 'tool', delayMs: 0 }], [[2_000, 2_500], [4_500, 5_000]], [['anchor', 1_000], ['anchor', 4_000]], [{ name: 'tool', atMs: 500 }, { name: 'tool', atMs: 4_000 }]],
    ['into the speech that a cough fell into', [{ after: 'sessionStart' }, { after: 'agentSpeechStart', expect: 'ignore', ms: 300 }, { after: 'agentSpeechStart', delayMs: 2_000, expect: 'ignore', ms: 300 }], [[1_500, 6_000]], [['anchor', 400], ['anchor', 1_900], ['anchor', 3_500]], []],
  ])('%s', (_, plans, speech, turns, events) => {
    expect(play(plans, speech, { events })).toMatchObject({ turns, error: undefined, isDone: true });
  });

  it('waits after a sound to be ignored until it can be told whether it was', () => {
    const after = (speech: readonly (readonly [number, number])[]): number | undefined => play([{ after: 'sessionStart', delayMs: 2_000, expect: 'ignore', ms: 300 }, { after: 'agentSpeechEnd' }], speech).turns[1]?.[1];
    expect(after([[500, 1_000], [6_000, 7_000]])).toBe(4_500);
    expect(after([[500, 2_400], [8_000, 9_000]])).toBe(4_600);
    expect(after([[500, 3_000], [8_000, 9_000]])).toBe(5_200);
    expect(after([[500, 5_000], [8_000, 9_000]])).toBe(5_400);
  });

  it('speaks again when no answer came', () => {
    const { turns } = play([{ after: 'sessionStart', withinMs: 2_000 }, { after: 'agentSpeechEnd' }], [[4_500, 5_000]], { events: alive(9_000) });
    expect(turns[1]?.[0]).toBe('silence');
    expect(turns[1]?.[1]).toBeGreaterThan(400 + 600 + 2_000);
    expect(turns[1]?.[1]).toBeLessThan(400 + 600 + 2_000 + 250);
  });

  it('hangs up when all is said and the assistant is silent, or the time is over', () => {
    expect(play([{ after: 'sessionStart' }], [[1_500, 3_000]])).toMatchObject({ overMs: 3_700, isDone: true });
    expect(play([{ after: 'sessionStart' }], [[1_500, 90_000]], { atMostMs: 10_000 })).toMatchObject({ overMs: 10_000, isDone: true });
    expect(play([{ after: 'sessionStart' }], [], { atMostMs: 3_000 })).toMatchObject({ overMs: 3_000, isDone: false });
    expect(play([{ after: 'sessionStart' }, { after: 'agentSpeechEnd' }], [[1_500, 90_000]], { atMostMs: 10_000 })).toMatchObject({ turns: [['anchor', 400]], isDone: false });
  });
});

describe('what never comes', () => {
  it('is given up after its timeout, and all that wait for it share one', () => {
    const waits = Array.from({ length: 5 }, (): Plan => ({ after: 'agentSpeechStart', expect: 'stop', timeoutMs: 4_000 }));
    const { turns, overMs } = play(waits, []);
    expect(turns.map(([trigger]) => trigger)).toEqual(['missed', 'missed', 'missed', 'missed', 'missed']);
    expect(turns[0]?.[1]).toBe(4_000);
    expect(overMs).toBeLessThan(4_000 + 1_000);
  });

  it('is waited for as long as an answer may take', () => {
    const { turns } = play([{ after: 'sessionStart', withinMs: 30_000 }, { after: 'agentSpeechStart', expect: 'stop' }], [[25_000, 29_000]]);
    expect(turns).toEqual([['anchor', 400], ['anchor', 25_400]]);
  });

  it('is not the end of somebody who speaks for long, sentence by sentence', () => {
    const sentences = Array.from({ length: 15 }, (_, index) => [1_500 + index * 2_000, 3_200 + index * 2_000] as const);
    expect(play([{ after: 'sessionStart' }, { after: 'agentSpeechEnd', timeoutMs: 5_000 }], [...sentences, [33_000, 34_000]]).turns).toEqual([['anchor', 400], ['anchor', 31_600]]);
    expect(play([{ after: 'sessionStart' }, { after: 'agentSpeechEnd', timeoutMs: 5_000 }], [[1_500, 60_000]]).turns).toEqual([['anchor', 400], ['missed', 6_500]]);
  });
});

describe('a line that is dead', () => {
  const asks = (count: number): readonly Plan[] => Array.from({ length: count }, (_, index) => ({ after: index === 0 ? 'sessionStart' : 'agentSpeechEnd' }));

  it('ends the conversation within one timeout, not one for each turn', () => {
    const { error, turns, overMs } = play(asks(20), [[1_500, 2_500], [4_000, 5_000]]);
    expect(error).toMatchObject({ code: 'REALOPS_TARGET_FAILED', message: 'nothing at all came from the assistant since 5.0 s, and turns since then had no answer: turn3, turn4' });
    expect(turns).toHaveLength(4);
    expect(overMs - 5_000).toBeLessThan(15_000);
  });

  it('is found from the first turn on', () => {
    expect(play(asks(20), [])).toMatchObject({ error: { message: 'nothing at all came from the assistant since the connection was open, and turns since then had no answer: turn1, turn2' } });
  });

  it('is found where what follows waits for the assistant, too', () => {
    const { error, overMs } = play([...asks(2), ...Array.from({ length: 8 }, (): Plan => ({ after: 'agentSpeechStart', expect: 'stop' }))], [[1_500, 2_500]]);
    expect(error).toMatchObject({ code: 'REALOPS_TARGET_FAILED', message: expect.stringContaining('turn2, turn3') });
    // All eight are given up at once, a frame each.
    expect(overMs - 3_500).toBeLessThanOrEqual(15_000 + 9 * 20);
  });

  it('is not one missed answer, nor two of many from somebody who gives signs of life', () => {
    expect(play(asks(1), [])).toMatchObject({ error: undefined, isDone: true });
    expect(play(asks(4), [[1_500, 2_500], [9_500, 10_000], [12_000, 13_000]])).toMatchObject({ error: undefined });
    const speech = [0, 1, 2, 3, 4].map((index) => [1_500 + index * 3_000, 2_500 + index * 3_000] as const);
    const two = play(asks(7), speech, { events: alive(60_000) });
    expect(two).toMatchObject({ error: undefined });
    expect(two.turns.slice(-1)).toMatchObject([['silence', expect.any(Number)]]);
  });

  it('is one on which messages come and no voice', () => {
    expect(play(asks(9), [], { events: alive(90_000) })).toMatchObject({ error: { message: 'nothing was heard from the assistant after 2 turns in a row (turn1, turn2)' } });
    const speech = [0, 1, 2, 3, 4].map((index) => [1_500 + index * 3_000, 2_500 + index * 3_000] as const);
    expect(play(asks(20), speech, { events: alive(90_000) })).toMatchObject({ error: { message: 'nothing was heard from the assistant after 3 turns in a row (turn6, turn7, turn8)' } });
  });
});
