import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../expression/index.js';
import type { AlertRule } from '../model/remedy.js';
import { timePassed, NEW_TIME } from './elapsed.js';
import { isQuiet } from './quiet.js';
import { firingAlerts, NO_ALERTS, readAlertState, type AlertState } from './state.js';
import { stepAlerts, type AlertCondition, type AlertEffect } from './step.js';

const when = compileExpression("metrics.guardian.state.last = 'EMERGENCY'").expression;
if (when === undefined) throw new Error('does not compile');

function alert(id: string, extra: Partial<AlertRule> = {}): AlertRule {
  const source = { file: 'suite.yaml', line: 1, column: 1 };
  return { id, title: `Title of ${id}`, when: when as AlertRule['when'], forMs: 0, clearMs: 0, severity: 'major', actions: [{ kind: 'notify', channel: 'team' }], group: undefined, repeatMs: undefined, quiet: undefined, source, ...extra };
}

const HOLDS: AlertCondition = { kind: 'holds', evidence: { 'metrics.guardian.state.last': 'EMERGENCY' } };
const FAILS: AlertCondition = { kind: 'fails', evidence: { 'metrics.guardian.state.last': 'NORMAL' } };
const BLIND: AlertCondition = { kind: 'undecided', reason: 'guardian.state has no samples' };
const NOON = Date.UTC(2026, 10, 23, 12);
const MINUTE = 60_000;

/** Steps through looks at rules; each look is the minutes since noon and what each condition comes to. */
function play(rules: readonly AlertRule[], looks: readonly (readonly [minute: number, ...conditions: AlertCondition[]])[], from: AlertState = NO_ALERTS) {
  let state = from;
  const effects: AlertEffect[][] = [];
  for (const [minute, ...conditions] of looks) {
    const step = stepAlerts(state, { now: NOON + minute * MINUTE, rules, conditions: new Map(rules.flatMap((rule, index) => (conditions[index] === undefined ? [] : [[rule.id, conditions[index]]]))) });
    state = step.state;
    effects.push([...step.effects]);
  }
  return { state, effects, events: effects.map((each) => each.flatMap((effect) => (effect.kind === 'event' ? [`${effect.event} ${effect.change.alert}`] : []))) };
}

const messages = (effects: readonly AlertEffect[] | undefined) => (effects ?? []).flatMap((effect) => (effect.kind === 'notify' ? [effect] : []));

describe('an alert', () => {
  it('fires after its condition held, once, and clears after it was gone', () => {
    const { events, effects, state } = play([alert('hot', { forMs: 10 * MINUTE, clearMs: 5 * MINUTE })], [[0, HOLDS], [9, HOLDS], [10, HOLDS], [20, HOLDS], [21, FAILS], [24, HOLDS], [25, FAILS], [29, FAILS], [30, FAILS], [31, FAILS]]);
    expect(events).toEqual([[], [], ['alert_fired hot'], [], [], [], [], [], ['alert_cleared hot'], []]);
    expect(effects[2]?.[0]).toEqual({ kind: 'event', event: 'alert_fired', change: { alert: 'hot', title: 'Title of hot', severity: 'major', since: '2026-11-23T12:00:00.000Z', for_ms: 600_000, evidence: { 'metrics.guardian.state.last': 'EMERGENCY' }, message: "`metrics.guardian.state.last = 'EMERGENCY'` has held for 10 min 0 s" } });
    expect(effects[8]?.[0]).toMatchObject({ change: { for_ms: 20 * MINUTE, since: '2026-11-23T12:00:00.000Z', message: expect.stringContaining('no longer holds for 5 min 0 s; it fired for 20 min 0 s') } });
    expect(messages(effects[2])).toMatchObject([{ channel: 'team', message: { title: 'Alert: Title of hot', state: 'fired', severity: 'major', alerts: [{ id: 'hot', state: 'fired' }] } }]);
    expect(messages(effects[2])[0]?.message.text).toBe("`metrics.guardian.state.last = 'EMERGENCY'` has held for 10 min 0 s\n  metrics.guardian.state.last = \"EMERGENCY\"\n  since 2026-11-23 12:00:00 UTC");
    expect(messages(effects[8])).toMatchObject([{ message: { title: 'Cleared: Title of hot', state: 'cleared' } }]);
    expect(firingAlerts(state)).toEqual([]);
  });

  it('begins anew when its condition was gone in between', () => {
    expect(play([alert('hot', { forMs: 10 * MINUTE })], [[0, HOLDS], [9, HOLDS], [9.5, FAILS], [10, HOLDS], [19, HOLDS], [20, HOLDS]]).events.flat()).toEqual(['alert_fired hot']);
  });

  it('is told again after its time, as long as its condition holds', () => {
    const { effects } = play([alert('hot', { repeatMs: 30 * MINUTE, clearMs: 60 * MINUTE })], [[0, HOLDS], [29, HOLDS], [30, HOLDS], [45, HOLDS], [61, FAILS], [62, HOLDS]]);
    expect(effects.map((each) => messages(each).map(({ message }) => message.title))).toEqual([['Alert: Title of hot'], [], ['Still firing: Title of hot'], [], [], ['Still firing: Title of hot']]);
    expect(effects.slice(1).flat().some(({ kind }) => kind === 'event')).toBe(false);
  });

  it('keeps its state while its condition cannot be decided, and tells so the third time in a row', () => {
    const { events, effects, state } = play([alert('hot', { forMs: 10 * MINUTE })], [[0, HOLDS], [5, HOLDS], [30, BLIND], [40, HOLDS], [44, HOLDS], [45, HOLDS], [50, BLIND], [51, BLIND], [52], [53, BLIND], [54, BLIND]]);
    expect(events).toEqual([[], [], [], [], [], ['alert_fired hot'], [], [], [], [], []]);
    expect(effects.map((each) => each.filter(({ kind }) => kind === 'undecided').length)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]);
    expect(effects[8]).toMatchObject([{ kind: 'undecided', alert: 'hot', reason: 'it was not evaluated' }, { kind: 'notify', message: { title: 'Cannot be decided: Title of hot', state: 'info', alerts: [], text: expect.stringContaining('It stays firing until it can be.') } }]);
    expect(firingAlerts(state)).toEqual(['hot']);
  });

  it('that leaves the suite while it fires is cleared', () => {
    const before = play([alert('hot')], [[0, HOLDS]]).state;
    const { events, state } = play([], [[5]], before);
    expect(events).toEqual([['alert_cleared hot']]);
    expect(state.alerts).toEqual({});
    expect(play([], [[5]], play([alert('hot', { forMs: MINUTE })], [[0, HOLDS]]).state).events).toEqual([[]]);
  });

  it('asks for each action once, for all alerts that want it', () => {
    const rules = [alert('a', { actions: [{ kind: 'retest' }, { kind: 'create-incident' }] }), alert('b', { actions: [{ kind: 'create-incident' }] })];
    const { effects } = play(rules, [[0, HOLDS, HOLDS], [1, HOLDS, HOLDS], [2, FAILS, FAILS]]);
    expect(effects[0]?.flatMap((effect) => (effect.kind === 'act' ? [[effect.action, effect.alerts.map((each) => each.alert)]] : []))).toEqual([['create-incident', ['a', 'b']], ['retest', ['a']]]);
    expect([...(effects[1] ?? []), ...(effects[2] ?? [])].some(({ kind }) => kind === 'act')).toBe(false);
  });
});

describe('messages', () => {
  it('of one group that change together are one, for each channel', () => {
    const rules = [alert('a', { group: 'voice' }), alert('b', { group: 'voice', severity: 'critical', actions: [{ kind: 'notify', channel: 'team' }, { kind: 'notify', channel: 'mail' }] }), alert('c')];
    const { effects } = play(rules, [[0, HOLDS, FAILS, HOLDS], [1, FAILS, HOLDS, HOLDS]]);
    expect(messages(effects[0]).map(({ message }) => message.title)).toEqual(['Alert: Title of a', 'Alert: Title of c']);
    expect(messages(effects[1])).toMatchObject([
      { channel: 'team', message: { title: '2 alerts: 1 fired, 1 cleared', state: 'fired', severity: 'critical', alerts: [{ id: 'a', state: 'cleared' }, { id: 'b', state: 'fired' }] } },
      { channel: 'mail', message: { title: 'Alert: Title of b' } },
    ]);
    expect(messages(effects[1])[0]?.message.text).toContain('Alert: Title of b (critical)\n`metrics');
  });

  it('wait for the end of quiet hours, then come as one; events and critical alerts do not wait', () => {
    const quiet = { fromMinute: 12 * 60, toMinute: 13 * 60 };
    const rules = [alert('a', { quiet }), alert('b', { quiet }), alert('c', { quiet, severity: 'critical' })];
    const { effects, events, state } = play(rules, [[1, HOLDS, FAILS, FAILS], [2, FAILS, HOLDS, HOLDS], [3, HOLDS, HOLDS, HOLDS], [59, HOLDS, HOLDS, HOLDS], [60, FAILS, HOLDS, HOLDS], [61, FAILS, HOLDS, HOLDS]]);
    expect(events).toEqual([['alert_fired a'], ['alert_cleared a', 'alert_fired b', 'alert_fired c'].sort((x, y) => x.slice(-1).localeCompare(y.slice(-1))), ['alert_fired a'], [], ['alert_cleared a'], []]);
    expect(effects.map((each) => messages(each).map(({ message }) => message.title))).toEqual([[], ['Alert: Title of c'], [], [], ['During quiet hours: 2 fired, 1 cleared', 'Cleared: Title of a'], []]);
    expect(messages(effects[4])[0]?.message.text).toMatch(/^2026-11-23 12:02 UTC cleared: Title of a[\s\S]*12:03 UTC \(2 times, this is the last\) alert: Title of a/);
    expect(state.held).toEqual([]);
  });

  it('that are held are sent also when their alert has left the suite', () => {
    const before = play([alert('a', { quiet: { fromMinute: 0, toMinute: 1439 } })], [[1, HOLDS]]);
    expect(messages(before.effects[0])).toEqual([]);
    expect(messages(play([], [[2]], before.state).effects[0])).toMatchObject([{ channel: 'team', message: { title: 'During quiet hours: 1 fired' } }]);
  });
});

it('quiet hours may go over midnight', () => {
  const night = { fromMinute: 22 * 60, toMinute: 7 * 60 };
  const at = (hour: number, minute = 0): boolean => isQuiet(night, Date.UTC(2026, 1, 1, hour, minute));
  expect([at(21, 59), at(22), at(0), at(6, 59), at(7), at(12)]).toEqual([false, true, true, true, false, false]);
  expect(isQuiet({ fromMinute: 60, toMinute: 60 }, Date.UTC(2026, 1, 1, 1))).toBe(false);
  expect(isQuiet(undefined, 0)).toBe(false);
});

const looks = fc.array(fc.record({ wait: fc.integer({ min: 0, max: 20 }), kind: fc.constantFrom('holds', 'holds', 'fails', 'undecided') }), { maxLength: 60, size: 'max' });
const conditionOf = (kind: string): AlertCondition => (kind === 'holds' ? HOLDS : kind === 'fails' ? FAILS : BLIND);
const times = { forMs: fc.integer({ min: 0, max: 40 }), clearMs: fc.integer({ min: 0, max: 40 }) };

/** The same, said without any of the implementation: looks back over all that was seen. */
function reference(seen: readonly { readonly at: number; readonly kind: string }[], forMs: number, clearMs: number): readonly string[] {
  const decisions: string[] = [];
  let firing = false;
  let from = 0;
  seen.forEach((look, index) => {
    const wanted = firing ? 'fails' : 'holds';
    let lasted = 0;
    let run = 0;
    for (let back = index; back >= from && (seen[back]?.kind === wanted || seen[back]?.kind === 'undecided'); back -= 1) {
      run += 1;
      const [now, before] = [seen[back], back > from ? seen[back - 1] : undefined];
      if (now?.kind === wanted && before?.kind === wanted) lasted += now.at - before.at;
    }
    if (look.kind === wanted && run > 0 && lasted >= (firing ? clearMs : forMs)) {
      firing = !firing;
      from = index;
      decisions.push(`${firing ? 'fired' : 'cleared'} ${index}`);
      // The look that fired is not one that clears.
      from = index + 1;
    }
  });
  return decisions;
}

describe('for every sequence of looks', () => {
  it('fires and clears exactly when the reference says, in turns, and the same from a state that was stored', () => {
    fc.assert(
      fc.property(looks, times.forMs, times.clearMs, (steps, forMs, clearMs) => {
        const rules = [alert('x', { forMs, clearMs, repeatMs: 25 })];
        let at = NOON;
        const seen = steps.map(({ wait, kind }) => ({ at: (at += wait), kind }));
        let state = NO_ALERTS;
        const decisions: string[] = [];
        seen.forEach(({ at: now, kind }, index) => {
          const observation = { now, rules, conditions: new Map([['x', conditionOf(kind)]]) };
          const stored = readAlertState(JSON.parse(JSON.stringify(state)));
          expect(stored).toEqual(state);
          const step = stepAlerts(state, observation);
          expect(stored === undefined ? undefined : stepAlerts(stored, observation)).toEqual(step);
          state = step.state;
          for (const effect of step.effects) if (effect.kind === 'event') decisions.push(`${effect.event.slice('alert_'.length)} ${index}`);
        });
        expect(decisions).toEqual(reference(seen, forMs, clearMs));
        decisions.forEach((decision, index) => expect(decision.startsWith(index % 2 === 0 ? 'fired' : 'cleared')).toBe(true));
      }),
      { numRuns: 400 },
    );
  });

  it('a clock that is set back, for good or until it is set right, never makes an alert fire early or twice', () => {
    fc.assert(
      fc.property(looks, times.forMs, times.clearMs, fc.integer({ min: 1, max: 59 }), fc.oneof(fc.record({ length: fc.constant(60), back: fc.integer({ min: 1, max: 2_000 }) }), fc.record({ length: fc.integer({ min: 1, max: 59 }), back: fc.constant(10_000) })), (steps, forMs, clearMs, from, { length, back }) => {
        let at = NOON;
        let state = NO_ALERTS;
        let holdingSince: number | undefined;
        let firing = false;
        steps.forEach(({ wait, kind }, index) => {
          at += wait;
          const now = index >= from && index < from + length ? at - back : at;
          const step = stepAlerts(state, { now, rules: [alert('x', { forMs, clearMs })], conditions: new Map([['x', conditionOf(kind)]]) });
          state = step.state;
          if (kind === 'fails') holdingSince = undefined;
          else if (kind === 'holds') holdingSince ??= at;
          for (const effect of step.effects) {
            if (effect.kind !== 'event') continue;
            expect(effect.event).toBe(firing ? 'alert_cleared' : 'alert_fired');
            firing = !firing;
            if (effect.event === 'alert_fired') expect(at - (holdingSince ?? at)).toBeGreaterThanOrEqual(forMs);
          }
        });
      }),
      { numRuns: 400 },
    );
  });

  it('every change is told to its channel, at once or after quiet hours', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ minutes: fc.integer({ min: 1, max: 300 }), a: fc.boolean(), b: fc.boolean() }), { minLength: 1, maxLength: 20, size: 'max' }), fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 0, max: 1439 }), (steps, fromMinute, toMinute) => {
        const rules = [alert('a', { quiet: { fromMinute, toMinute }, group: 'g' }), alert('b', { quiet: { fromMinute, toMinute }, group: 'g', severity: 'critical' })];
        let minute = 0;
        const { effects, state } = play(rules, steps.map(({ minutes, a, b }) => [(minute += minutes), a ? HOLDS : FAILS, b ? HOLDS : FAILS] as const));
        const changed = new Set(effects.flat().flatMap((effect) => (effect.kind === 'event' ? [`${effect.change.alert} ${effect.event}`] : [])));
        const told = [...messages(effects.flat()).flatMap(({ message }) => message.alerts.map(({ id, state: change }) => `${id} alert_${change}`)), ...state.held.map(({ alert: id, state: change }) => `${id} alert_${change}`)];
        expect(new Set(told)).toEqual(changed);
        expect(state.held.every((each) => each.alert === 'a')).toBe(true);
        effects.forEach((each, index) => {
          const quiet = isQuiet({ fromMinute, toMinute }, NOON + steps.slice(0, index + 1).reduce((sum, { minutes }) => sum + minutes, 0) * MINUTE);
          if (quiet) expect(messages(each).flatMap(({ message }) => message.alerts.map(({ id }) => id)).includes('a')).toBe(false);
        });
      }),
      { numRuns: 200 },
    );
  });
});

it('time goes on behind a clock that stays back, and stands still for the step with which it comes right', () => {
  const passed = (readings: readonly number[]): readonly number[] => {
    let memory = NEW_TIME;
    return readings.map((now) => {
      const step = timePassed(memory, now);
      memory = step.memory;
      return step.elapsed;
    });
  };
  expect(passed([100, 110, 50, 60, 75])).toEqual([0, 10, 0, 10, 15]);
  expect(passed([100, 110, 50, 60, 140, 150])).toEqual([0, 10, 0, 10, 0, 10]);
  expect(passed([100, 50, 100, 101])).toEqual([0, 0, 0, 1]);
});

it.each([null, 1, {}, { version: 2 }, { ...NO_ALERTS, alerts: { a: {} } }, { ...NO_ALERTS, held: [{}] }, { ...NO_ALERTS, time: { high: 'x', last: null } }])('a state that was damaged is not one: %j', (json) => {
  expect(readAlertState(json)).toBeUndefined();
});
