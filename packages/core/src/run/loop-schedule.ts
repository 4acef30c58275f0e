import type { LoopSettings } from '../model/remedy.js';
import { parseCron } from '../time/cron.js';
import type { Clock, Millis } from '../time/index.js';

/** One beginning of a schedule. */
export interface Tick {
  /** How long until it is due; negative when it is over. To be asked again and again: a calendar clock may be set. */
  inMs(): Millis;
}

/** When loops begin. */
export interface Schedule {
  /** The next beginning, not before now, and how many came and went since the last one that was given. What was missed is never made up for. */
  next(): { readonly tick: Tick; readonly missed: number };
}

/** A clock that was set back by more than this was wrong before; by less, the beginnings of the repeated hours are not given twice. */
const SET_BACK_MS = 3 * 60 * 60_000;
/** So many missed beginnings are counted one by one. */
const MOST_COUNTED = 100_000;

/** The schedule of a loop. An interval begins at once and keeps its rhythm, however long loops take; a cron expression waits for its first moment. */
export function createSchedule(schedule: LoopSettings['schedule'], clock: Clock): Schedule {
  return 'everyMs' in schedule ? everySo(schedule.everyMs, clock) : byCron(schedule.cron, clock);
}

function everySo(everyMs: Millis, clock: Clock): Schedule {
  const origin = clock.now();
  let last = -1;
  return {
    next() {
      const index = last < 0 ? 0 : Math.max(last + 1, Math.ceil((clock.now() - origin) / everyMs));
      const missed = index - last - 1;
      last = index;
      return { tick: { inMs: () => origin + index * everyMs - clock.now() }, missed };
    },
  };
}

function byCron(text: string, clock: Clock): Schedule {
  const cron = parseCron(text);
  let last: Date | undefined;
  const isFarBack = (wall: Date, than: Date): boolean => than.getTime() - wall.getTime() >= SET_BACK_MS;
  return {
    next() {
      const wall = clock.wall();
      // Within the tolerance a clock that was set back must not give the same moment twice.
      let at = cron.nextAfter(last === undefined || isFarBack(wall, last) ? wall : last);
      let missed = 0;
      for (; at.getTime() < wall.getTime() && missed < MOST_COUNTED; at = cron.nextAfter(at)) missed += 1;
      if (at.getTime() < wall.getTime()) at = cron.nextAfter(wall);
      last = at;
      return { tick: cronTick(at, wall), missed };
    },
  };

  function cronTick(at: Date, made: Date): Tick {
    let [due, seen] = [at, made];
    return {
      inMs() {
        const wall = clock.wall();
        if (isFarBack(wall, seen)) last = due = cron.nextAfter(wall);
        seen = wall;
        return due.getTime() - wall.getTime();
      },
    };
  }
}
