import { nearestRankIndex } from './percentile.js';
import { mean, stddev, sum } from './summary.js';
import { createRandom } from '../text/index.js';
import { normalTail, studentQuantile } from './binomial.js';
import { normalHalf, type Interval } from './interval.js';

/** Resamples per interval. */
const RESAMPLES = 2_000;
/** Above this many samples the normal approximation is used: it agrees there, and the cost stays bounded. */
const MOST_RESAMPLED = 5_000;

/** How the intervals of this file are made for n samples, in the words of a report. */
export function methodFor(n: number): string {
  return n > MOST_RESAMPLED ? 'normal approximation over samples' : 'bootstrap over samples';
}

/** One part over its whole, e.g. word errors over reference words of one utterance. */
export interface Part {
  readonly part: number;
  readonly whole: number;
}

/**
 * The 95 % percentile-bootstrap interval (Efron 1979) of a mean, widened for small samples to the tail Φ(−√(n/(n−1)) · t₀.₉₇₅,ₙ₋₁), since the plain one
 * is too narrow there (Hesterberg 2015, "expanded percentile interval"). Normal above 5,000 samples. Depends on the values and the seed, not
 * on their order. Null when an interval would be a pretence: fewer than two values, or all equal.
 */
export function meanInterval(values: ArrayLike<number> & Iterable<number>, seed = 1): Interval | null {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  if (allEqual(sorted)) return null;
  if (n > MOST_RESAMPLED) return around(mean(sorted), stddev(sorted) / Math.sqrt(n));
  return resample(n, seed, (picks) => {
    let total = 0;
    for (const pick of picks) total += sorted[pick] ?? 0;
    return total / n;
  });
}

/** The 95 % interval of a standard deviation, in the manner of {@link meanInterval}; above 5,000 samples from the fourth moment (√((m₄ − s⁴)/n) / 2s). */
export function stddevInterval(values: ArrayLike<number> & Iterable<number>, seed = 1): Interval | null {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  if (allEqual(sorted)) return null;
  if (n > MOST_RESAMPLED) {
    const centre = mean(sorted);
    const deviation = stddev(sorted);
    const fourth = mean(sorted.map((value) => (value - centre) ** 4));
    return around(deviation, Math.sqrt(Math.max(0, fourth - deviation ** 4) / n) / (2 * deviation), 0);
  }
  const drawn = new Float64Array(n);
  return resample(n, seed, (picks) => {
    for (let at = 0; at < n; at += 1) drawn[at] = sorted[picks[at] ?? 0] ?? 0;
    return stddev(drawn);
  });
}

/**
 * The 95 % interval of a pooled ratio, in the manner of {@link meanInterval}, resampled by whole samples (utterances): errors within one are not
 * independent (Bisani & Ney 2004). Above 5,000 samples by linearisation. Null when every sample has the same ratio.
 */
export function ratioInterval(parts: readonly Part[], seed = 1): Interval | null {
  const ordered = [...parts].sort((a, b) => a.part - b.part || a.whole - b.whole);
  const n = ordered.length;
  const wholes = Float64Array.from(ordered, ({ whole }) => whole);
  const some = Float64Array.from(ordered, ({ part }) => part);
  const whole = sum(wholes);
  if (n < 2 || whole === 0) return null;
  const ratio = sum(some) / whole;
  const residuals = ordered.map((each) => each.part - ratio * each.whole);
  if (residuals.every((residual) => Math.abs(residual) <= 1e-12 * whole)) return null;
  if (n > MOST_RESAMPLED) return around(ratio, (Math.sqrt(n) * stddev(residuals)) / whole, 0);
  return resample(n, seed, (picks) => {
    let part = 0;
    let all = 0;
    for (const pick of picks) {
      part += some[pick] ?? 0;
      all += wholes[pick] ?? 0;
    }
    return part / all;
  });
}

function allEqual(sorted: Float64Array): boolean {
  return sorted.length < 2 || sorted[0] === sorted.at(-1);
}

function around(centre: number, standardError: number, floor = -Infinity): Interval {
  const half = normalHalf(standardError);
  return { low: Math.max(floor, centre - half), high: centre + half };
}

function resample(n: number, seed: number, statistic: (picks: Uint32Array) => number): Interval | null {
  const random = createRandom(seed);
  const picks = new Uint32Array(n);
  const results = new Float64Array(RESAMPLES);
  for (let turn = 0; turn < RESAMPLES; turn += 1) {
    for (let at = 0; at < n; at += 1) picks[at] = random() * n;
    results[turn] = statistic(picks);
  }
  // A resample of utterances without any words has no ratio.
  const sorted = results.filter((result) => Number.isFinite(result)).sort();
  const tail = normalTail(Math.sqrt(n / (n - 1)) * studentQuantile(0.05, n - 1));
  const rank = nearestRankIndex(sorted.length, 100 * tail);
  const [low, high] = [sorted[rank - 1], sorted[sorted.length - rank]];
  return low === undefined || high === undefined ? null : { low, high };
}
