import type { Clock, Millis } from '@alice/realops/plugin';
import { customProtocol, type Evaluate } from '../protocols/custom.js';
import { PROTOCOLS } from '../protocols/index.js';
import { createWheel } from '../stream/wheel.js';
import { countTimes, emptyHistogram } from './histogram.js';
import type { Job, ShareSummary, TurnResult } from './job.js';
import { sayClip, type DueTurn, type Surroundings } from './say-clip.js';
import { createStamp } from './wire.js';

/** What a thread needs to carry its part of a load. */
export interface ShareOptions {
  readonly job: Job;
  readonly clock: Clock;
  readonly evaluate: Evaluate;
  /** Hears of every turn when it has ended. */
  take(result: TurnResult): void;
}

/** A part of a load under way. */
export interface Share {
  /** Ends when all its streams have said what they had to, or were stopped, and their connections are closed. */
  readonly done: Promise<ShareSummary>;
  /** Cancels everything. */
  stop(): void;
}

/** Why turns end that nobody gave up. */
const STOPPED = new Error('the load was stopped');

/** Carries the streams of a job on this thread. */
export function startShare({ job, clock, evaluate, take }: ShareOptions): Share {
  const protocol = typeof job.protocol === 'string' ? PROTOCOLS[job.protocol] : customProtocol(job.protocol, evaluate);
  let lateness = emptyHistogram();
  const around: Surroundings = {
    job, protocol, clock, wheel: createWheel(clock), stamp: createStamp(clock), origin: clock.now(),
    sent: (times, frames) => void (lateness = countTimes(lateness, times, frames)),
  };
  // A signal for each wait of each stream, since one that hundreds listen to is slow.
  const lives = new Set<AbortController>();
  let stopped = false;
  const live = async <T>(work: (life: AbortController) => Promise<T>): Promise<T> => {
    const life = new AbortController();
    lives.add(life);
    try {
      return await work(life);
    } finally {
      lives.delete(life);
    }
  };
  const run = async ({ number, startMs }: Job['streams'][number]): Promise<void> => {
    let dueAt = around.origin + startMs;
    for (let turn = 0; ; turn += 1) {
      await live((life) => waitUntil(dueAt, clock, life.signal));
      if (stopped) return;
      const clip = (number + turn) % job.clips.length;
      // A turn takes as long as its speech, also when it failed at once: a recogniser that refuses is not asked more often than one that listens.
      const nextAt = dueAt + spokenMs(job, clip);
      const isLast = (): boolean => (job.turns === null ? Math.max(clock.now(), nextAt) >= around.origin + job.untilMs : turn + 1 >= job.turns);
      const due: DueTurn = { stream: number, turn, isLast, clip, dueAt };
      const result = await live((life) => sayClip(due, life, around));
      if (result === undefined) return;
      take(result);
      if (result.isLast) return;
      dueAt = Math.max(clock.now(), nextAt);
    }
  };
  return {
    done: Promise.all(job.streams.map(run)).then(() => ({ streams: job.streams.length, lateness })),
    stop() {
      stopped = true;
      for (const life of lives) life.abort(STOPPED);
    },
  };
}

function spokenMs({ clips }: Job, number: number): Millis {
  const clip = clips[number];
  return clip === undefined ? 0 : (clip.endFrame + 1) * clip.speech.frameMs;
}

async function waitUntil(at: Millis, clock: Clock, signal: AbortSignal): Promise<void> {
  const wait = at - clock.now();
  if (wait > 0) await clock.sleep(wait, signal).catch(() => undefined);
}
