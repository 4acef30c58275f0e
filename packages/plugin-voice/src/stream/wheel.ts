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
    const next = queue.first();
    if (next === undefined || next.schedule.dueAt >= armedFor) return;
    callOff();
    armedFor = next.schedule.dueAt;
    callOff = clock.after(Math.max(1, Math.ceil(armedFor - clock.now())), turn);
  };
  const turn = (): void => {
    armedFor = Infinity;
    const began = clock.now();
    for (let driven = queue.first(); driven !== undefined; driven = queue.first()) {
      const now = clock.now();
      if (driven.schedule.dueAt > now) break;
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

/** Streams by when their next frame is due: a binary heap, since among hundreds the one that moves is always the first. */
function createQueue(): { add(driven: Driven): void; first(): Driven | undefined; drop(): void; sink(): void } {
  const heap: Driven[] = [];
  const dueOf = (index: number): Millis => heap[index]?.schedule.dueAt ?? Infinity;
  const swap = (a: number, b: number): void => {
    const [one, other] = [heap[a], heap[b]];
    if (one === undefined || other === undefined) return;
    heap[a] = other;
    heap[b] = one;
  };
  const sink = (): void => {
    for (let at = 0; ; ) {
      const child = 2 * at + 1;
      const least = dueOf(child + 1) < dueOf(child) ? child + 1 : child;
      if (dueOf(least) >= dueOf(at)) return;
      swap(at, least);
      at = least;
    }
  };
  return {
    first: () => heap[0],
    add(driven) {
      heap.push(driven);
      for (let at = heap.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (dueOf(parent) <= dueOf(at)) return;
        swap(at, parent);
        at = parent;
      }
    },
    drop() {
      const last = heap.pop();
      if (last === undefined || heap.length === 0) return;
      heap[0] = last;
      sink();
    },
    sink,
  };
}
