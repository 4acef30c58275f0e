import { describe, expect, it } from 'vitest';
import { conversation, turn, VAD, WINDOWS } from '../fixtures/timeline.js';
import { createEar } from './ear.js';
import { conversationFiguresOf } from './measure.js';
import type { TimelineEvent } from './timeline.js';

const RATE = 16_000;
/** How an assistant sends a reply of 4 s from 1 s on, and what it does 200 ms after the user cut in at 3 s. */
interface Sender {
  readonly speed: number;
  readonly stopsSending: boolean;
  readonly clears: boolean;
}

/** The timeline of it, frame by frame: the reply, and an answer when all of it would be over: an answer that plays on behind a reply that nobody cleared is one stretch with it. */
function held({ speed, stopsSending, clears }: Sender): ReturnType<typeof conversationFiguresOf> {
  const ear = createEar(RATE, VAD);
  const events: TimelineEvent[] = [];
  const frame = new Int16Array((RATE * 20) / 1_000).fill(8_000);
  const arrivals = Array.from({ length: 200 }, (_, index) => 1_000 + (index * 20) / speed);
  for (const atMs of arrivals) if (atMs < 3_200 || !stopsSending) ear.arrive(frame, atMs);
  if (clears) events.push({ atMs: 3_200, type: 'clear', droppedMs: ear.clear(3_200) });
  for (let index = 0; index < 50; index += 1) ear.arrive(frame, 6_500 + index * 20);
  return conversationFiguresOf(conversation([turn(3_000, 3_700, { expect: 'stop', lastsMs: 4_000, id: 'cut' })], [], { chunks: ear.chunks(), events, windows: { ...WINDOWS, stopMs: 1_000 } }));
}

/** The six of them: what arrives, what is heard, and what that is worth. A sender that is faster than real time and never clears looks perfect by arrival. */
const CASES: readonly (readonly [string, Sender, arrivalMs: number, stopMs: number, verdict: string])[] = [
  ['paced', { speed: 1, stopsSending: true, clears: false }, 180, 200, 'pass'],
  ['paced, and ignores the user', { speed: 1, stopsSending: false, clears: false }, 1_980, 2_000, 'fail'],
  ['all at once, and never clears', { speed: 80, stopsSending: true, clears: false }, -1_950, 2_000, 'fail'],
  ['all at once, and clears', { speed: 80, stopsSending: true, clears: true }, -1_970, 200, 'pass'],
  ['three times as fast, "cancels" and never clears', { speed: 3, stopsSending: true, clears: false }, -670, 2_000, 'fail'],
  ['three times as fast, and clears', { speed: 3, stopsSending: true, clears: true }, -1_270, 200, 'pass'],
];

describe('when an assistant has stopped', () => {
  it.each(CASES)('%s', (_, sender, arrivalMs, stopMs, verdict) => {
    const { turns: [cut], measurements } = held(sender);
    expect(Math.abs((cut?.stopMs ?? NaN) - stopMs)).toBeLessThanOrEqual(20);
    expect(Math.abs((cut?.stopArrivalMs ?? NaN) - arrivalMs)).toBeLessThanOrEqual(20);
    expect(cut?.verdict).toBe(verdict);
    const values = (metric: string): readonly unknown[] => measurements.filter((each) => each.metric === metric).map(({ value }) => value);
    expect([values('voice.bargeInStop'), values('voice.bargeInStopArrival'), values('voice.bargeInYield')]).toEqual([[cut?.stopMs], [cut?.stopArrivalMs], [verdict === 'pass']]);
  });

  it('is never told by arrival: of the two that clear nothing, arrival says that they stopped before the user spoke', () => {
    const byArrival = CASES.map(([, sender]) => (held(sender).turns[0]?.stopArrivalMs ?? NaN) <= 1_000);
    const byEar = CASES.map(([, sender]) => held(sender).turns[0]?.yielded);
    expect(byArrival).toEqual([true, false, true, true, true, true]);
    expect(byEar).toEqual([true, false, false, true, false, true]);
  });
});
