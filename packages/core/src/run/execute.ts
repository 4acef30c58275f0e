import type { PlannedScenario } from '../plan/plan.js';
import { createLocks, createSemaphore, type Locks, type Semaphore } from './lock.js';
import { runRow, type RowRunner } from './row.js';
import type { RowScope } from './scope.js';

/** What came of executing all scenarios. */
export interface Executed {
  readonly rows: number;
  readonly failed: number;
  readonly skipped: number;
  /** Rows that failed, by scenario. */
  readonly failedIn: ReadonlyMap<string, number>;
  /** The scenarios that ran. */
  readonly scenarios: readonly string[];
}

/** Nothing was reached. */
export const NOTHING_EXECUTED: Executed = { rows: 0, failed: 0, skipped: 0, failedIn: new Map(), scenarios: [] };

/** What execution needs beside the rows. */
export interface ExecuteOptions extends RowRunner {
  readonly concurrency: number;
  /** The values that preflight left. */
  readonly before: RowScope;
  /** Resolves when the stream can take more; rejects when the log cannot be written. */
  readonly ready: () => Promise<void> | undefined;
}

/** Runs all rows in lanes: scenarios in order of the plan, rows of one scenario at most `parallel` at once, scenarios that share a lock never together. */
export async function execute(scenarios: readonly PlannedScenario[], options: ExecuteOptions): Promise<Executed> {
  const lanes = createSemaphore(options.concurrency);
  const locks = createLocks();
  const counts: Counts = { rows: 0, failed: 0, skipped: 0, failedIn: new Map() };
  await Promise.all(scenarios.map((planned) => runScenario(planned, options, lanes, locks, counts)));
  return { ...counts, scenarios: scenarios.map(({ scenario }) => scenario.id) };
}

interface Counts {
  rows: number;
  failed: number;
  skipped: number;
  readonly failedIn: Map<string, number>;
}

async function runScenario({ scenario, rows, parallel }: PlannedScenario, options: ExecuteOptions, lanes: Semaphore, locks: Locks, counts: Counts): Promise<void> {
  const { signal } = options;
  let release: () => void;
  try {
    const held = locks.held(scenario.exclusive);
    if (held.length > 0) options.host.publish({ event: 'lock_wait', scenario: scenario.id, locks: held });
    release = await locks.take(scenario.exclusive, signal);
  } catch {
    return;
  }
  const queue = rows[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) {
      if (signal.aborted) return;
      const lane = await lanes.take(signal).catch(() => undefined);
      if (lane === undefined) return;
      try {
        const waiting = options.ready();
        if (waiting !== undefined) await waiting;
        const { outcome } = await runRow(options, scenario, next.value, lane, options.before.fork(next.value));
        counts.rows += 1;
        if (outcome === 'failed' || outcome === 'error') {
          counts.failed += 1;
          counts.failedIn.set(scenario.id, (counts.failedIn.get(scenario.id) ?? 0) + 1);
        }
        if (outcome === 'skipped') counts.skipped += 1;
      } finally {
        lanes.give(lane);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(parallel, rows.length, options.concurrency) }, worker));
  } finally {
    release();
  }
}
