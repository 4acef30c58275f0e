/** Latencies of turns that were due: those that came, and how many never did. */
export interface Spread {
  add(ms: number | null): void;
  summary(): { readonly count: number; readonly p50: number | null; readonly p95: number | null; readonly p99: number | null; readonly max: number | null };
}

/** Without latencies. Every one is kept, since percentiles are exact. */
export function createSpread(): Spread {
  const values: number[] = [];
  let missing = 0;
  return {
    add(ms) {
      if (ms === null) missing += 1;
      else values.push(ms);
    },
    summary() {
      const sorted = Float64Array.from(values).sort();
      const count = sorted.length + missing;
      // What never came ranks above all that did.
      const rank = (share: number): number | null => toHundredths(sorted[Math.max(1, Math.ceil(share * count)) - 1]);
      return { count, p50: rank(0.5), p95: rank(0.95), p99: rank(0.99), max: rank(1) };
    },
  };
}

/** To a hundredth; null when there is no number. */
export function toHundredths(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Math.round(value * 100) / 100;
}
