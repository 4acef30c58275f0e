import type { LoopSettings } from '../model/remedy.js';
import type { Clock, Millis } from '../time/index.js';
import { takeFollowUp, type FollowUp } from './follow-up.js';
import { createSchedule, type Tick } from './loop-schedule.js';

/** So many loops in a row may be asked for by alerts before the schedule has its turn again. */
const MOST_FOLLOW_UPS = 3;

/** When the next loop begins, and why. */
export interface Pace {
  /** How long until a loop is due; 0 or less when one is. */
  dueIn(failing: boolean): Millis;
  /** Whether what is due is the schedule's own beginning. */
  readonly scheduled: boolean;
  /** Something to run at once. */
  ask(next: FollowUp): void;
  /** What was asked for, if its turn has come; it is taken once. */
  take(): FollowUp | undefined;
  /** A loop begins. */
  begin(): void;
  /** A loop has ended: gives how many beginnings of the schedule were missed meanwhile. */
  end(): number;
  /** Another schedule from now on. */
  change(settings: LoopSettings): void;
}

/** The pace that the settings of a suite ask for. */
export function createPace(given: LoopSettings, clock: Clock): Pace {
  let settings = given;
  let schedule = createSchedule(settings.schedule, clock);
  let tick: Tick = schedule.next().tick;
  let asked: FollowUp[] = [];
  let inARow = 0;
  let began = Number.NEGATIVE_INFINITY;
  let onSchedule = false;
  return {
    dueIn(failing) {
      const again = failing && settings.failingEveryMs !== undefined ? began + settings.failingEveryMs - clock.now() : Number.POSITIVE_INFINITY;
      return Math.min(tick.inMs(), again);
    },
    get scheduled() {
      return tick.inMs() <= 0;
    },
    ask: (next) => void asked.push(next),
    take() {
      const next = inARow < MOST_FOLLOW_UPS ? takeFollowUp(asked) : undefined;
      asked = [];
      inARow = next === undefined ? 0 : inARow + 1;
      return next;
    },
    begin() {
      began = clock.now();
      onSchedule = tick.inMs() <= 0;
    },
    end() {
      if (!onSchedule && tick.inMs() > 0) return 0;
      const next = schedule.next();
      tick = next.tick;
      // A beginning that came while a loop of another cause was at work was missed as well.
      return next.missed + (onSchedule ? 0 : 1);
    },
    change(now) {
      const same = JSON.stringify(now.schedule) === JSON.stringify(settings.schedule);
      settings = now;
      if (same) return;
      schedule = createSchedule(settings.schedule, clock);
      tick = schedule.next().tick;
    },
  };
}
