import type { Clock, Millis } from '@alice/realops/plugin';
import type { Pacer } from './pace.js';
import { createSchedule, type Schedule, type ScheduleOptions } from './schedule.js';
import { createSettlement, type Settlement } from './settlement.js';

/** One timer for many streams: a timer for each of hundreds costs more than what it sends. */
export interface Wheel {
  /** A pacer that is driven by this wheel; otherwise like that of `createPacer`. */
  pacer(options: ScheduleOptions & { readonly signal: AbortSignal }): Pacer;
}

/** A stream that the wheel drives. */
interface Driven {
  readonly schedule: Schedule;
  readonly ended: Settlement;
}

/** When so much time went by in one go, what has arrived meanwhile is read first. */
const ONE_GO_MS: Millis = 8;

/** A wheel without streams. It holds a timer only while frames are to come. */
export function createWheel(clock: Pick<Clock, 'now' | 'after' | 'nextTurn'>): Wheel {
  const queue = createQueue();
  let callOff: () => void = () => undefined;
  let armedFor = Infinity;
  const arm = (): void => {
    if (queue.dueAt() >= armedFor) return;
    callOff();
    armedFor = queue.dueAt();
    callOff = clock.after(Math.max(1, Math.ceil(armedFor - clock.now())), turn);
  };
  const turn = (): void => {
    armedFor = Infinity;
    const began = clock.now();
    for (let driven = queue.first(); driven !== undefined; driven = queue.first()) {
      const now = clock.now();
      if (queue.dueAt() > now) break;
      if (now - began > ONE_GO_MS) {
        armedFor = -Infinity;
        return clock.nextTurn(turn);
      }
      if (!driven.ended.settled()) sendOne(driven, now);
      if (driven.ended.settled()) queue.drop();
      else queue.sink();
    }
    arm();
  };
  return {
    pacer({ signal, ...frames }) {
      const schedule = createSchedule(frames);
      const ended = createSettlement();
      const abort = (): void => ended.reject(signal.reason);
      return {
        ...schedule.record,
        get startedAt() {
          return schedule.startedAt;
        },
        async run() {
          signal.throwIfAborted();
          if (ended.settled()) return;
          signal.addEventListener('abort', abort, { once: true });
          schedule.start(clock.now());
          if (schedule.dueAt === Infinity) ended.resolve();
          else queue.add({ schedule, ended });
          arm();
          try {
            await ended.promise;
          } finally {
            signal.removeEventListener('abort', abort);
          }
        },
        stop: () => ended.resolve(),
      };
    },
  };
}

function sendOne({ schedule, ended }: Driven, now: Millis): void {
  try {
    schedule.sendNext(now);
    if (schedule.dueAt === Infinity) ended.resolve();
  } catch (error) {
    ended.reject(error);
  }
}

/**
 * Streams by when their next frame is due: a binary heap, since among hundreds the one that moves is always the first. The times stand apart from the streams, as bare numbers: this is asked
 * twenty times a frame.
 */
function createQueue(): { add(driven: Driven): void; first(): Driven | undefined; dueAt(): Millis; drop(): void; sink(): void } {
  const heap: Driven[] = [];
  const due: Millis[] = [];
  const dueOf = (index: number): Millis => due[index] ?? Infinity;
  const put = (at: number, driven: Driven, time: Millis): void => {
    heap[at] = driven;
    due[at] = time;
  };
  /** Finds the place of a stream from the top down, and moves up those that come before it. */
  const settle = (driven: Driven, time: Millis): void => {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const least = dueOf(left + 1) < dueOf(left) ? left + 1 : left;
      const above = heap[least];
      if (above === undefined || dueOf(least) >= time) return put(at, driven, time);
      put(at, above, dueOf(least));
      at = least;
    }
  };
  return {
    first: () => heap[0],
    dueAt: () => dueOf(0),
    add(driven) {
      const time = driven.schedule.dueAt;
      let at = heap.push(driven) - 1;
      due.push(time);
      for (let parent = (at - 1) >> 1; at > 0 && dueOf(parent) > time; parent = (at - 1) >> 1) {
        const below = heap[parent];
        if (below === undefined) break;
        put(at, below, dueOf(parent));
        at = parent;
      }
      put(at, driven, time);
    },
    drop() {
      const [last, time] = [heap.pop(), due.pop()];
      if (last !== undefined && time !== undefined && heap.length > 0) settle(last, time);
    },
    sink() {
      const [first] = heap;
      if (first !== undefined) settle(first, first.schedule.dueAt);
    },
  };
}
