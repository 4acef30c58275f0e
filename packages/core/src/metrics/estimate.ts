import type { Sample } from './metric.js';
import { nearestRank } from './percentile.js';
import { mean, stddev, sum } from './summary.js';
import type { Aggregate, JudgedSlo, Objective } from '../model/slo.js';
import { meanInterval, methodFor, ratioInterval, stddevInterval, type Part } from './bootstrap.js';
import { clopperPearson, exceedanceVerdict, percentileRanks, wilson, type Interval } from './interval.js';
import { samplesToProve, samplesToRefute, samplesToSeparate, successesToProve, successesToRefute } from './needed.js';

/** The point estimate of an aggregate with what its samples prove. */
export interface Estimate {
  /** Null when there is none: the rank falls on attempts without a value, one sample has no spread, nothing was compared. */
  readonly value: number | null;
  readonly interval: JudgedSlo['interval'];
  /** What the samples prove at 95 %. */
  readonly proof: 'pass' | 'fail' | 'inconclusive';
  /** How many samples a proof of what the estimate says would take; null when no number of them does, or it is not known. */
  readonly needed: number | null;
  /** Whether `needed` is an extrapolation rather than exact. */
  readonly about: boolean;
}

/** The percentage of a percentile aggregate (50 for the median), or undefined. */
export function percentOf(aggregate: Aggregate): number | undefined {
  if (aggregate === 'median') return 50;
  return aggregate.startsWith('p') ? Number(aggregate.slice(1)) : undefined;
}

/** Whether a value meets the limit of an objective. Equality allows for rounding in the twelfth digit. */
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
      return value === limit || Math.abs(value - limit) <= 1e-12 * Math.max(Math.abs(value), Math.abs(limit));
  }
}

/**
 * Estimates an objective from its measured samples (at least one) and the number of attempts that gave no value. A missing value counts as worse than
 * any limit where order decides (percentiles, min, max) and as the wrong answer in a rate; other aggregates leave it out, and the judge says so.
 */
export function estimate(objective: Objective, samples: readonly Sample[], missing: number, seed: number): Estimate {
  const percent = percentOf(objective.aggregate);
  const values = Float64Array.from(samples, ({ value }) => value ?? 0);
  if (percent !== undefined) return estimatePercentile(objective, values, missing, percent);
  switch (objective.aggregate) {
    case 'rate':
      return estimateRate(objective, values, missing);
    case 'ratio':
      return estimateRatio(objective, samples, seed);
    case 'mean':
      return withInterval(objective, mean(Float64Array.from(values).sort()), meanInterval(values, seed), values.length);
    case 'stddev':
      return withInterval(objective, values.length < 2 ? null : stddev(Float64Array.from(values).sort()), stddevInterval(values, seed), values.length);
    default:
      return exact(objective, exactValue(objective, values, missing));
  }
}

function isUpward({ comparison }: Objective): boolean {
  return comparison === '>' || comparison === '>=';
}

function estimatePercentile(objective: Objective, values: Float64Array, missing: number, percent: number): Estimate {
  const n = values.length + missing;
  const sorted = new Float64Array(n).fill(isUpward(objective) ? -Infinity : Infinity);
  sorted.set(values);
  sorted.sort();
  const finite = (value: number | undefined): number | null => (value === undefined || !Number.isFinite(value) ? null : value);
  const value = finite(nearestRank(sorted, percent));
  const ranks = percentileRanks(n, percent);
  const at = (rank: number | null): number | null => (rank === null ? null : finite(sorted[rank - 1]));
  const interval = { low: at(ranks.low), high: at(ranks.high), method: 'order statistics, exact binomial' };
  if (objective.comparison === '=') {
    const outside = (interval.low !== null && interval.low > objective.limit) || (interval.high !== null && interval.high < objective.limit);
    return { value, interval, proof: outside ? 'fail' : 'inconclusive', needed: null, about: false };
  }
  // pN < T says that at most 1 − N/100 of all values are not below T; pN > T that at most N/100 are not above it.
  const allowed = isUpward(objective) ? percent / 100 : complement(percent / 100);
  const exceeding = sorted.reduce((count, each) => count + (meets(each, objective) ? 0 : 1), 0);
  const passes = value !== null && meets(value, objective);
  const needed = passes ? samplesToProve(allowed, exceeding) : samplesToRefute(allowed, exceeding, n);
  return { value, interval, proof: exceedanceVerdict(exceeding, n, allowed), needed, about: !passes };
}

function estimateRate(objective: Objective, values: Float64Array, missing: number): Estimate {
  const { comparison, limit } = objective;
  const n = values.length + missing;
  const atMost = comparison === '<' || comparison === '<=';
  const successes = sum(values) + (atMost ? missing : 0);
  const value = successes / n;
  const bounds = wilson(successes, n);
  const interval = { ...bounds, method: 'Wilson' };
  const byInterval = proofOf(objective, bounds);
  if (comparison === '=') return { value, interval, proof: byInterval, needed: null, about: false };
  const passes = meets(value, objective);
  const least = atMost ? complement(limit) : limit;
  const bad = atMost ? successes : n - successes;
  // Wilson's interval is right on average, but for few samples it excludes too much (17 of 20 against 95 %): the exact test has to agree.
  const proof = byInterval === exceedanceVerdict(bad, n, complement(least)) ? byInterval : 'inconclusive';
  return { value, interval, proof, needed: passes ? successesToProve(least, bad) : successesToRefute(least, n - bad, n), about: !passes };
}

/** 1 − share without the dust of binary fractions (1 − 0.95 is a little more than 0.05). */
function complement(share: number): number {
  return Number((1 - share).toPrecision(12));
}

function estimateRatio(objective: Objective, samples: readonly Sample[], seed: number): Estimate {
  const parts = samples.map(({ value, whole }) => ({ part: value ?? 0, whole: whole ?? 0 }));
  const whole = sum(parts.map((each) => each.whole));
  if (whole === 0) return { value: null, interval: null, proof: 'inconclusive', needed: null, about: false };
  const value = sum(parts.map(({ part }) => part)) / whole;
  const bounds = ratioInterval(parts, seed);
  if (bounds !== null) return withInterval(objective, value, bounds, parts.length);
  const flawless = boundOfFlawless(parts, value);
  return withInterval(objective, value, flawless, parts.length, 'exact bound on the share of samples that differ');
}

/**
 * A ratio that is 0 (or 1) in every sample has no spread to resample, and yet more such samples prove more: the share of samples that differ is at
 * most the Clopper-Pearson bound, and each of them counts as wholly different (at worst a share of 1).
 */
function boundOfFlawless(parts: readonly Part[], value: number): Interval | null {
  if (value !== 0 && value !== 1) return null;
  const { high } = clopperPearson(0, parts.filter(({ whole }) => whole > 0).length);
  return value === 0 ? { low: 0, high } : { low: 1 - high, high: 1 };
}

function withInterval(objective: Objective, value: number | null, bounds: Interval | null, n: number, method = methodFor(n)): Estimate {
  if (value === null || bounds === null) return { value, interval: null, proof: 'inconclusive', needed: n < 2 ? 2 : null, about: true };
  const needed = objective.comparison === '=' ? null : samplesToSeparate(value, bounds, objective.limit, n);
  return { value, interval: { ...bounds, method }, proof: proofOf(objective, bounds), needed, about: true };
}

function proofOf(objective: Objective, { low, high }: Interval): Estimate['proof'] {
  if (objective.comparison === '=') return low > objective.limit || high < objective.limit ? 'fail' : 'inconclusive';
  const [lowMeets, highMeets] = [meets(low, objective), meets(high, objective)];
  return lowMeets && highMeets ? 'pass' : lowMeets || highMeets ? 'inconclusive' : 'fail';
}

/** Counts, sums, extremes and the last value are facts about this run: they prove themselves. */
function exact(objective: Objective, value: number | null): Estimate {
  return { value, interval: null, proof: value !== null && meets(value, objective) ? 'pass' : 'fail', needed: null, about: false };
}

function exactValue(objective: Objective, values: Float64Array, missing: number): number | null {
  switch (objective.aggregate) {
    case 'count':
      return values.length;
    case 'sum':
      return sum(values);
    case 'last':
      return values.at(-1) ?? null;
    case 'min':
      return missing > 0 && isUpward(objective) ? null : values.reduce((a, b) => Math.min(a, b), Infinity);
    default:
      return missing > 0 && !isUpward(objective) ? null : values.reduce((a, b) => Math.max(a, b), -Infinity);
  }
}
