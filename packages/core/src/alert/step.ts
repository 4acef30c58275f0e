import type { AlertChange } from '../model/alert-change.js';
import type { AlertAction, AlertRule } from '../model/remedy.js';
import type { JsonObject } from '../text/index.js';
import type { Millis } from '../time/index.js';
import { durationWords } from '../wording/words.js';
import { timePassed } from './elapsed.js';
import type { MessageDraft } from './message.js';
import type { AlertMemory, AlertState, Telling } from './state.js';
import { tell, type Told } from './tell.js';

/** What the condition of an alert came to, with the values that it read. */
export type AlertCondition = { readonly kind: 'holds' | 'fails'; readonly evidence: JsonObject } | { readonly kind: 'undecided'; readonly reason: string };

/** One look at all alerts. */
export interface AlertObservation {
  /** Milliseconds since 1970. Only forward steps count as time. */
  readonly now: number;
  /** The alerts of the suite, in their order. */
  readonly rules: readonly AlertRule[];
  /** By alert; one that is missing counts as undecided. */
  readonly conditions: ReadonlyMap<string, AlertCondition>;
}

/** What the caller has to do, in this order. */
export type AlertEffect =
  | { readonly kind: 'event'; readonly event: 'alert_fired' | 'alert_cleared'; readonly change: AlertChange }
  /** A condition could not be decided three times in a row: a warning. */
  | { readonly kind: 'undecided'; readonly alert: string; readonly title: string; readonly reason: string }
  /** To do once, for all the alerts that ask for it in this step. */
  | { readonly kind: 'act'; readonly action: Exclude<AlertAction['kind'], 'notify'>; readonly alerts: readonly AlertChange[] }
  | { readonly kind: 'notify'; readonly channel: string; readonly message: MessageDraft };

/** After so many undecided looks in a row people are told. */
const UNDECIDED_LIMIT = 3;
const ACTIONS = ['collect-diagnostics', 'create-incident', 'retest', 'remediate'] as const;

/**
 * The state after one more look, and what follows from it. Pure. An alert fires when its condition was seen to hold for `forMs`, and clears when it was
 * seen to be gone for `clearMs`; time between two looks counts when both saw the same. A condition that cannot be decided leaves everything as it is.
 * An alert that has left the suite while it fired is cleared.
 */
export function stepAlerts(state: AlertState, { now, rules, conditions }: AlertObservation): { readonly state: AlertState; readonly effects: readonly AlertEffect[] } {
  const { elapsed, memory: time } = timePassed(state.time, now);
  const looks = rules.map((rule) => {
    const before = Object.hasOwn(state.alerts, rule.id) ? state.alerts[rule.id] : undefined;
    return { rule, ...look(rule, before, conditions.get(rule.id) ?? { kind: 'undecided', reason: 'it was not evaluated' }, { now, elapsed }) };
  });
  const gone = goneRules(state, rules, { now });
  const told = looks.flatMap(({ rule, telling }): Told[] => (telling === undefined ? [] : [{ rule, telling }]));
  const { held, messages } = tell(state.held, told, rules, now);
  const fired = looks.flatMap(({ rule, fired: change }) => (change === undefined ? [] : [{ rule, change }]));
  const effects: readonly AlertEffect[] = [
    ...looks.flatMap(({ fired: up, cleared: down }): AlertEffect[] => [
      ...(up === undefined ? [] : [{ kind: 'event', event: 'alert_fired', change: up } as const]),
      ...(down === undefined ? [] : [{ kind: 'event', event: 'alert_cleared', change: down } as const]),
    ]),
    ...gone.map((change) => ({ kind: 'event', event: 'alert_cleared', change }) as const),
    ...looks.flatMap(({ rule, blind }) => (blind === undefined ? [] : [{ kind: 'undecided', alert: rule.id, title: rule.title, reason: blind } as const])),
    ...ACTIONS.flatMap((action) => {
      const alerts = fired.filter(({ rule }) => rule.actions.some(({ kind }) => kind === action)).map(({ change }) => change);
      return alerts.length === 0 ? [] : [{ kind: 'act', action, alerts } as const];
    }),
    ...messages.map(({ channel, message }) => ({ kind: 'notify', channel, message }) as const),
  ];
  return { state: { version: 1, time, alerts: Object.fromEntries(looks.map(({ rule, memory }) => [rule.id, memory])), held }, effects };
}

interface Moment {
  readonly now: number;
  readonly elapsed: Millis;
}

/** What one look at one alert changes. */
interface Look {
  readonly memory: AlertMemory;
  readonly fired?: AlertChange;
  readonly cleared?: AlertChange;
  readonly blind?: string;
  readonly telling?: Telling;
}

function look(rule: AlertRule, before: AlertMemory | undefined, condition: AlertCondition, moment: Moment): Look {
  const known = { ...(before ?? IDLE), title: rule.title, severity: rule.severity };
  const memory = known.phase === 'firing' ? { ...known, firingMs: known.firingMs + moment.elapsed, untoldMs: known.untoldMs + moment.elapsed } : known;
  switch (condition.kind) {
    case 'holds':
      return holds(rule, memory, condition.evidence, moment);
    case 'fails':
      return fails(rule, memory, condition.evidence, moment);
    case 'undecided':
      return cannotTell(rule, memory, condition.reason, moment);
  }
}

const IDLE = { phase: 'idle', last: 'fails', heldMs: 0, goneMs: null, firingMs: 0, untoldMs: 0, since: null, undecided: 0 } as const;

function holds(rule: AlertRule, before: AlertMemory, evidence: JsonObject, { now, elapsed }: Moment): Look {
  const seen = { ...before, last: 'holds', undecided: 0, goneMs: null } as const;
  if (before.phase === 'firing') {
    if (rule.repeatMs === undefined || before.untoldMs < rule.repeatMs) return { memory: seen };
    const change = changeOf(rule, before.since ?? now, before.firingMs, evidence, `${condition(rule)} still holds, after ${durationWords(before.firingMs)}`);
    return { memory: { ...seen, untoldMs: 0 }, telling: tellingOf(change, 'again', now) };
  }
  const heldMs = before.phase === 'pending' ? before.heldMs + (before.last === 'holds' ? elapsed : 0) : 0;
  const since = before.phase === 'pending' ? (before.since ?? now) : now;
  if (heldMs < rule.forMs) return { memory: { ...seen, phase: 'pending', heldMs, since } };
  const change = changeOf(rule, since, heldMs, evidence, heldMs === 0 ? `${condition(rule)} holds` : `${condition(rule)} has held for ${durationWords(heldMs)}`);
  return { memory: { ...seen, phase: 'firing', heldMs: 0, firingMs: 0, untoldMs: 0, since }, fired: change, telling: tellingOf(change, 'fired', now) };
}

function fails(rule: AlertRule, before: AlertMemory, evidence: JsonObject, { now, elapsed }: Moment): Look {
  const seen = { ...before, last: 'fails', undecided: 0 } as const;
  if (before.phase !== 'firing') return { memory: { ...seen, ...IDLE } };
  const goneMs = before.goneMs === null ? 0 : before.goneMs + (before.last === 'fails' ? elapsed : 0);
  if (goneMs < rule.clearMs) return { memory: { ...seen, goneMs } };
  const change = changeOf(rule, before.since ?? now, before.firingMs, evidence, `${condition(rule)} no longer holds${goneMs === 0 ? '' : ` for ${durationWords(goneMs)}`}; it fired for ${durationWords(before.firingMs)}`);
  return { memory: { ...seen, ...IDLE }, cleared: change, telling: tellingOf(change, 'cleared', now) };
}

function cannotTell(rule: AlertRule, before: AlertMemory, reason: string, { now }: Moment): Look {
  const memory = { ...before, last: 'undecided', undecided: Math.min(before.undecided + 1, UNDECIDED_LIMIT + 1) } as const;
  if (memory.undecided !== UNDECIDED_LIMIT) return { memory };
  const message = `${condition(rule)} could not be decided ${UNDECIDED_LIMIT} times in a row: ${reason}. ${before.phase === 'firing' ? 'It stays firing' : 'It cannot fire'} until it can be.`;
  return { memory, blind: reason, telling: tellingOf(changeOf(rule, before.since ?? now, 0, {}, message), 'undecided', now) };
}

function condition({ when }: AlertRule): string {
  const text = when.text.replaceAll(/\s+/g, ' ').trim();
  return `\`${text.length > 200 ? `${text.slice(0, 199)}…` : text}\``;
}

function changeOf({ id, title, severity }: AlertRule, since: number, for_ms: Millis, evidence: JsonObject, message: string): AlertChange {
  return { alert: id, title, severity, since: new Date(since).toISOString(), for_ms, evidence, message };
}

function tellingOf({ alert, title, severity, since, evidence, message }: AlertChange, state: Telling['state'], now: number): Telling {
  return { alert, title, severity, state, at: new Date(now).toISOString(), since, message, evidence };
}

/** Alerts that were firing when their rule was taken out of the suite. */
function goneRules(state: AlertState, rules: readonly AlertRule[], { now }: Pick<Moment, 'now'>): readonly AlertChange[] {
  const known = new Set(rules.map(({ id }) => id));
  return Object.entries(state.alerts)
    .filter(([alert, { phase }]) => phase === 'firing' && !known.has(alert))
    .map(([alert, { title, severity, since, firingMs }]) => ({ alert, title, severity, since: new Date(since ?? now).toISOString(), for_ms: firingMs, evidence: {}, message: 'the alert is no longer part of the suite' }));
}
