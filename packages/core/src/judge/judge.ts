import type { Sample } from '../metrics/metric.js';
import { sum } from '../metrics/summary.js';
import type { Aggregate, JudgedSlo, SloDefinition, Verdict } from '../model/slo.js';
import { seedOf } from '../text/index.js';
import { distributionOf } from './distribution.js';
import { estimate, meets, percentOf, type Estimate } from '../metrics/estimate.js';

/** What the judge is told beside the samples. */
export interface JudgeContext {
  /** Attempts that should have measured the metric and ended in an error. */
  readonly failedAttempts?: number;
  /** Why there are no samples although the metric was measured. */
  readonly unmatched?: string;
  /** Seed of the resampled intervals; the same samples and seed always give the same interval. */
  readonly seed?: number;
}

/**
 * The verdict on one SLO. Decided from the sample counts first, so that no data is never a pass: without a valid sample the verdict is `error` when
 * attempts failed, `inconclusive` when every measurement was invalid, else `no-data`. `evidence: point` judges the estimate and says what a proof
 * would take; `evidence: proven` gives the estimate's verdict only when the samples prove it at 95 %: exact binomial tests on exceedances for
 * percentiles (one-sided, so a proof may come a little before the two-sided interval clears the limit), Wilson's interval and the exact test for rates,
 * bootstrap intervals for mean, ratio and stddev. count, sum, last, min and max are facts about this run and always proven.
 */
export function judgeSlo(slo: SloDefinition, samples: readonly Sample[], context: JudgeContext = {}): JudgedSlo {
  const usable = samples.filter(({ invalid }) => invalid === undefined);
  const measured = usable.filter(({ value }) => value !== null);
  const missing = usable.length - measured.length;
  const invalid = samples.length - usable.length;
  const frame = describe(slo, measured, missing, invalid);
  if (measured.length === 0) return { ...frame, ...withoutSamples(slo, samples, missing, invalid, context) };
  const made = estimate(slo.objective, measured, missing, seedOf(context.seed ?? 0, slo.id));
  const { verdict, note, needed } = decide(slo, made, usable.length, missing, invalid);
  const proven = made.proof !== 'inconclusive' && made.proof === verdict;
  return { ...frame, verdict, proven, value: made.value, interval: made.interval, needed: proven ? null : needed, note };
}

function describe(slo: SloDefinition, measured: readonly Sample[], missing: number, invalid: number): JudgedSlo {
  const { objective } = slo;
  return {
    id: slo.id, title: slo.title, severity: slo.severity, verdict: 'no-data', evidence: slo.evidence, proven: false,
    objective: objective.text, metric: objective.metric, aggregate: objective.aggregate, comparison: objective.comparison, limit: objective.limit, unit: objective.unit, target: objective.target,
    value: null, samples: measured.length + missing, whole: objective.aggregate === 'ratio' ? sum(measured.map(({ whole }) => whole ?? 0)) : null, missing, invalid,
    interval: null, needed: null, note: null, distribution: distributionOf(objective.aggregate, measured),
  };
}

function withoutSamples(slo: SloDefinition, samples: readonly Sample[], missing: number, invalid: number, { failedAttempts = 0, unmatched }: JudgeContext): Pick<JudgedSlo, 'verdict' | 'note'> {
  const failed = Math.max(missing, failedAttempts);
  if (failed > 0) return { verdict: 'error', note: `${failed === 1 ? 'the attempt' : `all ${failed} attempts`} ended before there was a value` };
  if (invalid > 0) {
    const reasons = [...new Set(samples.flatMap((sample) => (sample.invalid === undefined ? [] : [sample.invalid])))];
    return { verdict: 'inconclusive', note: `${invalid === 1 ? 'the only measurement is' : `all ${invalid} measurements are`} invalid: ${reasons[0] ?? ''}${reasons.length > 1 ? ` (and ${reasons.length - 1} more reasons)` : ''}` };
  }
  return { verdict: 'no-data', note: unmatched ?? `nothing measured ${slo.objective.metric}` };
}

interface Decision {
  readonly verdict: Verdict;
  readonly note: string | null;
  readonly needed: number | null;
}

function decide(slo: SloDefinition, made: Estimate, n: number, missing: number, invalid: number): Decision {
  const { aggregate } = slo.objective;
  const undecided = (note: string, needed: number | null = null): Decision => ({ verdict: 'inconclusive', note, needed });
  if (missing > 0 && !countsMissing(aggregate)) return undecided(`${missing} of ${n} attempts gave no value, so the ${aggregate} is not known`);
  if (invalid > 0 && aggregate === 'sum') return undecided(`${invalid} of ${n + invalid} measurements are invalid, so the sum is not known`);
  if (n < slo.minSamples) return undecided(`needs ${slo.minSamples} samples, has ${n}`, slo.minSamples);
  if (made.value === null && aggregate === 'ratio') return undecided('the whole is zero: there was nothing to compare with');
  if (made.value === null && aggregate === 'stddev') return undecided('one sample has no spread', made.needed);

  const verdict = made.value !== null && meets(made.value, slo.objective) ? 'pass' : 'fail';
  const lost = missing === 0 || aggregate === 'count' ? [] : [made.value === null ? `${aggregate} falls on attempts without a value (${missing} of ${n})` : `${missing} of ${n} attempts gave no value and count as ${aggregate === 'rate' ? 'failed' : 'worse than the limit'}`];
  if (made.proof === verdict) return { verdict, note: lost.join('; ') || null, needed: null };
  const decided = slo.evidence === 'proven' ? 'inconclusive' : verdict;
  return { verdict: decided, note: [...lost, whyNotProven(slo, made, n, verdict)].join('; '), needed: made.needed };
}

/** Aggregates for which a missing value has a meaning: the order statistics, a rate, and the count of those that have one. */
function countsMissing(aggregate: Aggregate): boolean {
  return percentOf(aggregate) !== undefined || aggregate === 'min' || aggregate === 'max' || aggregate === 'rate' || aggregate === 'count';
}

function whyNotProven({ objective }: SloDefinition, made: Estimate, n: number, verdict: 'pass' | 'fail'): string {
  if (made.needed !== null && made.needed > n) return `${n} of ${made.about ? 'about' : 'the'} ${made.needed} samples it takes to prove it`;
  if (verdict === 'pass' && objective.comparison === '=') return 'samples cannot prove an exact value';
  if (verdict === 'pass' && objective.aggregate === 'rate') return 'no number of samples proves a rate without exception';
  if (made.interval === null) return 'not proven: all samples are equal, so their spread is not known';
  return 'not proven: the interval includes the limit';
}
