import { binomialCdf, binomialTail } from './binomial.js';
import { wilson, type Interval } from './interval.js';

/** Beyond this many samples a proof is not worth naming. */
const MOST = 10_000_000;

/**
 * The smallest number of samples that proves "at most a share `allowed` exceeds the limit" when `exceeding` do and all others do not: the smallest n
 * with P(X ≤ exceeding) ≤ 1 − confidence. Without any it is ⌈ln(1 − confidence) / ln(1 − allowed)⌉: 59 for p95 at 95 %.
 */
export function samplesToProve(allowed: number, exceeding = 0, confidence = 0.95): number | null {
  // 0.05 and not 1 − 0.95, which is a little more.
  const risk = Number((1 - confidence).toPrecision(12));
  return smallest(exceeding + 1, (n) => binomialCdf(exceeding, n, allowed) <= risk);
}

/** About how many samples prove the opposite at 95 % if they go on to exceed at the rate of `exceeding` out of `n`; null when that rate is allowed. */
export function samplesToRefute(allowed: number, exceeding: number, n: number): number | null {
  if (exceeding <= allowed * n) return null;
  const samples = (count: number): number => Math.ceil((count * n) / exceeding - 1e-9);
  const count = smallest(exceeding, (each) => binomialTail(each, samples(each), allowed) <= 0.05);
  return count === null ? null : samples(count);
}

/** The smallest number of samples, `bad` ones among them, that proves a good share of at least `limit`: by Wilson's lower bound and the exact test. */
export function successesToProve(limit: number, bad = 0): number | null {
  if (limit >= 1) return null;
  return smallest(Math.max(1, bad), (n) => wilson(n - bad, n).low >= limit && binomialTail(n - bad, n, limit) <= 0.05);
}

/** About how many samples at the same good share prove that it is below `limit`. */
export function successesToRefute(limit: number, good: number, n: number): number | null {
  if (good / n >= limit) return null;
  return smallest(n, (size) => {
    const expected = (good / n) * size;
    return wilson(expected, size).high < limit && binomialCdf(expected, size, limit) <= 0.05;
  });
}

/** About how many samples bring the near end of an interval to the limit, as its width shrinks with 1/√n; null when the value is the limit. */
export function samplesToSeparate(value: number, interval: Interval, limit: number, n: number): number | null {
  const reach = value < limit ? interval.high - value : value - interval.low;
  const samples = Math.ceil(n * (reach / (limit - value)) ** 2);
  return Number.isFinite(samples) && samples <= MOST ? Math.max(n + 1, samples) : null;
}

/** The smallest whole number from `from` on for which a monotone condition holds, or null up to ten million. */
function smallest(from: number, holds: (n: number) => boolean): number | null {
  let high = from;
  for (let step = 1; !holds(high); step *= 2) {
    if (high >= MOST) return null;
    high = Math.min(MOST, high + step);
  }
  let low = from;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
