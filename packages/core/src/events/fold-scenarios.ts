import type { StepOutcome } from '../model/words.js';
import type { RunEvent, RunStart, StepEnd, TestEnd } from './event.js';
import type { Failure, ScenarioReport } from './report.js';
import { rerunCommand } from './shell.js';
import { roundToThousandths } from '../text/index.js';

/** What the scenarios of a run came to, event by event. */
export interface ScenarioFold {
  start(event: RunStart): void;
  on(event: RunEvent): void;
  /** `unreached` says what rows without an end count as. */
  reports(unreached: 'cancelled' | 'skipped', reason: string): readonly ScenarioReport[];
}

interface RowState {
  outcome: StepOutcome | undefined;
  attempts: number;
  reason: string | null;
  failures: Failure[];
}

interface ScenarioState {
  readonly plan: RunStart['scenarios'][number];
  rows: Map<number, RowState>;
  startedMs: number | null;
  endedMs: number | null;
  evidence: number;
}

/** So many failures of a scenario keep what was sent and received in the report; the log has it for all. */
const MOST_EVIDENCE = 200;
const LEFT_OUT = `left out after ${MOST_EVIDENCE} failures of this scenario; log.jsonl has it`;

/** From best to worst; skipped rows say nothing about the rest. */
const ORDER: readonly StepOutcome[] = ['skipped', 'passed', 'cancelled', 'failed', 'error'];

/** No scenario yet. A scenario that `run_start` did not name is added when it is first seen. */
export function createScenarioFold(): ScenarioFold {
  const scenarios = new Map<string, ScenarioState>();
  const earlier = new Map<string, Pick<ScenarioState, 'rows' | 'startedMs' | 'endedMs'>>();
  let suite = '';
  const scenarioOf = (id: string): ScenarioState => {
    const known = scenarios.get(id);
    if (known !== undefined) return known;
    const plan = { id, title: id, tags: [], rows: 0, exclusive: [], source: { file: '', line: 1, column: 1 } };
    return add(plan);
  };
  const add = (plan: ScenarioState['plan']): ScenarioState => {
    const state: ScenarioState = { plan, rows: new Map(), startedMs: null, endedMs: null, evidence: 0 };
    scenarios.set(plan.id, state);
    return state;
  };
  return {
    start(event) {
      suite = event.suite_argument;
      for (const plan of event.scenarios) if (!scenarios.has(plan.id)) add(plan);
    },
    on(event) {
      if (event.event === 'rerun_start') {
        for (const id of event.scenarios) {
          const scenario = scenarioOf(id);
          earlier.set(id, { rows: new Map(scenario.rows), startedMs: scenario.startedMs, endedMs: scenario.endedMs });
          // Its time is that of the pass that counts.
          Object.assign(scenario, { startedMs: null, endedMs: null });
        }
      } else if (event.event === 'remediation_validated') {
        // A change that is not kept leaves the scenarios as they were before it.
        if (event.result !== 'pass') for (const [id, before] of earlier) Object.assign(scenarioOf(id), before);
        earlier.clear();
      } else if (event.event === 'test_start') {
        const scenario = scenarioOf(event.scenario);
        scenario.startedMs ??= event.at_ms;
        // A row that runs again (after a remedy) is judged by its newest run.
        scenario.rows.set(event.row, freshRow());
      } else if (event.event === 'test_end') endRow(scenarioOf(event.scenario), event);
      else if (event.event === 'step_end' && event.phase !== 'preflight') addFailure(scenarioOf(event.scenario), event, suite);
    },
    reports: (unreached, reason) => [...scenarios.values()].map((scenario) => reportOf(scenario, unreached, reason)),
  };
}

function freshRow(): RowState {
  return { outcome: undefined, attempts: 0, reason: null, failures: [] };
}

function rowOf(scenario: ScenarioState, row: number): RowState {
  const known = scenario.rows.get(row);
  if (known !== undefined) return known;
  const state = freshRow();
  scenario.rows.set(row, state);
  return state;
}

function endRow(scenario: ScenarioState, event: TestEnd): void {
  const row = rowOf(scenario, event.row);
  row.outcome = event.outcome;
  row.attempts = event.attempts;
  row.reason = event.reason;
  scenario.startedMs ??= Math.max(0, event.at_ms - event.duration_ms);
  scenario.endedMs = event.at_ms;
}

function addFailure(scenario: ScenarioState, event: StepEnd, suite: string): void {
  const { outcome } = event;
  if (event.retried || outcome === 'passed' || outcome === 'skipped') return;
  const row = rowOf(scenario, event.row);
  const keep = scenario.evidence < MOST_EVIDENCE;
  scenario.evidence += 1;
  const alone = scenario.plan.rows <= 1 && event.row === 1;
  row.failures.push({
    scenario: event.scenario, row: event.row, step: event.step, use: event.use, phase: event.phase, source: event.source, outcome,
    error: event.error ?? { code: outcome === 'failed' ? 'REALOPS_EXPECT_FAILED' : 'REALOPS_STEP_FAILED', message: 'no reason was recorded', hint: null },
    expectations: event.expectations, sent: keep ? event.sent : LEFT_OUT, received: keep ? event.received : LEFT_OUT,
    duration_ms: event.duration_ms, attempts: event.attempt, trace_id: event.trace_id, at_ms: event.at_ms, timestamp: event.timestamp,
    command: rerunCommand(suite, event.scenario, alone ? undefined : event.row),
  });
}

function reportOf(scenario: ScenarioState, unreached: 'cancelled' | 'skipped', reason: string): ScenarioReport {
  const { plan, startedMs, endedMs } = scenario;
  const rows = [...scenario.rows.entries()].sort(([a], [b]) => a - b).map(([, row]) => row);
  const counts = { passed: 0, failed: 0, error: 0, skipped: 0, cancelled: 0 };
  const skipped = new Map<string, number>();
  const skip = (why: string, count: number): void => void skipped.set(why, (skipped.get(why) ?? 0) + count);
  let flaky = 0;
  for (const row of rows) {
    counts[row.outcome ?? 'cancelled'] += 1;
    if (row.outcome === 'passed' && row.attempts > 1) flaky += 1;
    if (row.outcome === 'skipped') skip(row.reason ?? 'every step was skipped', 1);
  }
  const missing = Math.max(0, plan.rows - rows.length);
  counts[unreached] += missing;
  if (missing > 0 && unreached === 'skipped') skip(reason, missing);
  const outcome = ORDER.findLast((each) => counts[each] > 0) ?? 'skipped';
  return {
    id: plan.id, title: plan.title, tags: plan.tags, source: plan.source, outcome,
    rows: { total: rows.length + missing, ...counts, flaky },
    started_ms: startedMs, duration_ms: startedMs === null ? 0 : round(Math.max(0, (endedMs ?? startedMs) - startedMs)),
    failures: rows.flatMap((row) => row.failures),
    skipped: [...skipped].map(([why, count]) => ({ reason: why, rows: count })),
  };
}

/** Microsecond digits, as events have them. */
function round(milliseconds: number): number {
  return roundToThousandths(milliseconds);
}
