import { Cron } from 'croner';
import { messageOf, RealopsError } from '../errors/index.js';

/** A cron expression that was understood. */
export interface CronSchedule {
  /** The first moment of the schedule after the given one, to the minute, in UTC. */
  nextAfter(moment: Date): Date;
}

const FORM = 'five fields: minute hour day-of-month month day-of-week, in UTC; e.g. */15 * * * * or 0 6 * * MON-FRI';
const NICKNAMES = ['@hourly', '@daily', '@weekly', '@monthly', '@yearly', '@annually', '@midnight'];
/** Any moment serves to find out whether a schedule ever comes. */
const SOME_MOMENT = new Date(0);

/**
 * Reads a cron expression of five fields (or `@daily` and its like), in UTC. `?` is refused, since it would stand for the moment of reading.
 * @throws RealopsError REALOPS_CRON_INVALID when it cannot be read, or no moment ever fits it (`0 0 31 2 *`)
 */
export function parseCron(text: string): CronSchedule {
  const refuse = (message: string, cause?: unknown): RealopsError => new RealopsError('REALOPS_CRON_INVALID', `"${text}" ${message}`, { hint: FORM, cause });
  const written = text.trim();
  const fields = written === '' ? 0 : written.split(/\s+/).length;
  const nickname = written.startsWith('@');
  if (nickname && !NICKNAMES.includes(written.toLowerCase())) throw refuse(`is not one of ${NICKNAMES.join(', ')}`);
  if (!nickname && fields !== 5) throw refuse(`has ${fields} ${fields === 1 ? 'field' : 'fields'}, and a cron expression has 5`);
  if (written.includes('?')) throw refuse('holds ?, which would stand for the moment when it is read');
  let cron: Cron;
  try {
    cron = new Cron(written, { mode: '5-part', timezone: 'UTC', paused: true });
  } catch (error) {
    throw refuse(`is not a cron expression: ${explain(messageOf(error))}`, error);
  }
  if (cron.nextRun(SOME_MOMENT) === null) throw refuse('never comes: no day fits it');
  return {
    nextAfter(moment) {
      const next = cron.nextRun(moment);
      if (next === null) throw refuse(`does not come again after ${moment.toISOString()}`);
      return next;
    },
  };
}

/** What the library says, without its own name and in our case. */
function explain(message: string): string {
  const bare = message.replace(/^CronPattern: /, '').replace(/\.$/, '').replace(/dayOfWeek/g, 'day of week');
  return bare.charAt(0).toLowerCase() + bare.slice(1);
}
