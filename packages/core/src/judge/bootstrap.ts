import { createRandom } from '../text/index.js';
import { mean, stddev, sum } from '../metrics/summary.js';
import { nearestRank } from '../metrics/percentile.js';
import { normalHalf, type Interval } from './interval.js';

/** Resamples per interval. */
const RESAMPLES = 2_000;
/** Above this many samples the normal approximation is used: it agrees there and costs nothing. */
const MOST_RESAMPLED = 2_000;

/** The 95 % percentile-bootstrap interval of a statistic over samples (Efron 1979), always the same for the same samples. */
export function bootstrap(values: readonly number[], statistic: (values: readonly number[]) => number, seed = 1): Interval | null {
  if (values.length < 2) return null;
  const random = createRandom(seed);
  const results = Array.from({ length: RESAMPLES }, () => statistic(Array.from(values, () => values[Math.floor(random() * values.length)] ?? 0)));
  return between(results);
}

/** The 95 % interval of a mean: bootstrap up to 2,000 samples, normal above. */
export function meanInterval(values: readonly number[]): Interval | null {
  if (values.length <= MOST_RESAMPLED) return bootstrap(values, mean);
  const half = normalHalf(stddev(values) / Math.sqrt(values.length));
  return { low: mean(values) - half, high: mean(values) + half };
}

/** One part over its whole, e.g. word errors over reference words of one utterance. */
export interface Part {
  readonly part: number;
  readonly whole: number;
}

/** The 95 % interval of a pooled ratio, resampled by whole samples (utterances), since errors within one are not independent (Bisani & Ney 2004). Above 2,000 samples by linearisation. */
export function ratioInterval(parts: readonly Part[], seed = 1): Interval | null {
  if (parts.length < 2) return null;
  const whole = sum(parts.map((each) => each.whole));
  if (whole === 0) return null;
  if (parts.length > MOST_RESAMPLED) {
    const ratio = sum(parts.map((each) => each.part)) / whole;
    const residuals = parts.map((each) => each.part - ratio * each.whole);
    const half = normalHalf((Math.sqrt(parts.length) * stddev(residuals)) / whole);
    return { low: Math.max(0, ratio - half), high: ratio + half };
  }
  const random = createRandom(seed);
  const results: number[] = [];
  for (let turn = 0; turn < RESAMPLES; turn += 1) {
    let some = 0;
    let all = 0;
    for (let pick = 0; pick < parts.length; pick += 1) {
      const chosen = parts[Math.floor(random() * parts.length)];
      some += chosen?.part ?? 0;
      all += chosen?.whole ?? 0;
    }
    if (all > 0) results.push(some / all);
  }
  return between(results);
}

function between(results: number[]): Interval {
  results.sort((a, b) => a - b);
  return { low: nearestRank(results, 2.5), high: nearestRank(results, 97.5) };
}
