import type { JudgedSlo } from '../model/slo.js';

/** The part of an SLO that says where its limit lies. */
export type Limit = Pick<JudgedSlo, 'comparison' | 'limit' | 'unit'>;

/** The strip shows shares from none to one and a half of the limit. */
export const WIDEST_SHARE = 1.5;

/**
 * How much of its own limit a value uses: 1 is the limit itself, less is good, more is not, whichever way the objective points. May be infinite.
 *
 * - upper limits: `value / limit`;
 * - lower limits of shares (`≥ 95 %`): the misses over the misses that are allowed, `(1 − value) / (1 − limit)`;
 * - other lower limits: `limit / value`.
 *
 * A limit of 0 (or an allowance of 0) has no share: exactly at it is 1, beyond it is infinite, before it is 0. Negative limits (dB, °C) are taken by
 * distance: `1 + (value − limit) / |limit|`.
 */
export function shareOfLimit(value: number, { comparison, limit, unit }: Limit): number {
  if (Number.isNaN(value)) return Number.NaN;
  if (comparison !== '>' && comparison !== '>=') return share(value, limit);
  if (unit === 'ratio' && limit >= 0 && limit <= 1) return share(rounded(1 - value), rounded(1 - limit));
  if (limit > 0) return value > 0 ? limit / value : Infinity;
  return limit === 0 ? share(-value, 0) : 1 + (limit - value) / -limit;
}

function share(value: number, limit: number): number {
  if (limit === 0) return value === 0 ? 1 : value > 0 ? Infinity : 0;
  if (!Number.isFinite(value)) return value > 0 ? Infinity : 0;
  return limit > 0 ? Math.max(0, value / limit) : Math.max(0, 1 + (value - limit) / -limit);
}

/** 1 − 0.95 is 0.050000000000000044; at the limit must be at the limit. */
function rounded(value: number): number {
  return Number(value.toPrecision(12));
}

/** The two ends of an interval as shares, the lower share first; an open side ends at 0 or at infinity. */
export function shareOfInterval(interval: { readonly low: number | null; readonly high: number | null }, limit: Limit): { readonly from: number; readonly to: number } {
  const falling = limit.comparison === '>' || limit.comparison === '>=';
  const low = interval.low === null ? (falling ? Infinity : 0) : shareOfLimit(interval.low, limit);
  const high = interval.high === null ? (falling ? 0 : Infinity) : shareOfLimit(interval.high, limit);
  return { from: Math.min(low, high), to: Math.max(low, high) };
}

/** Where a share lies on the strip, in per cent of its width; shares beyond the strip lie at its end. */
export function placeOfShare(share: number): number {
  const clamped = Math.min(WIDEST_SHARE, Math.max(0, Number.isNaN(share) ? 0 : share));
  return Math.round((clamped / WIDEST_SHARE) * 10_000) / 100;
}
