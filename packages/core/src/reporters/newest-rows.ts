import type { RunEvent, TestEnd } from '../events/event.js';

/** How rows ended, each by its newest run that counts. */
export interface NewestRows {
  on(event: RunEvent): void;
  /** By scenario and row number; undefined for a row that began and did not end. */
  rows(): ReadonlyMap<string, ReadonlyMap<number, TestEnd | undefined>>;
}

/**
 * No rows yet. Counts as the fold does: a row that runs again after a change is told by its repetition, unless the change was not kept, which brings the earlier run
 * back. With `only`, rows that end otherwise (or have not ended) are not held.
 */
export function createNewestRows(only?: (end: TestEnd) => boolean): NewestRows {
  const scenarios = new Map<string, Map<number, TestEnd | undefined>>();
  let earlier: readonly (readonly [string, Map<number, TestEnd | undefined>])[] = [];
  return {
    on(event) {
      if (event.event === 'rerun_start') earlier = event.scenarios.map((id) => [id, new Map(scenarios.get(id))]);
      else if (event.event === 'remediation_validated') {
        if (event.result !== 'pass') for (const [id, rows] of earlier) scenarios.set(id, rows);
        earlier = [];
      } else if (event.event === 'test_start' || event.event === 'test_end') {
        const rows = scenarios.get(event.scenario) ?? new Map<number, TestEnd | undefined>();
        scenarios.set(event.scenario, rows);
        const end = event.event === 'test_end' ? event : undefined;
        if (only === undefined || (end !== undefined && only(end))) rows.set(event.row, end);
        else rows.delete(event.row);
      }
    },
    rows: () => scenarios,
  };
}
