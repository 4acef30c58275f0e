import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowSource, Scenario, Suite } from '../model/suite.js';
import { makePlan } from './plan.js';

function scenario(id: string, tags: readonly string[] = [], data?: Partial<RowSource> & { readonly count: number }): Scenario {
  const rows = data === undefined ? undefined : Array.from({ length: data.count }, (_, index) => ({ number: index + 1, values: { index }, directory: '/d' }));
  return {
    id, title: id, tags, exclusive: [], setup: [], steps: [], finally: [], source: { file: 'a.yaml', line: 1, column: 1 },
    data: rows === undefined ? undefined : { rows, shuffle: data?.shuffle ?? false, limit: data?.limit, parallel: data?.parallel ?? 1 },
  };
}

/** The seam of this test: a plan reads the scenarios of a suite and nothing else. */
const suiteOf = (...scenarios: readonly Scenario[]): Suite => ({ scenarios }) as unknown as Suite;
const numbers = (suite: Suite, filter = {}, seed = 1): readonly number[] => makePlan(suite, filter, seed).scenarios.flatMap(({ rows }) => rows.map(({ number }) => number));
const ids = (suite: Suite, filter: Parameters<typeof makePlan>[1]): readonly string[] => makePlan(suite, filter, 1).scenarios.map(({ scenario: { id } }) => id);

describe('makePlan', () => {
  const suite = suiteOf(scenario('a', ['voice', 'slow']), scenario('b', ['voice']), scenario('c', ['tool'], { count: 3 }));

  it('keeps the order of the suite and gives one row to a scenario without data', () => {
    const plan = makePlan(suite, {}, 7);
    expect(plan.seed).toBe(7);
    expect(plan.scenarios.map(({ scenario: { id }, rows }) => [id, rows.length])).toEqual([['a', 1], ['b', 1], ['c', 3]]);
    expect(plan.scenarios[0]?.rows).toEqual([{ number: 1, values: {}, directory: '' }]);
  });

  it('takes filters of one kind as alternatives, and combines the kinds', () => {
    expect(ids(suite, { scenarios: ['c', 'a'] })).toEqual(['a', 'c']);
    expect(ids(suite, { tags: ['slow', 'tool'] })).toEqual(['a', 'c']);
    expect(ids(suite, { scenarios: ['a', 'b'], tags: ['slow'] })).toEqual(['a']);
    expect(ids(suite, { rows: [2] })).toEqual(['c']);
  });

  it('refuses what names nothing, with what was meant', () => {
    expect(() => makePlan(suite, { scenarios: ['aa'] }, 1)).toThrow(expect.objectContaining({ code: 'REALOPS_FILTER_EMPTY', message: 'no scenario has the id "aa"' }));
    expect(() => makePlan(suite, { tags: ['tol'] }, 1)).toThrow(expect.objectContaining({ message: 'no scenario has the tag "tol"', hint: 'did you mean "tool"? Tags: voice, slow, tool' }));
    expect(() => makePlan(suite, { scenarios: ['b'], tags: ['tool'] }, 1)).toThrow(expect.objectContaining({ message: 'no scenario is left to run' }));
    expect(() => makePlan(suite, { rows: [9] }, 1)).toThrow(expect.objectContaining({ code: 'REALOPS_FILTER_EMPTY' }));
  });

  it('limits after shuffling, and runs a row asked for by its number in any case', () => {
    expect(numbers(suiteOf(scenario('d', [], { count: 9, limit: 2 })))).toEqual([1, 2]);
    expect(numbers(suiteOf(scenario('d', [], { count: 9, limit: 2 })), { rows: [7] })).toEqual([7]);
    const shuffled = numbers(suiteOf(scenario('d', [], { count: 50, limit: 5, shuffle: true })));
    expect(shuffled).toHaveLength(5);
    expect(shuffled).not.toEqual([1, 2, 3, 4, 5]);
  });

  it('shuffles by the seed of the run, or by one of its own', () => {
    const byRun = suiteOf(scenario('d', [], { count: 30, shuffle: true }));
    const own = suiteOf(scenario('d', [], { count: 30, shuffle: 5 }));
    expect(numbers(byRun, {}, 1)).toEqual(numbers(byRun, {}, 1));
    expect(numbers(byRun, {}, 1)).not.toEqual(numbers(byRun, {}, 2));
    expect(numbers(own, {}, 1)).toEqual(numbers(own, {}, 2));
  });

  it('gives every row once, whatever the seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), (count, seed) => {
        const found = numbers(suiteOf(scenario('d', [], { count, shuffle: true })), {}, seed);
        expect([...found].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
      }),
    );
  });
});
