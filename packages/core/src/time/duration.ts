import { RealopsError } from '../errors/index.js';
import type { Millis } from './clock.js';

const FACTORS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** What a duration looks like: a number and a unit, e.g. `500ms`, `1.5s`, `5m`, `1h`, `30d`. */
export const DURATION_PATTERN = /^(\d+(?:\.\d+)?)\s?(ms|s|m|h|d)$/;

/**
 * The milliseconds of a duration such as `500ms`, `2s`, `5m`.
 * @throws RealopsError REALOPS_DURATION_INVALID when the text has another form; a bare number has no unit and is refused.
 */
export function parseDuration(text: string): Millis {
  const match = DURATION_PATTERN.exec(text.trim());
  const unit = match?.[2];
  if (match === null || unit === undefined || !isUnit(unit)) {
    throw new RealopsError('REALOPS_DURATION_INVALID', `"${text}" is not a duration`, { hint: 'write a number and a unit: 500ms, 2s, 5m, 1h or 30d' });
  }
  return Number(match[1]) * FACTORS[unit];
}

/** A duration for people: `41 ms`, `2.1 s`, `3 min 12 s`, `2 h 5 min`. */
export function formatDuration(ms: Millis): string {
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(ms < 9_995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`;
}

function isUnit(unit: string): unit is keyof typeof FACTORS {
  return Object.hasOwn(FACTORS, unit);
}
