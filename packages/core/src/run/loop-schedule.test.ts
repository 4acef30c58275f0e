import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock } from '../time/manual-clock.js';
import { createSchedule } from './loop-schedule.js';

const HOUR = 3_600_000;

describe('an interval', () => {
  it('begins at once and keeps its rhythm', async () => {
    const clock = manualClock();
    const schedule = createSchedule({ everyMs: 1_000 }, clock);
    expect(schedule.next().tick.inMs()).toBe(0);
    await clock.advance(300);
    const { tick, missed } = schedule.next();
    expect([tick.inMs(), missed]).toEqual([700, 0]);
  });

  it('never gives a beginning twice, never one that is over, and counts every one between', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 5_000 }), fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 30 }), async (everyMs, pauses) => {
      const clock = manualClock();
      const schedule = createSchedule({ everyMs }, clock);
      let last = -1;
      for (const pause of pauses) {
        const { tick, missed } = schedule.next();
        const inMs = tick.inMs();
        expect(inMs).toBeGreaterThanOrEqual(0);
        const index = (clock.now() + inMs) / everyMs;
        expect(index).toBe(last + 1 + missed);
        last = index;
        await clock.advance(Math.max(0, inMs) + pause);
      }
    }), { numRuns: 50 });
  });
});

describe('a cron expression', () => {
  it('waits for its first moment, and counts what it missed', async () => {
    const clock = manualClock('2026-01-01T00:07:00.000Z');
    const schedule = createSchedule({ cron: '*/15 * * * *' }, clock);
    expect(schedule.next().tick.inMs()).toBe(8 * 60_000);
    await clock.advance(8 * 60_000 + 40 * 60_000);
    const { tick, missed } = schedule.next();
    expect([tick.inMs(), missed]).toEqual([5 * 60_000, 2]);
  });

  it('gives no moment twice when the clock is set back a little, and goes on when it was wrong by far', () => {
    const real = manualClock('2026-01-01T12:00:30.000Z');
    let back = 0;
    const clock = { ...real, wall: () => new Date(real.wall().getTime() - back) };
    const schedule = createSchedule({ cron: '0 * * * *' }, clock);
    expect(schedule.next().tick.inMs()).toBe(HOUR - 30_000);
    back = HOUR;
    expect(schedule.next().tick.inMs()).toBe(3 * HOUR - 30_000);
    back = 24 * HOUR;
    expect(schedule.next().tick.inMs()).toBe(HOUR - 30_000);
  });

  it('a moment that is waited for comes near again when the clock is set back by a day', () => {
    const real = manualClock('2026-01-02T00:00:30.000Z');
    let back = 0;
    const clock = { ...real, wall: () => new Date(real.wall().getTime() - back) };
    const { tick } = createSchedule({ cron: '0 * * * *' }, clock).next();
    expect(tick.inMs()).toBe(HOUR - 30_000);
    back = 24 * HOUR;
    expect(tick.inMs()).toBe(HOUR - 30_000);
  });
});
