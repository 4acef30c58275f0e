import { firingAlerts } from '../alert/state.js';
import { messageOf } from '../errors/index.js';
import type { RunReport } from '../events/report.js';
import { OWN_PID } from '../journal/index.js';
import { EXIT_CODES } from '../model/words.js';
import type { Suite } from '../model/suite.js';
import type { LedgerState } from '../remedy/state.js';
import type { Clock, Millis } from '../time/index.js';
import { readAlerts } from './alert-file.js';
import { inForce } from './between-runs.js';
import type { LoopOptions } from './loop-options.js';
import { createStatusWriter, type LoopCause, type LoopStatus } from './loop-status.js';

/** A waiting loop whose time came so long ago does not do its work. */
const OVERDUE_MS = 60_000;

/** The status of a loop: kept, written, told. */
export interface StatusKeeper {
  now(): LoopStatus;
  set(part: Partial<LoopStatus>): void;
  waitingUntil(wallMs: number): void;
  begin(runId: string, why: LoopCause): void;
  phase(phase: string): void;
  ran(report: RunReport, facts: { readonly why: LoopCause; readonly durationMs: Millis; readonly directory: string | null; readonly ledger: LedgerState | undefined }): Promise<void>;
  /** A loop that could not even keep its log. */
  couldNotRun(why: LoopCause, reason: string): void;
  /** Counts beginnings that were missed. */
  missed(count: number): void;
  ledger(state: LedgerState): void;
  /** What keeps the loop from all of its work, by what it is about; undefined when that is over. */
  problem(about: 'ledger' | 'suite', message: string | undefined): void;
  /** The answer of `/healthz`. */
  health(): { readonly well: boolean; readonly status: LoopStatus };
  /** The last word: it is on disk when this resolves. */
  end(): Promise<void>;
}

/** The status of a loop that begins. */
export function createStatusKeeper(suite: Suite, options: LoopOptions, clock: Clock): StatusKeeper {
  const writer = createStatusWriter(options.state, (error) => options.log?.warn(`the status of the loop could not be written: ${messageOf(error)}`));
  const stamp = (at = clock.wall().getTime()): string => new Date(at).toISOString();
  let status: LoopStatus = {
    version: 1, state: 'starting', suite: suite.name, remediate: options.remediate ?? 'apply', pid: OWN_PID, started: stamp(), updated: stamp(), loops: 0, current: null, last: null, next: null,
    missed: { count: 0, last: null }, failing_since: null, alerts: [], needs_human: [], in_force: 0, health: null, problem: null,
  };
  const problems = new Map<string, string>();
  const set = (part: Partial<LoopStatus>): Promise<void> => {
    const same = Object.entries(part).every(([name, value]) => JSON.stringify(value) === JSON.stringify(Object.entries(status).find(([own]) => own === name)?.[1]));
    if (same) return Promise.resolve();
    status = { ...status, ...part, updated: stamp() };
    options.onStatus?.(status);
    return writer.write(status);
  };
  const ledgerPart = (state: LedgerState): Pick<LoopStatus, 'needs_human' | 'in_force'> => ({
    needs_human: [...state.issues].flatMap(([issue, { manual }]) => (manual === null ? [] : [issue])), in_force: inForce(state),
  });
  return {
    now: () => status,
    set: (part) => void set(part),
    // The calendar moves by milliseconds against the clock of durations; nobody wants to read that.
    waitingUntil: (wallMs) => void set({ state: 'waiting', current: null, next: stamp(Math.round(wallMs / 1_000) * 1_000) }),
    begin: (runId, why) => void set({ state: 'running', next: null, current: { run_id: runId, why, phase: 'start', started: stamp() } }),
    phase: (phase) => void set({ current: status.current === null ? null : { ...status.current, phase } }),
    async ran(report, { why, durationMs, directory, ledger }) {
      const { run_id, outcome, exit_code, reason, ended } = report;
      const well = outcome === 'healthy' || outcome === 'remedied';
      const since = well ? null : outcome === 'cancelled' ? status.failing_since : (status.failing_since ?? report.started);
      const { state } = await readAlerts(options.state, () => undefined);
      await set({
        loops: status.loops + 1, current: null, last: { run_id, why, outcome, exit_code, reason, ended, duration_ms: Math.round(durationMs), directory },
        failing_since: since, alerts: firingAlerts(state), ...(ledger === undefined ? {} : ledgerPart(ledger)),
      });
    },
    couldNotRun: (why, reason) =>
      void set({ loops: status.loops + 1, current: null, last: { run_id: status.current?.run_id ?? '', why, outcome: 'could-not-run', exit_code: EXIT_CODES['could-not-run'], reason, ended: stamp(), duration_ms: 0, directory: null }, failing_since: status.failing_since ?? stamp() }),
    missed: (count) => void set({ missed: { count: status.missed.count + count, last: stamp() } }),
    ledger: (state) => void set(ledgerPart(state)),
    problem(about, message) {
      if (message === undefined) problems.delete(about);
      else problems.set(about, message);
      void set({ problem: problems.size === 0 ? null : [...problems.values()].join('; ') });
    },
    health() {
      const overdue = status.state === 'waiting' && status.next !== null && clock.wall().getTime() > Date.parse(status.next) + OVERDUE_MS;
      return { well: !overdue && status.state !== 'stopping' && status.state !== 'stopped', status };
    },
    async end() {
      await set({ state: 'stopped', current: null, next: null, health: null });
    },
  };
}
