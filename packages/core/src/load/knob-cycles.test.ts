import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { KnobMove } from '../model/action-type.js';
import { worksAgainst } from './knob-cycles.js';

const LOW = 0;
const HIGH = 6;
const VALUES = Array.from({ length: HIGH - LOW + 1 }, (_, index) => LOW + index);

/** Where a move leads from a value; the value itself when it makes no change. A move without a value goes by one. */
function apply({ direction, to }: KnobMove, value: number): number {
  const target = typeof to === 'number' ? to : Math.min(HIGH, Math.max(LOW, value + (direction === 'down' ? -1 : 1)));
  if ((direction === 'up' && target < value) || (direction === 'down' && target > value)) return value;
  return target;
}

/** Whether, from some value, each of the two would change what the other left. */
function takesTurns(a: KnobMove, b: KnobMove): boolean {
  return VALUES.some((start) => {
    const afterA = apply(a, start);
    const afterB = apply(b, afterA);
    return afterB !== afterA && apply(a, afterB) === afterA && afterA !== afterB;
  });
}

const target = fc.integer({ min: LOW + 1, max: HIGH - 1 });
const move: fc.Arbitrary<KnobMove> = fc.oneof(
  fc.record({ knob: fc.constant('k'), direction: fc.constantFrom('up' as const, 'down' as const) }),
  fc.record({ knob: fc.constant('k'), direction: fc.constantFrom('up' as const, 'down' as const, 'any' as const), to: target }),
);

describe('remedies that would move one knob to and fro', () => {
  it('are those that could take turns for ever, whichever comes first', () => {
    fc.assert(fc.property(move, move, (a, b) => {
      expect(worksAgainst(a, b)).toBe(worksAgainst(b, a));
      if (takesTurns(a, b)) expect(worksAgainst(a, b)).toBe(true);
    }));
  });

  it('are none that set a number to different values from one side', () => {
    expect(worksAgainst({ knob: 'k', direction: 'down', to: 3 }, { knob: 'k', direction: 'down', to: 2 })).toBe(false);
    expect(worksAgainst({ knob: 'k', direction: 'down', to: 3 }, { knob: 'k', direction: 'any', to: 2 })).toBe(false);
    expect(worksAgainst({ knob: 'k', direction: 'down', to: 2 }, { knob: 'k', direction: 'any', to: 3 })).toBe(true);
  });

  it('move the same knob, and none works against itself', () => {
    fc.assert(fc.property(move, move, (a, b) => !worksAgainst(a, { ...b, knob: 'other' })));
    fc.assert(fc.property(move, (a) => !worksAgainst(a, a)));
  });

  it('set a switch or a choice to different values', () => {
    expect(worksAgainst({ knob: 'k', direction: 'any', to: true }, { knob: 'k', direction: 'any', to: false })).toBe(true);
    expect(worksAgainst({ knob: 'k', direction: 'any', to: 'small' }, { knob: 'k', direction: 'any', to: 'small' })).toBe(false);
  });

  it('are not guessed at: a move of which nothing is known works against none', () => {
    expect(worksAgainst({ knob: 'k', direction: 'any' }, { knob: 'k', direction: 'up' })).toBe(false);
  });
});
