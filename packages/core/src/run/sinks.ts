import { messageOf } from '../errors/index.js';
import type { RunEvent } from '../events/event.js';
import type { TelemetrySink } from '../model/outlet.js';
import type { Clock } from '../time/index.js';
import { untilAborted, startDeadline } from '../time/index.js';

/** How a sink is fed. */
export interface BatchOptions {
  readonly clock: Clock;
  readonly warn: (about: string, message: string) => void;
  readonly size?: number;
  readonly ageMs?: number;
  readonly mostWaiting?: number;
  readonly writeMs?: number;
}

/** A sink with a bounded buffer before it. */
export interface BatchedSink {
  readonly name: string;
  offer(event: RunEvent): void;
  /** Sends what is waiting within the limit; a sink that does not manage is given up, and what was lost is told. Never rejects. */
  flush(limitMs: number): Promise<void>;
  /** Flushes and closes the sink. Never rejects. */
  close(limitMs: number): Promise<void>;
}

/** Batches events by size and age; a write that fails is tried three times with growing pauses, a write that hangs is given up; what does not fit is dropped, oldest first, and counted. */
export function batchSink(sink: TelemetrySink, options: BatchOptions): BatchedSink {
  const { clock, warn, size = 200, ageMs = 500, mostWaiting = 20_000, writeMs = 5_000 } = options;
  const life = new AbortController();
  let waiting: RunEvent[] = [];
  let lost = 0;
  let inFlight = 0;
  let running: Promise<void> | undefined;
  let closing = false;

  const send = async (batch: readonly RunEvent[]): Promise<void> => {
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      using deadline = startDeadline(clock, writeMs, life.signal, `a write of the sink ${sink.name}`);
      try {
        return await untilAborted(sink.write(batch, deadline.signal), deadline.signal);
      } catch (error) {
        if (life.signal.aborted) return;
        if (attempt === 3) {
          lost += batch.length;
          return warn(sink.name, `${batch.length} events were lost: ${messageOf(error)}`);
        }
        await clock.sleep(200 * attempt ** 2, life.signal).catch(() => undefined);
      }
    }
  };
  const loop = async (): Promise<void> => {
    while (waiting.length > 0 && !life.signal.aborted) {
      if (waiting.length < size && !closing) await clock.sleep(ageMs, life.signal).catch(() => undefined);
      const batch = waiting.splice(0, size);
      inFlight = batch.length;
      if (batch.length > 0) await send(batch);
      if (!life.signal.aborted) inFlight = 0;
    }
  };
  const start = (): void => {
    running ??= loop().finally(() => {
      running = undefined;
      if (waiting.length > 0 && !life.signal.aborted) start();
    });
  };
  const flush = async (limitMs: number): Promise<void> => {
    if (life.signal.aborted) return;
    closing = true;
    const limit = new AbortController();
    const late = clock.sleep(limitMs, limit.signal).then(() => true, () => false);
    const emptied = (async () => {
      while (running !== undefined) await running;
      return false;
    })();
    const hung = await Promise.race([emptied, late]);
    limit.abort();
    closing = false;
    if (hung) {
      lost += waiting.length + inFlight;
      life.abort(new Error('the sink did not take its events'));
    }
    if (lost > 0) warn(sink.name, `${lost} events were not delivered`);
    lost = 0;
  };
  return {
    name: sink.name,
    offer(event) {
      if (life.signal.aborted) return;
      waiting.push(event);
      if (waiting.length > mostWaiting) {
        waiting = waiting.slice(-mostWaiting);
        lost += 1;
      }
      start();
    },
    flush,
    async close(limitMs) {
      await flush(limitMs);
      life.abort(new Error('the sink was closed'));
      const limit = new AbortController();
      const late = clock.sleep(limitMs, limit.signal).catch(() => undefined);
      await Promise.race([Promise.resolve(sink[Symbol.asyncDispose]()).catch((error: unknown) => warn(sink.name, `could not be closed: ${messageOf(error)}`)), late]);
      limit.abort();
    },
  };
}
