import type { RunEvent } from '../events/event.js';
import type { RunReport } from '../events/report.js';
import type { Suite } from '../model/suite.js';
import type { RunOptions } from './options.js';
import type { LoopStatus } from './loop-status.js';

/** How a suite is run again and again. Schedule, budgets and the port of `/healthz` are those of the suite's `loop:`. */
export interface LoopOptions extends Omit<RunOptions, 'state' | 'ledger' | 'budget' | 'onFollowUp' | 'notices' | 'rows'> {
  /** The state folder; a loop cannot do without one. */
  readonly state: string;
  /** As for a run, but `apply` by default. */
  readonly remediate?: 'off' | 'propose' | 'apply';
  /** Loads the suite again; asked before a loop when one of its files has changed. A suite that cannot be loaded is told, and the one before stays. */
  readonly reload?: () => Promise<Suite>;
  /** How many loops are run; by default until it is stopped. */
  readonly times?: number;
  /** How many of its own run folders are kept, those with incidents always; by default all. */
  readonly keep?: number;
  /** Told whenever the status changes. */
  readonly onStatus?: (status: LoopStatus) => void;
  /** Told every event of every run. */
  readonly onEvent?: (event: RunEvent) => void;
  /** Told what needs saying outside of runs: an expired change that was undone, a suite that was loaded again. */
  readonly onNotice?: (message: string) => void;
}

/** A loop that is under way. */
export interface Loop extends AsyncDisposable {
  readonly status: () => LoopStatus;
  /**
   * Resolves when the loop has ended, with the report of its last run (undefined when there was none).
   * Rejects with REALOPS_LEDGER_BUSY when another process controls the system, and when the ledger cannot be used.
   */
  readonly ended: Promise<RunReport | undefined>;
  /** Ends it: the run under way is cancelled, what was changed but not validated is undone. */
  stop(reason?: unknown): void;
  /** Loads the suite again before the next loop, also when no file seems to have changed. */
  reload(): void;
}
