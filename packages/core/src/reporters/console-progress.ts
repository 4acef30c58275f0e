import type { RunEvent, RunStart } from '../events/event.js';
import type { StepOutcome } from '../model/words.js';
import { plainLine } from '../text/plain.js';

/** How far one scenario is. */
export interface ScenarioProgress {
  readonly id: string;
  readonly total: number;
  readonly done: number;
  /** The worst outcome so far; undefined before the first row has ended. */
  readonly outcome: StepOutcome | undefined;
  readonly bad: number;
  readonly flaky: number;
  readonly skipped: number;
  /** When its first row began, null before. */
  readonly startedMs: number | null;
  readonly endedMs: number;
  /** The locks it waits for; empty when it does not. */
  readonly waitsFor: readonly string[];
  /** The newest partial transcript; '' when there is none. */
  readonly partial: string;
  /** It runs again after a change. */
  readonly again: boolean;
}

/** Progress of all scenarios, from events. */
export interface Progress {
  /** Gives the scenario that this event completed, if it did. */
  on(event: RunEvent): ScenarioProgress | undefined;
  /** In the order of the plan. */
  readonly scenarios: readonly ScenarioProgress[];
  readonly start: RunStart | undefined;
}

const ORDER: readonly StepOutcome[] = ['skipped', 'passed', 'cancelled', 'failed', 'error'];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** No progress yet. */
export function createProgress(): Progress {
  const scenarios = new Map<string, Mutable<ScenarioProgress>>();
  let start: RunStart | undefined;
  const of = (id: string): Mutable<ScenarioProgress> => {
    const known = scenarios.get(id) ?? { id: plainLine(id), total: 0, done: 0, outcome: undefined, bad: 0, flaky: 0, skipped: 0, startedMs: null, endedMs: 0, waitsFor: [], partial: '', again: false };
    scenarios.set(id, known);
    return known;
  };
  return {
    on(event) {
      if (event.event === 'run_start') {
        start = event;
        for (const { id, rows } of event.scenarios) of(id).total = rows;
      } else if (event.event === 'rerun_start') {
        const [only, ...others] = event.scenarios;
        for (const id of event.scenarios) {
          const total = only !== undefined && others.length === 0 ? event.rows : of(id).total;
          scenarios.set(id, { ...of(id), total, done: 0, outcome: undefined, bad: 0, flaky: 0, skipped: 0, startedMs: null, partial: '', again: true });
        }
      } else if (event.event === 'lock_wait') of(event.scenario).waitsFor = event.locks.map(plainLine);
      else if (event.event === 'test_start') {
        const scenario = of(event.scenario);
        scenario.startedMs ??= event.at_ms;
        scenario.waitsFor = [];
      } else if (event.event === 'asr_partial' || event.event === 'asr_final') of(event.scenario).partial = plainLine(event.text.slice(0, 200));
      else if (event.event === 'test_end') {
        const scenario = of(event.scenario);
        scenario.done += 1;
        scenario.total = Math.max(scenario.total, scenario.done);
        scenario.endedMs = event.at_ms;
        scenario.outcome = ORDER[Math.max(ORDER.indexOf(event.outcome), scenario.outcome === undefined ? 0 : ORDER.indexOf(scenario.outcome))];
        if (event.outcome === 'failed' || event.outcome === 'error') scenario.bad += 1;
        if (event.outcome === 'skipped') scenario.skipped += 1;
        if (event.outcome === 'passed' && event.attempts > 1) scenario.flaky += 1;
        return scenario.done === scenario.total ? scenario : undefined;
      }
      return undefined;
    },
    get scenarios() {
      return [...scenarios.values()];
    },
    get start() {
      return start;
    },
  };
}
