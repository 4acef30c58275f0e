import type { RunEvent } from '../events/event.js';
import type { SinkType } from '../model/outlet.js';
import { batchSink } from '../run/sinks.js';
import type { JsonObject } from '../text/index.js';
import { systemClock } from '../time/index.js';
import { optionsFor } from './options.js';

/** What came of sending events in a test. */
export interface SinkRun {
  /** What the run would have warned of: lost events, a sink that could not be closed. */
  readonly warnings: readonly string[];
}

/**
 * Gives events to a sink as the engine does: in batches, with repetitions and deadlines, flushed and closed at the end. Events come from `SAMPLE_RUNS`, or from a run of your own.
 * @throws RealopsError REALOPS_WITH_INVALID when the options do not fit its schema, as a load would; what the type throws when it makes the sink, which in a run would be a warning
 */
export async function runSink(type: SinkType, events: readonly RunEvent[], options: JsonObject = {}): Promise<SinkRun> {
  const warnings: string[] = [];
  const sink = batchSink(await type.create(optionsFor(type, options), { log: { debug: () => undefined, info: () => undefined, warn: (message) => void warnings.push(message) } }), { clock: systemClock, warn: (_, message) => void warnings.push(message) });
  for (const event of events) sink.offer(event);
  await sink.flush(FLUSH_MS);
  await sink.close(FLUSH_MS);
  return { warnings };
}

/** As long as a write may take with its repetitions. */
const FLUSH_MS = 20_000;
