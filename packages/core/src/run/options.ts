import type { ErrorCode } from '../errors/index.js';
import type { RunEvent } from '../events/event.js';
import type { RunReport } from '../events/report.js';
import type { Output, ReporterUse } from '../model/outlet.js';
import type { Logger } from '../model/step-type.js';
import type { PlanFilter } from '../plan/plan.js';
import type { FollowUp } from './follow-up.js';
import type { PhaseBudget } from './phase-time.js';
import type { HeldLedger } from '../remedy/store.js';
import type { Clock } from '../time/index.js';

/** How a suite is run. Everything has a default; nothing is taken from the process. */
export interface RunOptions extends PlanFilter {
  /** Rows that may run at once; by default as many as the machine has cores, at least 2. */
  readonly concurrency?: number;
  /** The seed of shuffling, sampling and noise; by default from the run id. */
  readonly seed?: number;
  /** The folder that run folders are made in; without it no files are written. */
  readonly runs?: string;
  /** The reporters; by default those of the suite. */
  readonly reporters?: readonly ReporterUse[];
  /** Where reporters for people write; by default nowhere. */
  readonly output?: Output;
  readonly log?: Logger;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** The suite as it was named by the caller, for the commands that reports print; by default the path of its file. */
  readonly suiteArgument?: string;
  /** The folder of what outlives a run: ledger, approvals, history, alerts. Without it nothing is remedied and no alert is told. */
  readonly state?: string;
  /** The state folder as it was named by the caller, for the commands that reports print; by default it is where they look for it. */
  readonly stateArgument?: string;
  /** What is done about failing SLOs: nothing, only what a person has approved (default), or what the remedies of the suite allow. */
  readonly remediate?: 'off' | 'propose' | 'apply';
  /** A ledger that the caller holds already, over many runs; it is not closed. By default each run takes the one in `state`. */
  readonly ledger?: HeldLedger;
  /** How long each phase may take; no limits of their own by default. */
  readonly budget?: PhaseBudget;
  /** Takes what alerts ask to be run next (`retest`, `remediate`); by default the report says with which command a person would. */
  readonly onFollowUp?: (next: FollowUp) => void;
  /** What a person should know before anything else, e.g. that loops were missed; told as warnings. */
  readonly notices?: readonly { readonly about: string; readonly code: ErrorCode; readonly message: string }[];
  /** For tests of crashes: called by name before and after everything that a remedy does. */
  readonly failPoint?: (name: string) => Promise<void> | void;
  /** How long `finally` steps and closing may take after a cancellation; 800 ms by default. */
  readonly graceMs?: number;
}

/** A run is an async iterable of its events and a promise of its report. */
export interface Run extends AsyncIterable<RunEvent>, AsyncDisposable {
  readonly id: string;
  /** The run folder, absolute; undefined when none is kept. */
  readonly directory: string | undefined;
  /** Resolves when everything is written and closed; rejects only when the run could not be recorded (REALOPS_LOG_WRITE) or failed inside (REALOPS_INTERNAL). */
  readonly report: Promise<RunReport>;
  /** Stops the run: no new steps, `finally` steps get the grace time, the report is written. */
  cancel(reason?: unknown): void;
}

