import type { Sample } from '../metrics/metric.js';
import { sum } from '../metrics/summary.js';
import type { JudgedSlo, SloDefinition, Verdict } from '../model/slo.js';
import { estimate, meets, percentOf, type Estimate } from './estimate.js';

/** What the judge is told beside the samples. */
export interface JudgeContext {
  /** Attempts that should have measured the metric and ended in an error. */
  readonly failedAttempts?: number;
}

/** Bins of the small histogram in reports. */
const BINS = 40;

/**
 * The verdict on one SLO. Decided from the sample counts first, so that no data is never a pass: without a valid sample the verdict is `error` when
 * attempts failed, `inconclusive` when every measurement was invalid, else `no-data`.
 */
export function judgeSlo(slo: SloDefinition, samples: readonly Sample[], context: JudgeContext = {}): JudgedSlo {
  const usable = samples.filter(({ invalid }) => invalid === undefined);
  const valid = usable.filter(({ value }) => value !== null);
  const missing = usable.length - valid.length;
  const invalid = samples.length - usable.length;
  const frame = describe(slo, valid, missing, invalid);
  if (valid.length === 0) return { ...frame, ...withoutSamples(slo, samples, missing, invalid, context.failedAttempts ?? 0) };
  const made = estimate(slo.objective, valid, missing);
  const { verdict, note } = decide(slo, made, usable.length, missing);
  const proven = made.proof !== 'inconclusive' && made.proof === verdict;
  return { ...frame, verdict, proven, value: made.value, interval: made.interval, needed: proven ? null : made.needed, note: withInvalid(note, invalid) };
}

function describe(slo: SloDefinition, valid: readonly Sample[], missing: number, invalid: number): JudgedSlo {
  const { objective } = slo;
  return {
    id: slo.id, title: slo.title, severity: slo.severity, verdict: 'no-data', evidence: slo.evidence, proven: false,
    objective: objective.text, metric: objective.metric, aggregate: objective.aggregate, comparison: objective.comparison, limit: objective.limit, unit: objective.unit, target: objective.target,
    value: null, samples: valid.length + missing, whole: objective.aggregate === 'ratio' ? sum(valid.map(({ whole }) => whole ?? 0)) : null, missing, invalid,
    interval: null, needed: null, note: null, distribution: distributionOf(slo, valid),
  };
}

function withoutSamples(slo: SloDefinition, samples: readonly Sample[], missing: number, invalid: number, failedAttempts: number): Pick<JudgedSlo, 'verdict' | 'note' | 'proven'> {
  const failed = Math.max(missing, failedAttempts);
  if (failed > 0) return { verdict: 'error', proven: false, note: `${failed === 1 ? 'the attempt' : `all ${failed} attempts`} ended before there was a value` };
  if (invalid > 0) return { verdict: 'inconclusive', proven: false, note: `all ${invalid} measurements are invalid: ${samples[0]?.invalid ?? ''}` };
  return { verdict: 'no-data', proven: false, note: `nothing measured ${slo.objective.metric}` };
}

function decide(slo: SloDefinition, made: Estimate, n: number, missing: number): { readonly verdict: Verdict; readonly note: string | null } {
  const ranked = percentOf(slo.objective.aggregate) !== undefined || slo.objective.aggregate === 'min' || slo.objective.aggregate === 'max';
  if (missing > 0 && !ranked && slo.objective.aggregate !== 'count') return { verdict: 'inconclusive', note: `${missing} of ${n} attempts gave no value, which ${slo.objective.aggregate} cannot count` };
  if (n < slo.minSamples) return { verdict: 'inconclusive', note: `needs ${slo.minSamples} samples, has ${n}` };
  if (made.value === null && slo.objective.aggregate === 'ratio') return { verdict: 'no-data', note: 'the whole is zero: there was nothing to compare with' };
  if (made.value === null && slo.objective.aggregate === 'stddev') return { verdict: 'inconclusive', note: 'one sample has no spread' };
  const lost = missing > 0 ? `${missing} of ${n} attempts gave no value and count as over the limit` : null;
  if (slo.evidence === 'proven') {
    if (made.proof !== 'inconclusive') return { verdict: made.proof, note: lost };
    return { verdict: 'inconclusive', note: notProven(made, n, 'the samples prove neither side') };
  }
  if (made.value === null) return { verdict: 'fail', note: `${slo.objective.aggregate} falls on attempts without a value (${missing} of ${n})` };
  const verdict = meets(made.value, slo.objective) ? 'pass' : 'fail';
  if (made.proof === verdict) return { verdict, note: lost };
  return { verdict, note: [lost, notProven(made, n, 'a point estimate; the interval includes the limit')].filter((part) => part !== null).join('; ') };
}

function notProven(made: Estimate, n: number, otherwise: string): string {
  return made.needed !== null && n < made.needed ? `${n} of the ${made.needed} samples it takes to prove it` : otherwise;
}

function withInvalid(note: string | null, invalid: number): string | null {
  if (invalid === 0) return note;
  const left = `${invalid} invalid measurement${invalid === 1 ? '' : 's'} left out`;
  return note === null ? left : `${note}; ${left}`;
}

/** Counts of the values in equal bins; a ratio is binned by each sample's own share. */
function distributionOf(slo: SloDefinition, valid: readonly Sample[]): JudgedSlo['distribution'] {
  const { aggregate } = slo.objective;
  if (aggregate === 'rate' || aggregate === 'count' || aggregate === 'sum') return null;
  const values = valid.flatMap(({ value, whole }) => (value === null ? [] : whole === undefined ? [value] : whole > 0 ? [value / whole] : []));
  if (values.length === 0) return null;
  const from = values.reduce((a, b) => Math.min(a, b), Infinity);
  const to = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const bins = from === to ? 1 : Math.min(BINS, Math.max(5, Math.ceil(2 * Math.sqrt(values.length))));
  const counts = Array.from({ length: bins }, () => 0);
  for (const value of values) {
    const bin = from === to ? 0 : Math.min(bins - 1, Math.floor(((value - from) / (to - from)) * bins));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { from, to, counts };
}
