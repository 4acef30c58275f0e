import { asRealopsError, messageOf, type RealopsError } from '../errors/index.js';
import type { RunEvent, RunEventDraft } from '../events/event.js';
import { createLineMaker, type LineMaker } from '../events/line.js';
import { rememberLine } from '../events/serialise.js';
import { stampEvent } from '../events/stamp.js';
import type { Redactor } from '../privacy/index.js';
import { roundToThousandths } from '../text/index.js';
import type { Clock } from '../time/index.js';
import { createDelivery, type Delivery, type Subscriber } from './delivery.js';

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

/** A stream without subscribers. Events are handed over once a turn of the event loop, all of a turn together. */
export function createStream({ clock, runId, redactor, onFailure }: StreamOptions): Stream {
  const readers: Delivery[] = [];
  const timestamp = stampOf(clock);
  const lines = createLineMaker();
  const origin = clock.now();
  let seq = 0;
  let failure: RealopsError | undefined;
  let arranged = false;

  const fail = ({ name, lossless }: Subscriber, error: unknown): void => {
    if (!lossless) return publish({ event: 'warning', about: name, code: 'REALOPS_REPORTER_FAILED', message: `${name} failed and was switched off; the verdict is not affected: ${messageOf(error)}` });
    failure ??= asRealopsError(error, 'REALOPS_LOG_WRITE');
    onFailure(failure);
  };
  const deliver = (): void => {
    arranged = false;
    for (const reader of readers) reader.deliver();
  };
  const publish = (draft: RunEventDraft): void => {
    seq += 1;
    const event = seal(stampEvent(draft, { seq, timestamp: timestamp(), at_ms: roundToThousandths(clock.now() - origin), run_id: runId }), redactor, lines);
    for (const reader of readers) {
      if (!reader.stopped && (reader.subscriber.lossless || reader.waiting < MOST_WAITING)) reader.put(event);
    }
    if (arranged) return;
    arranged = true;
    clock.nextTurn(deliver);
  };
  return {
    publish,
    subscribe: (subscriber) => void readers.push(createDelivery(subscriber, (error) => fail(subscriber, error))),
    ready() {
      if (failure !== undefined) return Promise.reject(failure);
      const slow = readers.flatMap((reader) => (reader.subscriber.lossless && reader.waiting > HIGH_WATER ? [reader.emptied() ?? Promise.resolve()] : []));
      return slow.length === 0 ? undefined : Promise.all(slow).then(() => undefined);
    },
    async drain(limitMs, signal) {
      const limit = new AbortController();
      const stop = (): void => limit.abort();
      signal.addEventListener('abort', stop, { once: true });
      const late = clock.sleep(limitMs, limit.signal).then(
        () => 'late' as const,
        () => 'late' as const,
      );
      const done = await Promise.all(
        readers.map(async (reader) => {
          for (let empty = reader.emptied(); empty !== undefined; empty = reader.emptied()) {
            const outcome = reader.subscriber.lossless ? await empty : await Promise.race([empty, late]);
            if (outcome === 'late') return [reader.subscriber.name];
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

/** The calendar time as text. Many events share a millisecond, and making the text costs more than all the rest of a stamp. */
function stampOf(clock: Clock): () => string {
  let millisecond = Number.NaN;
  let text = '';
  return () => {
    const wall = clock.wall();
    if (wall.getTime() !== millisecond) {
      millisecond = wall.getTime();
      text = wall.toISOString();
    }
    return text;
  };
}

/** Redacts and freezes: the serialised line is tested first, since almost every event is clean, and stays with the event for the log. */
function seal(event: RunEvent, redactor: Redactor, lines: LineMaker): RunEvent {
  const quick = lines.quick(event);
  const line = quick ?? JSON.stringify(event);
  if (quick === undefined ? redactor.clean(line) : redactor.holdsNoSecret(line)) {
    rememberLine(event, line);
    return Object.freeze(event);
  }
  // Redaction changes strings only, so the event keeps its type.
  const redacted: unknown = redactor.json(JSON.parse(line));
  return Object.freeze(redacted as RunEvent);
}
