import type { SourceRange } from '../errors/index.js';
import type { Metric } from '../metrics/metric.js';
import type { JsonObject } from '../text/index.js';
import type { Expression, Functions, Template } from '../expression/types.js';
import type { ActionType, NotifierType } from './action-type.js';
import type { Knob } from './knob.js';
import type { AlertRule, DiagnosisRule, LoopSettings, NotifyChannel, Remedy } from './remedy.js';
import type { SloDefinition } from './slo.js';
import type { StepType } from './step-type.js';
import type { Environment } from './words.js';
import type { ReporterType, ReporterUse, SinkUse } from './outlet.js';


/** A loaded, checked suite: every name resolved, every expression compiled. Immutable; may be run any number of times. */
export interface Suite {
  readonly name: string;
  readonly environment: Environment;
  /** The file that was loaded first, absolute; paths in the suite are relative to the file that names them. */
  readonly file: string;
  /** All files that make up the suite, absolute, in load order. */
  readonly files: readonly string[];
  /** Named endpoints, rendered; also the egress allow-list (host and port). */
  readonly targets: { readonly [name: string]: string };
  /** Secret values by name. Not enumerable in any output; register with the redactor before use. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Secrets that the suite names but the environment does not set; rows that need one are skipped with that reason. */
  readonly missingSecrets: ReadonlySet<string>;
  /** Targets whose URL needs a missing secret, with the name of that secret. */
  readonly missingTargets: ReadonlyMap<string, string>;
  readonly consents: ReadonlySet<string>;
  readonly vars: JsonObject;
  /** The environment variables that expressions may read as `env.NAME`. */
  readonly env: { readonly [name: string]: string };
  readonly preflight: readonly Step[];
  readonly scenarios: readonly Scenario[];
  /** Every step type that was loaded, by `use`. */
  readonly steps: ReadonlyMap<string, StepType>;
  /** Functions of plugins, for expressions. */
  readonly functions: Functions;
  /** Every metric that can be measured in this suite, by name. */
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly userMetrics: readonly UserMetric[];
  readonly slos: readonly SloDefinition[];
  readonly reporters: readonly ReporterUse[];
  /** Every reporter that was loaded, by name. */
  readonly reporterTypes: ReadonlyMap<string, ReporterType>;
  readonly sinks: readonly SinkUse[];
  readonly diagnoses: readonly DiagnosisRule[];
  readonly knobs: ReadonlyMap<string, Knob>;
  readonly remedies: readonly Remedy[];
  /** Every action that was loaded, by `use`. */
  readonly actions: ReadonlyMap<string, ActionType>;
  readonly alerts: readonly AlertRule[];
  readonly channels: ReadonlyMap<string, NotifyChannel>;
  /** Every notifier that was loaded, by name. */
  readonly notifiers: ReadonlyMap<string, NotifierType>;
  readonly loop: LoopSettings;
}

/** A metric computed from the output of every step with the id `from`. */
export interface UserMetric {
  readonly metric: Metric;
  readonly from: string;
  readonly value: Expression;
}

/** An ordered list of steps over rows of data. */
export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly source: SourceRange;
  /** Locks: two scenarios that share one never overlap. */
  readonly exclusive: readonly string[];
  readonly data: RowSource | undefined;
  readonly setup: readonly Step[];
  readonly steps: readonly Step[];
  readonly finally: readonly Step[];
}

/** The rows of a scenario, read and checked at load; the plan shuffles and limits them. */
export interface RowSource {
  readonly rows: readonly Row[];
  /** A number is the seed; true takes the seed of the run; false keeps the order of the file. */
  readonly shuffle: boolean | number;
  readonly limit: number | undefined;
  /** How many rows may run at once. */
  readonly parallel: number;
}

/** One record of a data-driven scenario. `number` counts from 1 in the order of the data, before filters and shuffling. */
export interface Row {
  readonly number: number;
  readonly values: JsonObject;
  /** The folder that relative paths in this row start from. */
  readonly directory: string;
}

/** The causes a retry may be limited to. */
export type RetryCause = 'connection' | 'timeout' | 'expect' | 'error';

/** How often a failed attempt is repeated. Every attempt is recorded. */
export interface Retry {
  /** All attempts together, the first included. */
  readonly attempts: number;
  readonly on: readonly RetryCause[];
  readonly delayMs: number;
  /** The factor by which the delay grows from attempt to attempt. */
  readonly backoff: number;
}

/** What the engine needs to know of every step, whatever it does. */
interface StepFrame {
  /** Given or made from the position: `step2`, `setup1`. Unique in its scenario. */
  readonly id: string;
  readonly source: SourceRange;
  readonly if: Expression | undefined;
  readonly each: Template | undefined;
  readonly onFailure: 'stop' | 'continue';
}

/** A step that calls a step type. */
export interface CallStep extends StepFrame {
  readonly kind: 'call';
  readonly type: StepType;
  readonly with: Template;
  /** The folder that `file` parameters of this step start from. */
  readonly directory: string;
  readonly expect: readonly Expression[];
  readonly timeoutMs: number;
  readonly retry: Retry;
  readonly repeat: { readonly times: number; readonly delayMs: number } | undefined;
  readonly until: Expression | undefined;
  readonly save: readonly { readonly name: string; readonly value: Expression }[];
  readonly measure: readonly { readonly metric: string; readonly value: Expression }[];
}

/** Steps that start together; the step ends when all have ended. */
export interface ParallelStep extends StepFrame {
  readonly kind: 'parallel';
  readonly steps: readonly Step[];
}

/** One entry of `preflight`, `setup`, `steps` or `finally`. */
export type Step = CallStep | ParallelStep;

