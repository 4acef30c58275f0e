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

function isUnit(unit: string): unit is keyof typeof FACTORS {
  return Object.hasOwn(FACTORS, unit);
}
