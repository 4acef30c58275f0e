import type { ErrorCode } from '../errors/index.js';
import type { Labels, Metric, MetricKind, Unit } from '../metrics/metric.js';
import type { JudgedSlo } from '../model/slo.js';
import type { Tone } from '../model/picture.js';
import type { Environment, Outcome, StepOutcome } from '../model/words.js';
import type { Json, JsonObject } from '../text/index.js';
import type { RemedyEvent } from './remedy-event.js';

/** What every event carries. Field names are those of `log.jsonl`; there is no mapping layer. */
export interface EventBase {
  /** Counts from 1 without gaps within a run. */
  readonly seq: number;
  /** UTC, ISO 8601 with milliseconds. */
  readonly timestamp: string;
  /** Milliseconds since `run_start` on the monotonic clock, with microsecond digits; use it for durations and time lines. */
  readonly at_ms: number;
  readonly run_id: string;
}

/** Where something happened: one row of a scenario (row 1 when there is no data) or a preflight check (`scenario: 'preflight'`). */
export interface Place {
  readonly scenario: string;
  readonly row: number;
  /** 32 hex digits, one per row. */
  readonly trace_id: string;
}

/** A place in a suite file, as events hold it. `file` is relative to the folder of the suite file. */
export interface EventSource {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A failure as events hold it. */
export interface EventError {
  readonly code: ErrorCode | string;
  readonly message: string;
  readonly hint: string | null;
}

/** One expectation with what came of it. `got` holds the values of the names it reads. */
export interface EventExpectation {
  readonly expression: string;
  readonly held: boolean;
  readonly got: JsonObject;
}

/** The first event: everything a reader needs to understand the rest. */
export interface RunStart extends EventBase {
  readonly event: 'run_start';
  readonly engine: string;
  readonly suite: string;
  readonly environment: Environment;
  readonly seed: number;
  readonly concurrency: number;
  /** Suite files relative to the folder of the first one. */
  readonly files: readonly string[];
  /** The suite as named on the command line, for commands that run a part of it again. */
  readonly suite_argument: string;
  /** The state folder as named on the command line; null when it is where commands look for it. */
  readonly state_argument: string | null;
  readonly scenarios: readonly { readonly id: string; readonly title: string; readonly tags: readonly string[]; readonly rows: number; readonly exclusive: readonly string[]; readonly source: EventSource }[];
  readonly preflight: readonly string[];
  readonly slos: readonly { readonly id: string; readonly title: string; readonly target: string; readonly objective: string; readonly metric: string; readonly where: { readonly [label: string]: readonly string[] } }[];
  readonly metrics: readonly Metric[];
  /** The reporters with their options, so that replay drives them as the run did. */
  readonly reporters: readonly { readonly name: string; readonly options: JsonObject }[];
}

/** One of the five phases begins. */
export interface PhaseStart extends EventBase {
  readonly event: 'phase_start';
  readonly phase: 'preflight' | 'execute' | 'analyse' | 'remedy' | 'report';
}

/** A row of a scenario waits for a lock that another scenario holds. */
export interface LockWait extends EventBase {
  readonly event: 'lock_wait';
  readonly scenario: string;
  readonly locks: readonly string[];
}

/** A row of a scenario begins. */
export interface TestStart extends EventBase, Place {
  readonly event: 'test_start';
  /** The lane it runs in, from 0. */
  readonly lane: number;
}

/** A row of a scenario has ended. */
export interface TestEnd extends EventBase, Place {
  readonly event: 'test_end';
  readonly outcome: StepOutcome;
  readonly duration_ms: number;
  /** The most attempts any of its steps took; above 1 with outcome `passed` the row is flaky. */
  readonly attempts: number;
  /** Why it was skipped, or null. */
  readonly reason: string | null;
}

/** An attempt of a step begins. */
export interface StepStart extends EventBase, Place {
  readonly event: 'step_start';
  readonly step: string;
  readonly use: string;
  readonly phase: 'preflight' | 'setup' | 'steps' | 'finally';
  readonly attempt: number;
}

/** An attempt of a step has ended. */
export interface StepEnd extends EventBase, Place {
  readonly event: 'step_end';
  readonly step: string;
  readonly use: string;
  readonly phase: 'preflight' | 'setup' | 'steps' | 'finally';
  readonly attempt: number;
  /** Another attempt follows this one. */
  readonly retried: boolean;
  readonly outcome: StepOutcome;
  readonly duration_ms: number;
  readonly source: EventSource;
  /** Why it failed, broke or was skipped; null when it passed. */
  readonly error: EventError | null;
  /** All expectations of a failed attempt; empty otherwise. */
  readonly expectations: readonly EventExpectation[];
  /** The rendered parameters of a failed attempt, shortened; null otherwise. */
  readonly sent: Json;
  /** The output of a failed attempt, shortened; null otherwise. */
  readonly received: Json;
}

/** A partial transcript. `latency_ms` counts from the moment the first speech sample was sent. */
export interface AsrPartial extends EventBase, Place {
  readonly event: 'asr_partial';
  readonly step: string;
  readonly text: string;
  readonly [field: string]: Json;
}

/** A final transcript. `latency_ms` counts from the moment the last speech sample was sent. */
export interface AsrFinal extends EventBase, Place {
  readonly event: 'asr_final';
  readonly step: string;
  readonly text: string;
  readonly [field: string]: Json;
}

/** Something else that a step put on the record. */
export interface Note extends EventBase, Place {
  readonly event: 'note';
  readonly step: string;
  readonly name: string;
  readonly fields: JsonObject;
}

/** What happened in an attempt of a step over time, as the step drew it. Times in ms from the beginning of the picture, to the hundredth. */
export interface PictureDrawn extends EventBase, Place {
  readonly event: 'picture';
  readonly step: string;
  readonly attempt: number;
  /** Empty when it has none. */
  readonly title: string;
  readonly duration_ms: number;
  /** In the order of the step; what is in them in the order of time. Labels may be empty. */
  readonly lanes: readonly {
    readonly name: string;
    readonly spans: readonly { readonly from_ms: number; readonly to_ms: number; readonly tone: Tone; readonly label: string }[];
    readonly marks: readonly { readonly at_ms: number; readonly tone: Tone; readonly label: string }[];
  }[];
  /** Spans and marks that were left out: over the bounds, or outside of the time. */
  readonly dropped: number;
}

/** An artifact was stored; the log says what was in it without holding it. */
export interface ArtifactStored extends EventBase, Place {
  readonly event: 'artifact_stored';
  readonly step: string;
  readonly attempt: number;
  /** The name that the step gave it. */
  readonly name: string;
  /** Where it lies, relative to the run folder. */
  readonly path: string;
  readonly media_type: string;
  readonly bytes: number;
  /** Of its bytes, in hex. */
  readonly sha256: string;
}

/** One measurement. */
export interface Measured extends EventBase, Place {
  readonly event: 'measured';
  readonly step: string;
  readonly attempt: number;
  readonly metric: string;
  readonly kind: MetricKind;
  readonly unit: Unit;
  /** A number; 1 or 0 for a rate; the part of a ratio; null when the attempt failed before there was a value. */
  readonly value: number | null;
  /** The whole of a ratio; null for other kinds. */
  readonly whole: number | null;
  /** Why it must not be judged; null when it may. */
  readonly invalid: string | null;
  readonly labels: Labels;
}

/** The verdict on one SLO. */
export interface SloJudged extends EventBase {
  readonly event: 'slo_judged';
  readonly slo: JudgedSlo;
}

/** An SLO that failed, in short. */
export interface SloViolation extends EventBase {
  readonly event: 'slo_violation';
  readonly slo: string;
  readonly metric: string;
  readonly value: number | null;
  readonly threshold: number;
  readonly unit: Unit;
  readonly proven: boolean;
}

/** A person has to do something. */
export interface ManualRequired extends EventBase {
  readonly event: 'manual_required';
  readonly what: string;
  /** The command that does it or shows more, or null. */
  readonly command: string | null;
}

/** Something that does not change a verdict but that a person should know: a failing reporter, a close that failed, dropped events. */
export interface Warning extends EventBase {
  readonly event: 'warning';
  /** Who: the name of a reporter, sink, plugin or resource. */
  readonly about: string;
  readonly code: ErrorCode | string;
  readonly message: string;
}

/** The last event. */
export interface RunEnd extends EventBase {
  readonly event: 'run_end';
  readonly outcome: Outcome;
  readonly exit_code: number;
  readonly duration_ms: number;
  /** One sentence: why this outcome. */
  readonly reason: string;
}

/** The one stream of a run, in the very form that `log.jsonl` holds. */
export type RunEvent =
  | RunStart
  | PhaseStart
  | LockWait
  | TestStart
  | TestEnd
  | StepStart
  | StepEnd
  | AsrPartial
  | AsrFinal
  | Note
  | PictureDrawn
  | ArtifactStored
  | Measured
  | SloJudged
  | SloViolation
  | RemedyEvent
  | ManualRequired
  | Warning
  | RunEnd;

type Draft<E> = E extends RunEvent ? Omit<E, keyof EventBase> : never;

/** An event before the stream has stamped it. */
export type RunEventDraft = Draft<Exclude<RunEvent, AsrPartial | AsrFinal>> | (Place & { readonly event: 'asr_partial' | 'asr_final'; readonly step: string; readonly text: string; readonly [field: string]: Json });
