import type { RunEvent } from '../events/event.js';
import type { RunReport } from '../events/report.js';
import type { ObjectSchema } from '../schema/infer.js';
import type { JsonObject } from '../text/index.js';
import type { Logger } from './step-type.js';

/** Where a reporter writes. */
export interface ReporterIo {
  /** The run folder, absolute; null when the run keeps none. */
  readonly directory: string | null;
  /** Writes a whole file into the run folder, or nothing (atomic). The name may hold `/`; it may not leave the folder. Does nothing when there is no run folder. */
  write(name: string, body: string | Uint8Array): Promise<void>;
  readonly output: Output;
  readonly log: Logger;
  /** Options given in the suite: `reporters: [{ use: name, …options }]`. */
  readonly options: JsonObject;
}

/** A text stream for people. */
export interface Output {
  write(text: string): void;
  /** A terminal that can redraw lines. */
  readonly interactive: boolean;
  readonly color: boolean;
  /** Characters per line; 80 when unknown. */
  readonly columns: number;
}

/** Turns the stream of a run into something to read. It knows nothing but the events; the same events always make the same files, byte for byte. */
export interface Reporter {
  readonly name: string;
  /**
   * The run waits for this reporter and stops cleanly when it throws. Only for the evidence itself (the event log);
   * every other reporter is contained: a throw becomes a `warning` and the verdict does not move.
   */
  readonly lossless?: boolean;
  start?(io: ReporterIo): Promise<void> | void;
  on(event: RunEvent): Promise<void> | void;
  finish?(report: RunReport): Promise<void> | void;
}

/** Makes a fresh reporter for each run; state lives in the reporter, not in the factory. */
export interface ReporterType {
  readonly name: string;
  readonly description: string;
  /** As {@link Reporter.lossless}; said here too, so that a failing start stops the run. */
  readonly lossless?: boolean;
  /** The options beside `use`; with it a load checks them and fills in defaults. Without it they come as they are written, and `start` has to check them. */
  readonly with?: ObjectSchema;
  create(): Reporter;
}

/** Sends events elsewhere in batches. Slow or failing sinks lose events (counted, reported), never hold up the run. */
export interface TelemetrySink extends AsyncDisposable {
  readonly name: string;
  write(batch: readonly RunEvent[], signal: AbortSignal): Promise<void>;
}

/** Makes a sink from the options given in the suite: `sinks: [{ use: name, …options }]`. */
export interface SinkType {
  readonly name: string;
  readonly description: string;
  /** The options beside `use`; with it a load checks them and fills in defaults. Without it they come as they are written, and `create` has to check them. */
  readonly with?: ObjectSchema;
  create(options: JsonObject, io: { readonly log: Logger }): TelemetrySink | Promise<TelemetrySink>;
}

/** A reporter chosen by a suite. */
export interface ReporterUse {
  readonly type: ReporterType;
  readonly options: JsonObject;
}

/** A sink chosen by a suite. */
export interface SinkUse {
  readonly type: SinkType;
  readonly options: JsonObject;
}
