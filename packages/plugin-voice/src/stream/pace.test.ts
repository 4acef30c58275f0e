import type { Clock } from '@alice/realops/plugin';
import { describe, expect, it } from 'vitest';
import { createPacer } from './pace.js';

/** A clock whose sleeps end late by what `lag` says, without any waiting. */
function laggingClock(lag: (sleep: number) => number): Pick<Clock, 'now' | 'sleep'> {
  let sleeps = 0;
  const clock = {
    time: 1_000,
    now: () => clock.time,
    async sleep(ms: number, signal: AbortSignal): Promise<void> {
      signal.throwIfAborted();
      clock.time += ms + lag((sleeps += 1));
    },
  };
  return clock;
}

const never = new AbortController().signal;

describe('createPacer', () => {
  it('keeps absolute deadlines: lateness does not add up', async () => {
    const clock = laggingClock(() => 1.5);
    const sent: number[] = [];
    const pacer = createPacer({ frames: 500, frameMs: 20, clock, signal: never, send: (index) => (sent.push(index), 0) });
    await pacer.run();
    expect(sent).toEqual(Array.from({ length: 500 }, (_, index) => index));
    expect((pacer.sentAt[499] ?? 0) - pacer.startedAt).toBeLessThan(499 * 20 + 3);
    expect(pacer.report()).toMatchObject({ sent: 500, peakBuffered: 0 });
    expect(pacer.report().p99Ms).toBeLessThan(3);
  });

  it('sends what is overdue at once and leaves nothing out', async () => {
    const clock = laggingClock((sleep) => (sleep === 10 ? 200 : 0));
    const sent: number[] = [];
    const pacer = createPacer({ frames: 50, frameMs: 20, clock, signal: never, send: (index) => (sent.push(index), 0) });
    await pacer.run();
    expect(sent).toHaveLength(50);
    expect(pacer.sentAt[19]).toBe(pacer.sentAt[10]);
    expect(pacer.sentAt[49]).toBe(pacer.startedAt + 49 * 20);
    expect(pacer.report()).toMatchObject({ p50Ms: 0, p99Ms: 200, maxMs: 200 });
  });

  it('stops when told to, and ends on the signal', async () => {
    const clock = laggingClock(() => 0);
    const pacer = createPacer({ frames: 100, frameMs: 20, clock, signal: never, send: (index) => (index === 4 && pacer.stop(), 0) });
    await pacer.run();
    expect(pacer.report().sent).toBe(5);
    expect(pacer.sentAt[5]).toBeNaN();
    const cancel = new AbortController();
    const aborted = createPacer({ frames: 100, frameMs: 20, clock, signal: cancel.signal, send: (index) => (index === 4 && cancel.abort(new Error('enough')), 0) });
    await expect(aborted.run()).rejects.toThrow('enough');
  });

  it('fails when the other side has stopped reading', async () => {
    const pacer = createPacer({ frames: 100, frameMs: 20, clock: laggingClock(() => 0), signal: never, send: (index) => index * 100_000 });
    await expect(pacer.run()).rejects.toMatchObject({ code: 'REALOPS_CONNECTION', message: 'the recogniser stopped reading: 1074 KiB of audio wait unsent after 12 of 100 frames' });
    expect(pacer.report().peakBuffered).toBe(1_100_000);
  });

  it('reports zeros before anything was sent', () => {
    expect(createPacer({ frames: 3, frameMs: 20, clock: laggingClock(() => 0), signal: never, send: () => 0 }).report()).toEqual({ sent: 0, p50Ms: 0, p99Ms: 0, maxMs: 0, peakBuffered: 0 });
  });
});
