import type { JsonObject } from '../text/index.js';
import { isJsonObject } from '../text/index.js';
import type { Millis } from '../time/index.js';
import { NEW_TIME, type TimeMemory } from './elapsed.js';

/** What is known of one alert from step to step. */
export interface AlertMemory {
  readonly phase: 'idle' | 'pending' | 'firing';
  /** What its condition last came to. */
  readonly last: 'holds' | 'fails' | 'undecided';
  /** While pending: how long it has been seen to hold. */
  readonly heldMs: Millis;
  /** While firing: how long it has been seen to be gone; null while it holds. */
  readonly goneMs: Millis | null;
  readonly firingMs: Millis;
  /** Since it was last told. */
  readonly untoldMs: Millis;
  /** When the condition began to hold, in milliseconds since 1970; null while idle. */
  readonly since: number | null;
  /** How often in a row it could not be decided. */
  readonly undecided: number;
  /** The names that it was told under, for when it is no longer in the suite. */
  readonly title: string;
  readonly severity: 'critical' | 'major' | 'minor';
}

/** Something to tell people of one alert. */
export interface Telling {
  readonly alert: string;
  readonly title: string;
  readonly severity: 'critical' | 'major' | 'minor';
  readonly state: 'fired' | 'again' | 'cleared' | 'undecided';
  /** UTC, ISO 8601: when it happened, and since when its condition held. */
  readonly at: string;
  readonly since: string;
  readonly message: string;
  readonly evidence: JsonObject;
}

/** A telling that waits for the end of quiet hours. */
export interface HeldTelling extends Telling {
  readonly channel: string;
  /** How often it came while it was held; the newest is kept. */
  readonly times: number;
}

/** Everything that lasts from step to step, as plain JSON. Written by the caller before it acts on the effects. */
export interface AlertState {
  readonly version: 1;
  readonly time: TimeMemory;
  readonly alerts: { readonly [alert: string]: AlertMemory };
  readonly held: readonly HeldTelling[];
}

/** Before the first step. */
export const NO_ALERTS: AlertState = { version: 1, time: NEW_TIME, alerts: {}, held: [] };

/** The alerts that are firing, for a status file or a faster re-check. */
export function firingAlerts(state: AlertState): readonly string[] {
  return Object.entries(state.alerts).filter(([, { phase }]) => phase === 'firing').map(([alert]) => alert);
}

/**
 * A state that was stored as JSON; undefined for anything else, also for one that a later version wrote. Whoever starts anew then says so: what was
 * firing fires again.
 */
export function readAlertState(json: unknown): AlertState | undefined {
  return isState(json) ? json : undefined;
}

function isState(json: unknown): json is AlertState {
  if (!isJsonObject(json) || json['version'] !== 1) return false;
  const { time, alerts, held } = json;
  const times = isJsonObject(time) && isTime(time['high']) && isTime(time['last']);
  return times && isJsonObject(alerts) && Object.values(alerts).every(isMemory) && Array.isArray(held) && held.every(isHeld);
}

function isMemory(json: unknown): json is AlertMemory {
  if (!isJsonObject(json)) return false;
  const { phase, last, heldMs, goneMs, firingMs, untoldMs, since, undecided, title, severity } = json;
  const words = (phase === 'idle' || phase === 'pending' || phase === 'firing') && (last === 'holds' || last === 'fails' || last === 'undecided') && typeof title === 'string' && isSeverity(severity);
  return words && [heldMs, firingMs, untoldMs, undecided].every(isCount) && (goneMs === null || isCount(goneMs)) && isTime(since);
}

function isHeld(json: unknown): json is HeldTelling {
  if (!isJsonObject(json)) return false;
  const { alert, title, severity, state, at, since, message, evidence, channel, times } = json;
  return [alert, title, at, since, message, channel].every((each) => typeof each === 'string') && isSeverity(severity) && (state === 'fired' || state === 'again' || state === 'cleared' || state === 'undecided') && isJsonObject(evidence) && isCount(times);
}

function isSeverity(value: unknown): boolean {
  return value === 'critical' || value === 'major' || value === 'minor';
}

function isTime(value: unknown): boolean {
  return value === null || (typeof value === 'number' && Number.isFinite(value));
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
