/** The sum with the lost low digits carried along (Neumaier 1974), so that a long run of small values does not drift. */
export function sum(values: Iterable<number>): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** The arithmetic mean; NaN for no values. */
export function mean(values: ArrayLike<number> & Iterable<number>): number {
  return sum(values) / values.length;
}

/** The sample standard deviation (divisor n − 1) in one pass (Welford 1962); NaN below two values. */
export function stddev(values: Iterable<number>): number {
  let count = 0;
  let average = 0;
  let squares = 0;
  for (const value of values) {
    count += 1;
    const delta = value - average;
    average += delta / count;
    squares += delta * (value - average);
  }
  return count < 2 ? Number.NaN : Math.sqrt(Math.max(0, squares) / (count - 1));
}
