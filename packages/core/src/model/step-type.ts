import type { Labels, Metric, MetricValue } from '../metrics/metric.js';
import type { Resource } from '../resource/index.js';
import type { Infer, ObjectSchema } from '../schema/infer.js';
import type { Clock, Millis } from '../time/index.js';
import type { Json, JsonObject } from '../text/index.js';
import type { Picture } from './picture.js';
import type { ConsentScope, Environment } from './words.js';

/** Messages for the operator; results are events and metrics. */
export interface Logger {
  debug(message: string, fields?: JsonObject): void;
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
}

/** A step inside another step's `with:` (`holds: 'step'`). */
export interface NestedStep {
  readonly use: string;
  readonly with?: unknown;
}

/** What a step may touch. Nothing global, nothing ambient. */
export interface StepContext {
  /** Aborts at the step's deadline or when the run is cancelled. Every wait must end on it. */
  readonly signal: AbortSignal;
  /** Calls back once when `signal` aborts, at once when it has; the returned function calls it off. Worth it in steps that run many times a second: a signal that nobody asks for is not made. */
  onAbort(call: () => void): () => void;
  readonly clock: Clock;
  readonly log: Logger;
  readonly environment: Environment;
  /** The environment variables that the suite was loaded with, without its secrets: what `${{ env.NAME }}` reads. For finding a program, say, never for settings of a test. */
  readonly env: { readonly [name: string]: string };
  readonly step: {
    readonly id: string;
    /** Counts from 1. */
    readonly attempt: number;
    /** 32 hex digits, one per row of a scenario; send it along so that the system's own logs can be joined. */
    readonly traceId: string;
    /** When the step was due on `clock.now()`; latencies of scheduled load count from here. */
    readonly intendedStart: Millis;
  };
  /** Numbers in [0, 1), the same for the same run seed, row and step. */
  random(): number;
  /**
   * Records a value of a declared metric. `invalid` says why the value must not be judged (it is kept and shown). `null`, of a distribution: a value was due and
   * never came, which is worse than any limit.
   * @throws RealopsError REALOPS_METRIC_UNKNOWN or REALOPS_METRIC_INVALID
   */
  measure(metric: string, value: MetricValue | null, options?: { readonly labels?: Labels; readonly invalid?: string }): void;
  /** Puts something that happened on the record: a partial transcript, a reconnect. `asr_partial` and `asr_final` are events of their own; other names become `note`. */
  note(event: string, fields: JsonObject): void;
  /**
   * Puts on the record what happened in the step over time, for the report to show. At most 8 lanes with 400 spans and marks; what is over is left out and counted.
   * @throws RealopsError REALOPS_PLUGIN_INVALID for times that are no numbers or run backwards
   */
  draw(picture: Picture): void;
  /** Stores an artifact in the run folder and gives its path there; gives null and stores nothing when the suite lacks the `scope`. */
  attach(name: string, body: Uint8Array | string, options: { readonly mediaType: string; readonly scope?: ConsentScope }): Promise<string | null>;
  /** Opens a resource that the engine closes when the step ends, in reverse order, whatever happens. */
  use<R>(resource: Resource<R>): Promise<R>;
  /**
   * The URL of a target name, or the given URL when its host and port are on the allow-list.
   * @throws RealopsError REALOPS_TARGET_UNKNOWN or REALOPS_EGRESS_DENIED
   */
  target(nameOrUrl: string): URL;
  /** The absolute path of a `holds: 'file'` parameter; relative paths start from the row's data file when `from` is `row`, else from the suite file. */
  file(path: string): string;
  /** The value of a bare JSONata expression over `input`. */
  evaluate(expression: string, input: Json): Promise<Json | undefined>;
  /** Runs a nested step (its metrics and resources included) and gives its output. */
  run(step: NestedStep): Promise<Json | undefined>;
}

/** Measurements that follow from an artifact alone: `realops replay --recompute` makes them again and holds them against what was recorded. */
export interface Recomputation {
  /** The name under which the step attaches the artifact, which is JSON. */
  readonly artifact: string;
  /** The metrics that follow from it; others of the step are left alone. */
  readonly metrics: readonly string[];
  /**
   * All values of those metrics, in the order in which the step measures them. Pure. Labels that do not follow from the artifact are left out.
   * @throws for an artifact that it does not understand, such as one of another version
   */
  measurements(artifact: Json): readonly RecomputedMeasurement[];
}

/** A value that was made again from an artifact. */
export interface RecomputedMeasurement {
  readonly metric: string;
  readonly value: MetricValue | null;
  readonly labels?: Labels;
  /** Why it must not be judged; null when it may be. Where neither follows from the artifact it is left out, and not compared. */
  readonly invalid?: string | null;
}

/** A step type as the engine holds it; made by `defineStep`. */
export interface StepType {
  /** `area.verb`, e.g. `voice.transcribe`. */
  readonly use: string;
  /** One sentence for lists, docs and completion. */
  readonly description: string;
  readonly with: ObjectSchema;
  /** The shape of the output; absent when the step gives none. Top-level names may not be names of roots (env, vars, steps, …). */
  readonly output?: ObjectSchema | undefined;
  readonly metrics?: readonly Metric[] | undefined;
  /** Consent scopes without which the step is skipped, with the reason. */
  readonly needs?: readonly ConsentScope[] | undefined;
  /** True when the step changes something outside; such steps refuse `production`. */
  readonly sideEffects?: boolean | undefined;
  readonly recompute?: Recomputation | undefined;
  run(parameters: never, context: StepContext): Promise<unknown>;
}

/** What `defineStep` takes: a step type whose `run` is typed by its own schema literals. */
export interface StepDefinition<W extends ObjectSchema, O extends ObjectSchema | undefined> {
  readonly use: string;
  readonly description: string;
  readonly with: W;
  readonly output?: O;
  readonly metrics?: readonly Metric[];
  readonly needs?: readonly ConsentScope[];
  readonly sideEffects?: boolean;
  readonly recompute?: Recomputation;
  run(parameters: Infer<W>, context: StepContext): Promise<O extends ObjectSchema ? Infer<O> : void>;
}
