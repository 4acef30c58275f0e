import type { SloShift } from '../events/remedy-event.js';
import { judgeSlo } from '../judge/judge.js';
import { createMetricStore, type MetricStore } from '../metrics/store.js';
import type { JudgedSlo, Objective, SloDefinition } from '../model/slo.js';
import type { Suite } from '../model/suite.js';
import type { PlannedScenario } from '../plan/plan.js';
import { createFailedAttempts, type FailedAttempts } from './analyse.js';
import { execute, type Executed, type ExecuteOptions } from './execute.js';

/** What the repetition after a change has to show. */
export interface Revalidation {
  readonly suite: Suite;
  /** The failed scenarios, with exactly the rows that ran. */
  readonly scenarios: readonly PlannedScenario[];
  /** The SLOs that should hold now. */
  readonly slos: readonly string[];
  readonly guards: readonly Objective[];
  /** The verdicts from before the change. */
  readonly before: readonly JudgedSlo[];
  readonly store: MetricStore;
  readonly execute: ExecuteOptions;
}

/** What the repetition showed. */
export interface Revalidated {
  readonly result: 'pass' | 'fail' | 'worse' | 'inconclusive' | 'stopped';
  readonly why: string;
  readonly judged: readonly JudgedSlo[];
  readonly shifts: readonly SloShift[];
  readonly guards: readonly SloShift[];
  readonly executed: Executed;
  /** The samples of the repetition. */
  readonly store: MetricStore;
}

/** Runs the failed scenarios again and judges them: the SLOs that failed, the guards, and every SLO of those scenarios that held before, which must not have got worse. */
export async function revalidate(parts: Revalidation): Promise<Revalidated> {
  const { suite, before } = parts;
  const store = createMetricStore();
  const failed = createFailedAttempts();
  const host = { ...parts.execute.host, record: store.record, recordFailedAttempt: failed.add };
  const executed = await execute(parts.scenarios, { ...parts.execute, host });
  if (parts.execute.signal.aborted) return { result: 'stopped', why: 'the run was stopped during the repetition', judged: [], shifts: [], guards: [], executed, store };
  const tagsOf = (id: string): readonly string[] => suite.scenarios.find((scenario) => scenario.id === id)?.tags ?? [];
  const judge = (slo: SloDefinition): JudgedSlo => judgeSlo(slo, store.select(slo.objective.metric, slo.where, tagsOf), { failedAttempts: failed.count(slo.objective.metric, slo.where, tagsOf) });
  const earlier = (id: string): JudgedSlo | undefined => before.find((slo) => slo.id === id);
  const wanted = suite.slos.filter(({ id }) => parts.slos.includes(id));
  const judged = wanted.map(judge);
  // An SLO over more scenarios than were repeated cannot be judged from the repetition alone.
  const repeated = new Set(parts.scenarios.map(({ scenario }) => scenario.id));
  const whole = suite.slos.filter((slo) => !parts.slos.includes(slo.id) && earlier(slo.id)?.verdict === 'pass' && scenariosOf(slo, parts.store, undefined, tagsOf).every((id) => repeated.has(id)));
  const held = whole.map(judge).filter(({ samples }) => samples > 0);
  const guards = parts.guards.map((objective) => ({ before: judgeSlo(guardSlo(objective), inScenarios(parts.store, objective.metric, repeated)), after: judge(guardSlo(objective)) }));
  const shifts = judged.map((after) => shiftOf(earlier(after.id) ?? after, after));
  const guardShifts = [...guards.map((guard) => shiftOf(guard.before, guard.after)), ...held.map((after) => shiftOf(earlier(after.id) ?? after, after))];
  return { ...verdictOf(judged, guards.map(({ after }) => after), held), judged: [...judged, ...held], shifts, guards: guardShifts, executed, store };
}

function verdictOf(judged: readonly JudgedSlo[], guards: readonly JudgedSlo[], held: readonly JudgedSlo[]): Pick<Revalidated, 'result' | 'why'> {
  const worse = [...guards, ...held].filter(({ verdict }) => verdict === 'fail');
  if (worse[0] !== undefined) return { result: 'worse', why: `${worse.map(describe).join('; ')}: that held before or must hold` };
  const failing = judged.filter(({ verdict }) => verdict === 'fail');
  if (failing[0] !== undefined) return { result: 'fail', why: `still not met: ${failing.map(describe).join('; ')}` };
  const open = [...judged, ...guards].filter(({ verdict }) => verdict !== 'pass');
  if (open[0] !== undefined || judged.length === 0) return { result: 'inconclusive', why: `the repetition does not say: ${open.map(({ title, note }) => `${title}${note === null ? '' : ` (${note})`}`).join('; ') || 'no SLO was judged'}` };
  return { result: 'pass', why: `${judged.length === 1 ? 'the SLO holds' : `all ${judged.length} SLOs hold`} again, and no guard got worse` };
}

function describe({ title, target }: JudgedSlo): string {
  return `${title} (${target})`;
}

function guardSlo(objective: Objective): SloDefinition {
  return { id: objective.text, title: objective.text, objective, where: {}, severity: 'major', minSamples: 1, evidence: 'point', source: { file: '', line: 1, column: 1 } };
}

function inScenarios(store: MetricStore, metric: string, scenarios: ReadonlySet<string>): ReturnType<MetricStore['select']> {
  return store.select(metric, { scenario: [...scenarios] });
}

function shiftOf(before: JudgedSlo, after: JudgedSlo): SloShift {
  const state = ({ verdict, value }: JudgedSlo): SloShift['before'] => ({ verdict, value });
  return { slo: after.id, title: after.title, target: after.target, unit: after.unit, before: state(before), after: state(after) };
}

/** The scenarios that an SLO was judged by: those with samples of its metric, or with attempts that should have given one. */
export function scenariosOf(slo: Pick<SloDefinition, 'objective' | 'where'>, store: MetricStore, failed: FailedAttempts | undefined, tagsOf: (scenario: string) => readonly string[]): readonly string[] {
  const { metric } = slo.objective;
  const measured = store.select(metric, slo.where, tagsOf).map(({ labels }) => String(labels['scenario']));
  return [...new Set([...measured, ...(failed?.scenarios(metric, slo.where, tagsOf) ?? [])])];
}
