import type { RunEventDraft } from '../events/event.js';
import { judgeSlo } from '../judge/judge.js';
import { whyNoneMatches } from '../judge/unmatched.js';
import type { Metric, Sample } from '../metrics/metric.js';
import type { MetricStore } from '../metrics/store.js';
import type { JudgedSlo, SloDefinition } from '../model/slo.js';
import type { Suite } from '../model/suite.js';
import { EXIT_CODES, type Outcome } from '../model/words.js';
import type { Executed } from './execute.js';
import { plural } from '../wording/words.js';

/** Attempts that ended in an error, by the metrics they should have given. */
export interface FailedAttempts {
  add(metrics: readonly Metric[], labels: Sample['labels']): void;
  count(metric: string, where: SloDefinition['where'], tagsOf: (scenario: string) => readonly string[]): number;
  /** The scenarios they belong to. */
  scenarios(metric: string, where: SloDefinition['where'], tagsOf: (scenario: string) => readonly string[]): readonly string[];
}

/** No failed attempts yet. */
export function createFailedAttempts(): FailedAttempts {
  const attempts: { readonly metrics: ReadonlySet<string>; readonly labels: Sample['labels'] }[] = [];
  const matching = (metric: string, where: SloDefinition['where'], tagsOf: (scenario: string) => readonly string[]): typeof attempts =>
    attempts.filter(({ metrics, labels }) => {
      if (!metrics.has(metric)) return false;
      return Object.entries(where).every(([label, wanted]) => {
        if (label === 'tag') return tagsOf(String(labels['scenario'])).some((tag) => wanted.includes(tag));
        // Labels of the measurement itself are not known of an attempt that gave none.
        return labels[label] === undefined || wanted.includes(String(labels[label]));
      });
    });
  return {
    add: (metrics, labels) => void attempts.push({ metrics: new Set(metrics.map(({ name }) => name)), labels }),
    count: (metric, where, tagsOf) => matching(metric, where, tagsOf).length,
    scenarios: (metric, where, tagsOf) => [...new Set(matching(metric, where, tagsOf).map(({ labels }) => String(labels['scenario'])))],
  };
}

/** Judges every SLO of the suite and puts the verdicts on the stream. SLOs of scenarios that this run left out are left out as well. */
export function analyse(suite: Suite, planned: ReadonlySet<string>, store: MetricStore, failed: FailedAttempts, publish: (draft: RunEventDraft) => void): readonly JudgedSlo[] {
  const tags = new Map(suite.scenarios.map((scenario) => [scenario.id, scenario.tags]));
  const tagsOf = (scenario: string): readonly string[] => tags.get(scenario) ?? [];
  const slos = suite.slos.filter(({ where }) => isPlanned(where, planned, tagsOf));
  return slos.map((slo) => {
    const samples = store.select(slo.objective.metric, slo.where, tagsOf);
    const unmatched = samples.length > 0 ? undefined : whyNoneMatches(slo, store.select(slo.objective.metric, {}));
    const judged = judgeSlo(slo, samples, { failedAttempts: failed.count(slo.objective.metric, slo.where, tagsOf), ...(unmatched === undefined ? {} : { unmatched }) });
    publish({ event: 'slo_judged', slo: judged });
    if (judged.verdict === 'fail') {
      publish({ event: 'slo_violation', slo: slo.id, metric: slo.objective.metric, value: judged.value, threshold: slo.objective.limit, unit: slo.objective.unit, proven: judged.proven });
    }
    return judged;
  });
}

function isPlanned(where: SloDefinition['where'], planned: ReadonlySet<string>, tagsOf: (scenario: string) => readonly string[]): boolean {
  const { scenario, tag } = where;
  return [...planned].some((id) => (scenario === undefined || scenario.includes(id)) && (tag === undefined || tagsOf(id).some((each) => tag.includes(each))));
}

/** The outcome of a run and why, from what was executed and judged. */
export function decideOutcome(executed: Executed, slos: readonly JudgedSlo[]): { readonly outcome: Outcome; readonly exitCode: number; readonly reason: string } {
  const count = (verdict: JudgedSlo['verdict']): number => slos.filter((slo) => slo.verdict === verdict).length;
  const failing = count('fail');
  const undecided = count('inconclusive') + count('no-data') + count('error');
  const measured = executed.rows - executed.skipped;
  const parts = [
    ...(failing > 0 ? [`${failing} of ${slos.length} SLOs failed`] : []),
    ...(executed.failed > 0 ? [`${executed.failed} of ${executed.rows} rows failed`] : []),
    ...(undecided > 0 ? [`${undecided} of ${slos.length} SLOs without a verdict`] : []),
    ...(executed.skipped > 0 ? [`${executed.skipped} of ${executed.rows} rows skipped`] : []),
  ];
  const passed = `${slos.length === 0 ? 'no SLOs to judge' : slos.length === 1 ? 'the SLO passed' : `all ${slos.length} SLOs passed`}, ${plural(measured, 'row')} passed`;
  const outcome: Outcome = failing > 0 || executed.failed > 0 ? 'failed' : undecided > 0 || measured <= 0 ? 'inconclusive' : 'healthy';
  return { outcome, exitCode: EXIT_CODES[outcome], reason: outcome === 'healthy' ? [passed, ...parts].join(', ') : parts.join(', ') || 'nothing was executed' };
}
