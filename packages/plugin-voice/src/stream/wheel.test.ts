import { manualClock, type ManualClock } from '@alice/realops/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWheel } from './wheel.js';

/** One for each, as many listeners are a warning. */
const never = (): AbortSignal => new AbortController().signal;

/** Streams of so many frames that begin at these times, driven to their end; what was sent, in order. */
async function driven(streams: readonly { readonly startMs: number; readonly frames: number; readonly frameMs: number }[], clock: ManualClock = manualClock()): Promise<readonly { readonly stream: number; readonly index: number; readonly at: number }[]> {
  const sent: { readonly stream: number; readonly index: number; readonly at: number }[] = [];
  const wheel = createWheel(clock);
  const origin = clock.now();
  const running = Promise.all(streams.map(async ({ startMs, ...frames }, stream) => {
    await clock.sleep(startMs, never());
    await wheel.pacer({ ...frames, signal: never(), send: (index) => (sent.push({ stream, index, at: clock.now() - origin }), 0) }).run();
  }));
  let isOver = false;
  void running.then(() => (isOver = true));
  for (let ms = 0; !isOver && ms < 5_000; ms += 1) await clock.advance(1);
  await running;
  return sent;
}

describe('a wheel', () => {
  it('sends every frame of every stream when it is due, each stream in its order', async () => {
    const stream = fc.record({ startMs: fc.integer({ min: 0, max: 60 }), frames: fc.integer({ min: 0, max: 12 }), frameMs: fc.constantFrom(5, 20, 50) });
    await fc.assert(fc.asyncProperty(fc.array(stream, { minLength: 1, maxLength: 30 }), async (streams) => {
      const sent = await driven(streams);
      for (const [number, { startMs, frames, frameMs }] of streams.entries()) {
        const mine = sent.filter((each) => each.stream === number);
        expect(mine.map(({ index }) => index)).toEqual(Array.from({ length: frames }, (_, index) => index));
        // A timer is at least 1 ms long.
        for (const { index, at } of mine) expect(at - (startMs + index * frameMs)).toBeLessThanOrEqual(1);
        for (const { index, at } of mine) expect(at).toBeGreaterThanOrEqual(startMs + index * frameMs);
      }
    }), { numRuns: 40 });
  });

  it('stops one stream and goes on with the others', async () => {
    const clock = manualClock();
    const wheel = createWheel(clock);
    const counts = [0, 0, 0];
    const cancel = new AbortController();
    const pacers = counts.map((_, stream) => wheel.pacer({ frames: 10, frameMs: 20, signal: stream === 1 ? cancel.signal : never(), send: () => ((counts[stream] = (counts[stream] ?? 0) + 1), 0) }));
    const running = pacers.map((each) => each.run());
    const aborted = expect(running[1]).rejects.toThrow('enough');
    await clock.advance(50);
    pacers[0]?.stop();
    cancel.abort(new Error('enough'));
    await expect(running[0]).resolves.toBeUndefined();
    await aborted;
    for (let ms = 0; ms < 300; ms += 5) await clock.advance(5);
    await running[2];
    expect(counts).toEqual([3, 3, 10]);
    expect(pacers[0]?.report().sent).toBe(3);
    expect(pacers[2]?.report()).toMatchObject({ sent: 10, peakBuffered: 0 });
  });

  it('fails the stream whose other side has stopped reading, and no other', async () => {
    const clock = manualClock();
    const wheel = createWheel(clock);
    const stuck = wheel.pacer({ frames: 100, frameMs: 20, signal: never(), send: (index) => index * 400_000 }).run();
    const fine = wheel.pacer({ frames: 10, frameMs: 20, signal: never(), send: () => 0 });
    const refused = expect(stuck).rejects.toMatchObject({ code: 'REALOPS_CONNECTION', message: expect.stringContaining('after 4 of 100 frames') });
    const running = fine.run();
    for (let ms = 0; ms < 300; ms += 5) await clock.advance(5);
    await refused;
    await running;
    expect(fine.report().sent).toBe(10);
  });

  it('sends nothing for a stream that was stopped or aborted before', async () => {
    const clock = manualClock();
    const wheel = createWheel(clock);
    const stopped = wheel.pacer({ frames: 3, frameMs: 20, signal: never(), send: () => 0 });
    stopped.stop();
    await stopped.run();
    await expect(wheel.pacer({ frames: 3, frameMs: 20, signal: AbortSignal.abort(new Error('over')), send: () => 0 }).run()).rejects.toThrow('over');
    expect(stopped.report().sent).toBe(0);
  });
});
