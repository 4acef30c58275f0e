import type { Json } from '../text/index.js';

/** The exact nearest-rank percentile of the numbers in a list; undefined when there is none or the percentage is out of range. */
export function nearestRankOf(list: readonly Json[], percent: number): number | undefined {
  const numbers = list.filter((item): item is number => typeof item === 'number').sort((a, b) => a - b);
  if (numbers.length === 0 || !(percent > 0 && percent <= 100)) return undefined;
  return numbers[Math.max(0, Math.ceil((percent / 100) * numbers.length - 1e-9) - 1)];
}
