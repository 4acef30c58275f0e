import type { Place, RunEventDraft } from '../events/event.js';
import type { Expression } from '../expression/types.js';
import type { Metric, Sample } from '../metrics/metric.js';
import type { Logger, StepType } from '../model/step-type.js';
import type { Environment } from '../model/words.js';
import type { Clock, Turns } from '../time/index.js';

/** What the execution of steps needs of the run around it; one per run. */
export interface StepHost {
  readonly clock: Clock;
  /** The turns in which attempts start. */
  readonly turns: Turns;
  readonly log: Logger;
  readonly environment: Environment;
  /** The environment variables of the suite, without its secrets. */
  readonly env: { readonly [name: string]: string };
  /** Rendered targets by name; also the egress allow-list. */
  readonly targets: { readonly [name: string]: string };
  readonly consents: ReadonlySet<string>;
  /** Step types by `use`, for nested steps. */
  readonly steps: ReadonlyMap<string, StepType>;
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly seed: number;
  /** Compiles a bare expression, once per text. */
  compile(text: string): Promise<Expression>;
  publish(draft: RunEventDraft): void;
  /** Puts a sample before the judge. */
  record(sample: Sample): void;
  /** Counts an attempt that ended in an error, for every metric its step type declares. */
  recordFailedAttempt(metrics: readonly Metric[], labels: Sample['labels']): void;
  /** Stores an artifact under the run folder and gives its path relative to it, numbered when that is taken; null when the run keeps no folder. */
  store(path: string, body: Uint8Array | string): Promise<string | null>;
}

/** Where an attempt stands: the row, the step and the folders its files are looked up in. */
export interface AttemptPlace {
  readonly place: Place;
  readonly step: string;
  readonly attempt: number;
  /** The folder of the suite file that holds the step. */
  readonly directory: string;
  /** The folder of the row's data file, when the row came from one. */
  readonly rowDirectory: string | undefined;
}
