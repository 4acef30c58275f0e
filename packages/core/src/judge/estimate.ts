import type { Sample } from '../metrics/metric.js';
import { nearestRank } from '../metrics/percentile.js';
import { mean, stddev, sum } from '../metrics/summary.js';
import type { Aggregate, JudgedSlo, Objective } from '../model/slo.js';
import { bootstrap, meanInterval, ratioInterval } from './bootstrap.js';
import { exceedanceVerdict, percentileRanks, samplesToProve, successesToProve, wilson } from './interval.js';

/** The point estimate of an aggregate with what its samples prove. */
export interface Estimate {
  /** Null when the rank falls on attempts without a value. */
  readonly value: number | null;
  readonly interval: JudgedSlo['interval'];
  /** What the samples prove at 95 %. */
  readonly proof: 'pass' | 'fail' | 'inconclusive';
  /** How many samples a proof of a pass would take if none is bad; null when not known. */
  readonly needed: number | null;
}

/** The percentage of a percentile aggregate (50 for the median), or undefined. */
export function percentOf(aggregate: Aggregate): number | undefined {
  if (aggregate === 'median') return 50;
  return aggregate.startsWith('p') ? Number(aggregate.slice(1)) : undefined;
}

/** Whether a value meets the limit of an objective. */
export function meets(value: number, { comparison, limit }: Pick<Objective, 'comparison' | 'limit'>): boolean {
  switch (comparison) {
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '=':
      return Math.abs(value - limit) <= 1e-9 * Math.max(1, Math.abs(limit));
  }
}

/** Estimates an objective from its valid samples and the number of attempts that gave no value (which count as worse than any limit where ranks decide). */
export function estimate(objective: Objective, samples: readonly Sample[], missing: number): Estimate {
  const percent = percentOf(objective.aggregate);
  const values = samples.map(({ value }) => value ?? 0);
  if (percent !== undefined) return estimatePercentile(objective, values, missing, percent);
  switch (objective.aggregate) {
    case 'rate':
      return estimateRate(objective, values);
    case 'ratio':
      return estimateRatio(objective, samples);
    case 'mean':
      return withInterval(objective, mean(values), meanInterval(values), 'bootstrap over samples');
    case 'stddev':
      return values.length < 2 ? { value: null, interval: null, proof: 'inconclusive', needed: 2 } : withInterval(objective, stddev(values), values.length > 2_000 ? null : bootstrap(values, stddev), 'bootstrap over samples');
    default:
      return exact(objective, exactValue(objective.aggregate, values, missing, objective));
  }
}

function estimatePercentile(objective: Objective, values: readonly number[], missing: number, percent: number): Estimate {
  const n = values.length + missing;
  const upward = objective.comparison === '<' || objective.comparison === '<=';
  const worst = upward ? Infinity : -Infinity;
  const sorted = Float64Array.from([...values, ...Array.from({ length: missing }, () => worst)]).sort();
  const value = nearestRank(sorted, percent);
  const ranks = percentileRanks(n, percent);
  const at = (rank: number | null): number | null => {
    const found = rank === null ? undefined : sorted[rank - 1];
    return found === undefined || !Number.isFinite(found) ? null : found;
  };
  const interval = { low: at(ranks.low), high: at(ranks.high), method: 'order statistics, exact binomial' };
  const finite = Number.isFinite(value) ? value : null;
  if (objective.comparison === '=') return { value: finite, interval, proof: 'inconclusive', needed: null };
  const exceeding = sorted.reduce((count, each) => count + (meets(each, objective) ? 0 : 1), 0);
  const allowed = upward ? 1 - percent / 100 : percent / 100;
  return { value: finite, interval, proof: exceedanceVerdict(exceeding, n, allowed), needed: samplesToProve(allowed) };
}

function estimateRate(objective: Objective, values: readonly number[]): Estimate {
  const successes = sum(values);
  const value = successes / values.length;
  const bounds = wilson(successes, values.length);
  const atLeast = objective.comparison === '>' || objective.comparison === '>=';
  return { value, interval: { ...bounds, method: 'Wilson' }, proof: proofOf(objective, bounds), needed: objective.comparison === '=' ? null : successesToProve(atLeast ? objective.limit : 1 - objective.limit) };
}

function estimateRatio(objective: Objective, samples: readonly Sample[]): Estimate {
  const parts = samples.map(({ value, whole }) => ({ part: value ?? 0, whole: whole ?? 0 }));
  const whole = sum(parts.map((each) => each.whole));
  if (whole === 0) return { value: null, interval: null, proof: 'inconclusive', needed: null };
  return withInterval(objective, sum(parts.map(({ part }) => part)) / whole, ratioInterval(parts), 'bootstrap over samples');
}

function withInterval(objective: Objective, value: number, bounds: { readonly low: number; readonly high: number } | null, method: string): Estimate {
  return { value, interval: bounds === null ? null : { ...bounds, method }, proof: bounds === null ? 'inconclusive' : proofOf(objective, bounds), needed: null };
}

function proofOf(objective: Objective, { low, high }: { readonly low: number; readonly high: number }): Estimate['proof'] {
  if (objective.comparison === '=') return meets(low, objective) && meets(high, objective) ? 'pass' : low > objective.limit || high < objective.limit ? 'fail' : 'inconclusive';
  const [lowMeets, highMeets] = [meets(low, objective), meets(high, objective)];
  return lowMeets && highMeets ? 'pass' : lowMeets || highMeets ? 'inconclusive' : 'fail';
}

/** Counts, sums and extremes are facts about this run: they prove themselves. */
function exact(objective: Objective, value: number | null): Estimate {
  return { value, interval: null, proof: value === null ? 'fail' : meets(value, objective) ? 'pass' : 'fail', needed: null };
}

function exactValue(aggregate: Aggregate, values: readonly number[], missing: number, objective: Objective): number | null {
  switch (aggregate) {
    case 'count':
      return values.length;
    case 'sum':
      return sum(values);
    case 'last':
      return values.at(-1) ?? null;
    case 'min':
      return missing > 0 && objective.comparison.startsWith('>') ? null : values.reduce((a, b) => Math.min(a, b), Infinity);
    default:
      return missing > 0 && objective.comparison.startsWith('<') ? null : values.reduce((a, b) => Math.max(a, b), -Infinity);
  }
}
