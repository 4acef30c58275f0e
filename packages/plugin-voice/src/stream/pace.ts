import type { Clock, Millis } from '@alice/realops/plugin';
import { createSchedule, type PaceReport, type ScheduleOptions } from './schedule.js';

/** What a pacer needs. */
export interface PaceOptions extends ScheduleOptions {
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly signal: AbortSignal;
}

/** Sends frames in real time and keeps a record of how well it did. */
export interface Pacer {
  /** When each frame was handed to the connection, on the clock; NaN while it was not. */
  readonly sentAt: Float64Array;
  /** How long after it was due each frame was, in ms; only as far as frames were sent. */
  readonly lateness: Float64Array;
  /** When frame 0 was due; NaN before `run`. */
  readonly startedAt: Millis;
  /** Ends when every frame is sent or `stop` was called; rejects with the signal's reason when it aborts. */
  run(): Promise<void>;
  stop(): void;
  report(): PaceReport;
}

/**
 * A pacer over absolute deadlines: frame `i` is due at start + i · frameMs whatever happened before, so there is no drift (a chain of relative timers loses
 * 2 to 4 per cent). A late frame is sent at once; none is ever left out.
 */
export function createPacer({ clock, signal, ...frames }: PaceOptions): Pacer {
  const schedule = createSchedule(frames);
  const stopped = new AbortController();
  return {
    ...schedule.record,
    get startedAt() {
      return schedule.startedAt;
    },
    async run() {
      const either = AbortSignal.any([signal, stopped.signal]);
      schedule.start(clock.now());
      while (schedule.dueAt < Infinity && !stopped.signal.aborted) {
        signal.throwIfAborted();
        const now = clock.now();
        const wait = schedule.dueAt - now;
        if (wait > 0) {
          await clock.sleep(Math.ceil(wait), either).catch((error: unknown) => {
            if (!stopped.signal.aborted) throw error;
          });
        } else schedule.sendNext(now);
      }
    },
    stop: () => stopped.abort(),
  };
}

/** A sender later than this at its 99th percentile, or with more than this unsent, measures itself. */
const LATE_MS = 20;
const BACKLOG_BYTES = 64 * 1024;

/** Why latencies must not be judged: the sender was late itself. */
export function invalidityOf({ p99Ms, peakBuffered }: Pick<PaceReport, 'p99Ms' | 'peakBuffered'>): { readonly invalid?: string } {
  if (p99Ms > LATE_MS) return { invalid: `sender late: p99 ${Math.round(p99Ms)} ms` };
  return peakBuffered > BACKLOG_BYTES ? { invalid: `sender backed up: ${Math.round(peakBuffered / 1024)} KiB unsent` } : {};
}
