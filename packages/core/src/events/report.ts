import type { JudgedSlo, Verdict } from '../model/slo.js';
import type { Environment, Outcome, StepOutcome } from '../model/words.js';
import type { Json } from '../text/index.js';
import type { Diagnosed } from '../model/remedy.js';
import type { EventError, EventExpectation, EventSource } from './event.js';
import type { RemedyChange, SloShift } from './remedy-event.js';

/**
 * One failed step of a row with everything needed to understand it and to run only its row again. A row has more than one when it went on after
 * a failure or its `finally` failed too. Attempts that were retried are not failures; `attempts` says how many there were.
 */
export interface Failure {
  readonly scenario: string;
  readonly row: number;
  readonly step: string;
  readonly use: string;
  readonly phase: 'preflight' | 'setup' | 'steps' | 'finally';
  readonly source: EventSource;
  readonly outcome: 'failed' | 'error' | 'cancelled';
  readonly error: EventError;
  readonly expectations: readonly EventExpectation[];
  readonly sent: Json;
  readonly received: Json;
  readonly duration_ms: number;
  readonly attempts: number;
  readonly trace_id: string;
  readonly at_ms: number;
  readonly timestamp: string;
  /** The command that runs only this row again. */
  readonly command: string;
}

/**
 * One scenario of the report. `rows` are counts of rows by outcome and add up to `total` (but for `flaky`, rows that passed only after a retry):
 * a row that was not reached counts as cancelled, or as skipped when the run could not start. The outcome is the worst of its rows.
 */
export interface ScenarioReport {
  readonly id: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly source: EventSource;
  readonly outcome: StepOutcome;
  readonly rows: { readonly total: number; readonly passed: number; readonly failed: number; readonly error: number; readonly skipped: number; readonly cancelled: number; readonly flaky: number };
  readonly started_ms: number | null;
  readonly duration_ms: number;
  readonly failures: readonly Failure[];
  /** Why rows were skipped, with counts. */
  readonly skipped: readonly { readonly reason: string; readonly rows: number }[];
}

/** One preflight check. */
export interface PreflightReport {
  readonly step: string;
  readonly outcome: StepOutcome;
  readonly duration_ms: number;
  readonly error: EventError | null;
}

/**
 * The statistics of one metric over one scenario (or all: `scenario: null`), valid samples only. `samples` counts those without a value too, as an
 * SLO does; percentiles rank a missing value above every measured one, `mean`, `min`, `max` and `sum` are over measured values.
 */
export interface MetricReport {
  readonly metric: string;
  readonly kind: string;
  readonly unit: string;
  readonly scenario: string | null;
  readonly samples: number;
  readonly missing: number;
  readonly invalid: number;
  /** Exact nearest-rank percentiles for distributions and gauges; pooled share for rates and ratios (`mean`); null where the kind has none or nothing was measured. */
  readonly mean: number | null;
  readonly min: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly max: number | null;
  /** The total of a counter; null for other kinds. */
  readonly sum: number | null;
  /** The newest value of a counter or gauge; null for other kinds. */
  readonly last: number | null;
}

/** One change of the system under test with what came of it. */
export interface RemediationReport extends RemedyChange {
  /** `applied`: made, not validated yet; `kept`: the SLOs held; `failed`: they did not, and it is still in place. */
  readonly state: 'proposed' | 'applied' | 'kept' | 'failed' | 'rolled-back' | 'aborted' | 'conflict';
  /** One sentence: what the repetition said, or why there was none. */
  readonly why: string;
  /** The SLOs before and after. */
  readonly shifts: readonly SloShift[];
  readonly guards: readonly SloShift[];
  /** The command that allows a proposed change. */
  readonly command: string | null;
  readonly digest: string | null;
  readonly at_ms: number;
}

/** An alert that fired or cleared. */
export interface AlertReport {
  readonly alert: string;
  readonly title: string;
  readonly severity: 'critical' | 'major' | 'minor';
  readonly state: 'fired' | 'cleared';
  readonly since: string;
  readonly message: string;
}

/** An incident that was opened; its file lies in the run folder. */
export interface IncidentReport {
  readonly id: string;
  readonly title: string;
  readonly severity: 'critical' | 'major' | 'minor';
  readonly file: string;
}

/** The whole report as data; `result.json` is exactly this, and it is a pure fold of the events. */
export interface RunReport {
  readonly version: 1;
  readonly run_id: string;
  readonly suite: string;
  readonly environment: Environment;
  readonly engine: string;
  readonly suite_argument: string;
  readonly state_argument: string | null;
  readonly started: string;
  readonly ended: string;
  readonly duration_ms: number;
  readonly seed: number;
  readonly concurrency: number;
  readonly outcome: Outcome;
  readonly exit_code: number;
  readonly reason: string;
  readonly preflight: readonly PreflightReport[];
  readonly slos: readonly JudgedSlo[];
  readonly counts: { readonly [V in Verdict]: number };
  readonly scenarios: readonly ScenarioReport[];
  readonly metrics: readonly MetricReport[];
  /** Causes of failing SLOs, most likely first; `unknown` for those that no rule explains. */
  readonly diagnoses: readonly Diagnosed[];
  readonly remediations: readonly RemediationReport[];
  /** Why nothing was done about an issue. */
  readonly held: readonly { readonly issue: string; readonly remedy: string | null; readonly why: string }[];
  readonly alerts: readonly AlertReport[];
  readonly incidents: readonly IncidentReport[];
  /** Bundles of diagnostics, relative to the run folder. */
  readonly diagnostics: readonly string[];
  readonly manual_actions: readonly { readonly what: string; readonly command: string | null }[];
  readonly warnings: readonly { readonly about: string; readonly code: string; readonly message: string }[];
  readonly phases: readonly { readonly phase: string; readonly started_ms: number; readonly duration_ms: number }[];
  readonly events: number;
  /** True when the log ended without `run_end`: the run was killed; what could be read is reported. */
  readonly torn: boolean;
}
