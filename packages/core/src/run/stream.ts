import { asRealopsError, messageOf, type RealopsError } from '../errors/index.js';
import type { RunEvent, RunEventDraft } from '../events/event.js';
import { rememberLine } from '../events/serialise.js';
import type { Redactor } from '../privacy/index.js';
import type { Clock } from '../time/index.js';

/** One reader of the stream. Calls never overlap and come in order. */
export interface Subscriber {
  readonly name: string;
  /** The run waits for it and stops when it throws. */
  readonly lossless: boolean;
  on(event: RunEvent): Promise<void> | void;
}

/** The one stream of a run. */
export interface Stream {
  /** Redacts, stamps, freezes and hands an event to every subscriber's own queue. Never throws, never waits. */
  publish(draft: RunEventDraft): void;
  subscribe(subscriber: Subscriber): void;
  /** Resolves when the queues are short enough to go on; rejects with the failure of a lossless subscriber. */
  ready(): Promise<void> | undefined;
  /** Resolves when every subscriber has taken everything so far, or after `limitMs` for those that are not lossless; gives the names of the late ones. */
  drain(limitMs: number, signal: AbortSignal): Promise<readonly string[]>;
  /** The failure of a lossless subscriber; the log is the evidence, so the run must stop. */
  readonly failure: RealopsError | undefined;
}

/** What stamps events. */
export interface StreamOptions {
  readonly clock: Clock;
  readonly runId: string;
  readonly redactor: Redactor;
  /** Called once when a lossless subscriber fails. */
  readonly onFailure: (error: RealopsError) => void;
}

/** Above this many waiting events the run waits for a lossless subscriber. */
const HIGH_WATER = 4_096;
/** A subscriber that is not lossless loses further events above this. */
const MOST_WAITING = 200_000;

interface Queue {
  readonly subscriber: Subscriber;
  events: RunEvent[];
  /** The pump that is running; undefined when the queue is empty. */
  pump: Promise<void> | undefined;
  dropped: number;
  stopped: boolean;
}

/** A stream without subscribers. */
export function createStream(options: StreamOptions): Stream {
  const queues: Queue[] = [];
  const origin = options.clock.now();
  let seq = 0;
  let failure: RealopsError | undefined;

  const fail = (queue: Queue, error: unknown): void => {
    queue.stopped = true;
    queue.events = [];
    const { name, lossless } = queue.subscriber;
    if (!lossless) return publish({ event: 'warning', about: name, code: 'REALOPS_REPORTER_FAILED', message: `${name} failed and was switched off; the verdict is not affected: ${messageOf(error)}` });
    failure ??= asRealopsError(error, 'REALOPS_LOG_WRITE');
    options.onFailure(failure);
  };
  /** Ends in the same tick in which it finds the queue empty, so that no event is pushed to a queue whose pump has just ended. */
  const pump = async (queue: Queue): Promise<void> => {
    while (queue.events.length > 0 && !queue.stopped) {
      const batch = queue.events;
      queue.events = [];
      for (const event of batch) {
        try {
          const waiting = queue.subscriber.on(event);
          if (waiting !== undefined) await waiting;
        } catch (error) {
          queue.pump = undefined;
          return fail(queue, error);
        }
      }
    }
    queue.pump = undefined;
  };
  const publish = (draft: RunEventDraft): void => {
    seq += 1;
    const stamp = { seq, timestamp: options.clock.wall().toISOString(), at_ms: Math.round((options.clock.now() - origin) * 1_000) / 1_000, run_id: options.runId };
    const event = seal(draft, stamp, options.redactor);
    for (const queue of queues) {
      if (queue.stopped) continue;
      if (!queue.subscriber.lossless && queue.events.length >= MOST_WAITING) {
        queue.dropped += 1;
        continue;
      }
      queue.events.push(event);
      queue.pump ??= Promise.resolve().then(() => pump(queue));
    }
  };
  return {
    publish,
    subscribe: (subscriber) => void queues.push({ subscriber, events: [], pump: undefined, dropped: 0, stopped: false }),
    ready() {
      if (failure !== undefined) return Promise.reject(failure);
      const slow = queues.filter(({ subscriber, events, stopped }) => subscriber.lossless && !stopped && events.length > HIGH_WATER);
      return slow.length === 0 ? undefined : Promise.all(slow.map(async (queue) => queue.pump)).then(() => undefined);
    },
    async drain(limitMs, signal) {
      const limit = new AbortController();
      const stop = (): void => limit.abort();
      signal.addEventListener('abort', stop, { once: true });
      const late = options.clock.sleep(limitMs, limit.signal).then(
        () => 'late' as const,
        () => 'late' as const,
      );
      const done = await Promise.all(
        queues.map(async (queue) => {
          while (queue.pump !== undefined && !queue.stopped) {
            const outcome = queue.subscriber.lossless ? await queue.pump : await Promise.race([queue.pump, late]);
            if (outcome === 'late') return [queue.subscriber.name];
          }
          return [];
        }),
      );
      signal.removeEventListener('abort', stop);
      limit.abort();
      return done.flat();
    },
    get failure() {
      return failure;
    },
  };
}

/** Stamps, redacts and freezes: the serialised line is tested first, since almost every event is clean, and stays with the event for the log. */
function seal(draft: RunEventDraft, stamp: { readonly seq: number; readonly timestamp: string; readonly at_ms: number; readonly run_id: string }, redactor: Redactor): RunEvent {
  // Assigning is thirty times faster here than spreading two objects of changing shape.
  const event: RunEvent = Object.assign(stamp, draft);
  const line = JSON.stringify(event);
  if (redactor.clean(line)) {
    rememberLine(event, line);
    return Object.freeze(event);
  }
  // Redaction changes strings only, so the event keeps its type.
  const redacted: unknown = redactor.json(JSON.parse(line));
  return Object.freeze(redacted as RunEvent);
}
