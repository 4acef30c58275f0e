import type { AlertRule } from '../model/remedy.js';

const MINUTES = 24 * 60;

/** Whether a moment (milliseconds since 1970) falls into quiet hours. They may go over midnight; from one minute to the same is never. */
export function isQuiet(quiet: AlertRule['quiet'], now: number): boolean {
  if (quiet === undefined) return false;
  const { fromMinute: from, toMinute: to } = quiet;
  const minute = (((Math.floor(now / 60_000) % MINUTES) + MINUTES) % MINUTES);
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}
