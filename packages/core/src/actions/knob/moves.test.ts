import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { range } from '../support.js';
import { faultOfChange, faultOfTarget, moveBy, moveTo } from './moves.js';
import { isBetween } from './value.js';
import { sameValue } from '../../text/index.js';

const eos = range(200, 2_000, 200, { whole: true, unit: 'ms' });
const vad = range(0.05, 0.95, 0.1);
const model = { kind: 'choice', values: ['small', 'large'] } as const;
const toggle = { kind: 'toggle' } as const;

describe('a change by an amount', () => {
  it('moves, with or without the unit of the knob, free of binary dust', () => {
    expect(moveBy(eos, 700, 100, false)).toEqual({ after: 800 });
    expect(moveBy(eos, 700, '100 ms', false)).toEqual({ after: 800 });
    expect(moveBy(eos, 700, '-100ms', false)).toEqual({ after: 600 });
    expect(moveBy(vad, 0.35, -0.1, false)).toEqual({ after: 0.25 });
  });

  it('goes to the end of the range only when it is told to, and not beyond', () => {
    expect(moveBy(eos, 1_950, 100, false)).toEqual({ reason: '2050 ms would be outside its range of 200 to 2000 ms; toEdge: true goes to 2000 ms only' });
    expect(moveBy(eos, 1_950, 100, true)).toEqual({ after: 2_000 });
    expect(moveBy(eos, 2_000, 100, true)).toEqual({ reason: 'it is 2000 ms already, the end of its range of 200 to 2000 ms' });
    expect(moveBy(eos, 1_900, 100, false)).toEqual({ after: 2_000 });
  });

  it('brings back a value that someone set outside the range, and moves none further out', () => {
    expect(moveBy(eos, 2_100, -100, false)).toEqual({ after: 2_000 });
    expect(moveBy(eos, 3_000, -100, true)).toEqual({ reason: 'it is 3000 ms now, outside its range of 200 to 2000 ms, and would still be there' });
    expect(moveBy(eos, 3_000, 100, true)).toMatchObject({ reason: expect.stringContaining('outside') as string });
  });

  it.each([
    [eos, 201, 'a change by 201 ms is more than the maxStep of 200 ms'],
    [eos, 0, 'a change by 0 changes nothing'],
    [eos, 0.5, 'a change by 0.5 does not lead to a whole number'],
    [eos, '1 s', '"1 s" has the unit s, but the knob is in ms'],
    [vad, '1 s', '"1 s" has the unit s, but the knob has none'],
    [eos, 'much', '"much" is not an amount'],
    [model, 1, 'a change by an amount needs a knob with a range; this one is one of "small", "large"'],
    [toggle, 1, 'a change by an amount needs a knob with a range; this one is true or false'],
  ] as const)('of %j by %j is refused', (bounds, by, reason) => expect(faultOfChange(bounds, by)).toBe(reason));

  it('never leaves the range nor exceeds the step, whatever the value in force', () => {
    fc.assert(fc.property(fc.double({ min: -5_000, max: 5_000, noNaN: true }), fc.double({ min: -400, max: 400, noNaN: true }), fc.boolean(), (before, by, toEdge) => {
      const bounds = range(200, 2_000, 200);
      const move = moveBy(bounds, before, by, toEdge);
      if ('reason' in move) return move.reason !== '';
      const after = Number(move.after);
      return after >= 200 && after <= 2_000 && Math.abs(after - before) <= 200 * (1 + 1e-6) && after !== before;
    }));
  });
});

describe('a value to set', () => {
  it('is set when it is near enough, and otherwise one step at a time', () => {
    expect(moveTo(eos, 700, 800, { stepwise: false })).toEqual({ after: 800 });
    expect(moveTo(eos, 700, 1_500, { stepwise: false })).toEqual({ reason: 'from 700 ms to 1500 ms is more than the maxStep of 200 ms; stepwise: true goes one step at a time' });
    expect(moveTo(eos, 700, 1_500, { stepwise: true })).toEqual({ after: 900 });
    expect(moveTo(eos, 9_000, 1_500, { stepwise: true })).toMatchObject({ reason: expect.stringContaining('still be outside') as string });
    expect(moveTo(model, 'large', 'small', { stepwise: false })).toEqual({ after: 'small' });
  });

  it('leaves alone what is there or on the good side already', () => {
    expect(moveTo(eos, 800, '800 ms', { stepwise: false })).toEqual({ reason: 'it is 800 ms already' });
    expect(moveTo(eos, 700, 800, { only: 'lower', stepwise: false })).toEqual({ reason: 'it is 700 ms already, below 800 ms' });
    expect(moveTo(eos, 900, 800, { only: 'raise', stepwise: false })).toEqual({ reason: 'it is 900 ms already, above 800 ms' });
    expect(moveTo(eos, 900, 800, { only: 'lower', stepwise: false })).toEqual({ after: 800 });
  });

  it.each([
    [eos, 2_001, undefined, '2001 ms is outside the range of the knob, 200 to 2000 ms'],
    [eos, 700.5, undefined, '700.5 is not a whole number'],
    [eos, true, undefined, 'true is not a whole number'],
    [model, 'tiny', undefined, '"tiny" is not one of "small", "large"'],
    [model, 'small', 'lower', '"only: lower" needs a knob with a range; this one is one of "small", "large"'],
    [toggle, 'on', undefined, 'a toggle is true or false, got "on"'],
  ] as const)('of %j to %j (only %s) is refused', (bounds, to, only, reason) => expect(faultOfTarget(bounds, to, only)).toBe(reason));
});

describe('values', () => {
  it('are the same when numbers differ by dust, in lists and objects too', () => {
    expect(sameValue(0.1 + 0.2, 0.3)).toBe(true);
    expect(sameValue({ a: [1, { b: 0.25 }], c: null }, { c: null, a: [1, { b: 0.35 - 0.1 }] })).toBe(true);
    expect(sameValue(1, '1')).toBe(false);
    expect(sameValue({ a: 1 }, { b: 1 })).toBe(false);
    expect(sameValue([1], [1, 2])).toBe(false);
    expect(sameValue([], {})).toBe(false);
    expect(sameValue(0, 1e-12)).toBe(false);
  });

  it('are between when each part is that of before or after', () => {
    const [before, after] = [{ circuit: 'closed', fallback: false }, { circuit: 'open', fallback: true }];
    expect(isBetween({ circuit: 'closed', fallback: true }, before, after)).toBe(true);
    expect(isBetween({ circuit: 'half', fallback: true }, before, after)).toBe(false);
    expect(isBetween(750, 700, 800)).toBe(false);
    expect(isBetween(800, 700, 800)).toBe(true);
  });
});
