import { describe, expect, it } from 'vitest';
import { createSchedule } from '../stream/schedule.js';
import { pictureOf, type Came, type Latencies, type Streamed } from './picture.js';

/** A stream of 100 frames of 20 ms that began at 5,000, of which so many were sent; speech lies in frames 10 to 59. */
function streamed(sent: number, came: readonly Came[], pauses: Streamed['prepared']['pauses'] = []): Streamed {
  const schedule = createSchedule({ frames: 100, frameMs: 20, send: () => 0 });
  schedule.start(5_000);
  for (let frame = 0; frame < sent; frame += 1) schedule.sendNext(5_000 + frame * 20);
  const pacer = { ...schedule.record, startedAt: schedule.startedAt, run: () => Promise.resolve(), stop: () => undefined };
  return { prepared: { speech: { bytes: new Uint8Array(), frameBytes: 640, frameMs: 20, idleMs: 0 }, onsetFrame: 10, endFrame: 59, pauses }, conversation: { pacer }, came };
}

const spansOf = (name: string, of: Streamed, latencies?: Latencies): unknown => pictureOf(of, latencies).lanes.find((lane) => lane.name === name)?.spans?.map(({ fromMs, toMs, tone = 'neutral', label = '' }) => [fromMs, toMs, tone, label]);

describe('the picture of a stream', () => {
  const came: readonly Came[] = [{ kind: 'speechStart', at: 5_300 }, { kind: 'partial', at: 5_410 }, { kind: 'final', at: 6_900 }];
  const latencies = { partialMs: 210, finalMs: 720, truncated: false };

  it('has speech, what came of it without its words, and both latencies', () => {
    const whole = streamed(100, came);
    const picture = pictureOf(whole, latencies);
    expect(picture.durationMs).toBe(2_000);
    expect(spansOf('speech', whole, latencies)).toEqual([[200, 1_180, 'neutral', '']]);
    expect(picture.lanes[1]?.marks).toEqual([{ atMs: 300, label: 'hears speech', tone: 'muted' }, { atMs: 410, label: 'partial', tone: 'muted' }, { atMs: 1_900, label: 'final', tone: 'neutral' }]);
    expect([spansOf('to the first text', whole, latencies), spansOf('to the final', whole, latencies)]).toEqual([[[200, 410, 'neutral', '210 ms']], [[1_180, 1_900, 'neutral', '720 ms']]]);
  });

  it('shows pauses', () => {
    expect(spansOf('speech', streamed(100, [], [{ fromFrame: 20, toFrame: 50, ms: 600 }]), latencies)).toEqual([[200, 400, 'neutral', ''], [400, 1_000, 'muted', 'pause 600 ms'], [1_000, 1_180, 'neutral', '']]);
  });

  it('runs back from where speech was to end when the final came before', () => {
    const cut = streamed(40, [{ kind: 'final', at: 5_790 }]);
    const early = { partialMs: null, finalMs: -390, truncated: true };
    expect(spansOf('speech', cut, early)).toEqual([[200, 800, 'neutral', 'not sent to its end']]);
    expect(spansOf('to the final', cut, early)).toEqual([[790, 1_180, 'bad', '-390 ms']]);
    expect(pictureOf(cut, early).lanes[1]?.marks?.[0]).toMatchObject({ tone: 'bad', label: 'final' });
    expect(pictureOf(cut, early).durationMs).toBe(1_180);
  });

  it('says that no final came, and holds when something came before anything was sent', () => {
    expect(spansOf('to the final', streamed(100, []))).toEqual([[1_180, 1_180, 'bad', 'no final came']]);
    const first = pictureOf(streamed(0, [{ kind: 'final', at: 4_990 }]), { partialMs: null, finalMs: null, truncated: true });
    expect(first).toMatchObject({ durationMs: 0, lanes: [{ name: 'speech', spans: [] }, { marks: [{ atMs: 0, label: 'final' }] }] });
  });
});
