import { RealopsError } from '../errors/index.js';
import type { Row, Scenario, Suite } from '../model/suite.js';
import { seedOf, shuffled, suggestion } from '../text/index.js';

/** Which part of a suite to run. Filters of one kind are alternatives; kinds are combined. */
export interface PlanFilter {
  readonly scenarios?: readonly string[];
  readonly tags?: readonly string[];
  /** Row numbers, as reports show them. */
  readonly rows?: readonly number[];
}

/** What will be run, in order; pure data, made before anything touches the network. */
export interface Plan {
  readonly scenarios: readonly PlannedScenario[];
  /** The seed of this run: shuffling, sampling and noise follow from it. */
  readonly seed: number;
}

/** A scenario with the rows it will run. */
export interface PlannedScenario {
  readonly scenario: Scenario;
  /** One row without values when the scenario has no data. */
  readonly rows: readonly Row[];
  /** How many rows may run at once. */
  readonly parallel: number;
}

/**
 * Decides what to run: filters, then shuffles and limits the rows of each scenario. Pure: the same suite, filter and seed give the same plan.
 * @throws RealopsError REALOPS_FILTER_EMPTY when nothing is left, naming what there is.
 */
export function makePlan(suite: Suite, filter: PlanFilter, seed: number): Plan {
  checkNames('scenario', filter.scenarios, suite.scenarios.map(({ id }) => id));
  checkNames('tag', filter.tags, [...new Set(suite.scenarios.flatMap(({ tags }) => tags))]);
  const scenarios = suite.scenarios
    .filter(({ id, tags }) => (filter.scenarios?.includes(id) ?? true) && (filter.tags === undefined || filter.tags.some((tag) => tags.includes(tag))))
    .map((scenario) => ({ scenario, rows: planRows(scenario, filter.rows, seed), parallel: scenario.data?.parallel ?? 1 }))
    .filter(({ rows }) => rows.length > 0);
  if (scenarios.length === 0) {
    throw new RealopsError('REALOPS_FILTER_EMPTY', 'no scenario is left to run', { hint: suggestion('', suite.scenarios.map(({ id }) => id), 'scenarios') });
  }
  return { scenarios, seed };
}

function planRows(scenario: Scenario, only: readonly number[] | undefined, seed: number): readonly Row[] {
  const { data } = scenario;
  if (data === undefined) return only === undefined || only.includes(1) ? [{ number: 1, values: {}, directory: '' }] : [];
  // A row asked for by number runs also when shuffling and the limit would leave it out.
  if (only !== undefined) return data.rows.filter(({ number }) => only.includes(number));
  const ordered = data.shuffle === false ? data.rows : shuffled(data.rows, typeof data.shuffle === 'number' ? data.shuffle : seedOf(seed, scenario.id));
  return data.limit === undefined ? ordered : ordered.slice(0, data.limit);
}

function checkNames(what: 'scenario' | 'tag', wanted: readonly string[] | undefined, known: readonly string[]): void {
  for (const name of wanted ?? []) {
    if (!known.includes(name)) throw new RealopsError('REALOPS_FILTER_EMPTY', `no scenario has the ${what === 'scenario' ? 'id' : 'tag'} "${name}"`, { hint: suggestion(name, known, `${what}s`) });
  }
}
