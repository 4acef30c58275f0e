import { describe, expect, it } from 'vitest';
import { createFold } from '../events/fold.js';
import { sampleRun, type SampleRow } from '../events/sample-run.js';
import { groupByCause, placesOf, rowList } from './causes.js';
import { differenceOf } from './evidence.js';

function causesOf(rows: readonly (SampleRow & { readonly scenario?: string })[]) {
  const run = sampleRun({ rows: rows.length });
  rows.forEach(({ scenario = 'asr', ...row }, index) => run.row(scenario, index + 1, row));
  const fold = createFold();
  for (const event of run.end('failed').events) fold.on(event);
  return groupByCause(fold.report().scenarios);
}

const refused = (port: number): SampleRow => ({ outcome: 'error', error: { code: 'REALOPS_CONNECTION', message: `connection to "host-${port}" refused after ${port} ms`, hint: null } });

describe('groupByCause', () => {
  it('joins what differs only in numbers and quoted words, the most frequent first', () => {
    const causes = causesOf([{ outcome: 'failed' }, refused(1), refused(2), { ...refused(3), scenario: 'chat' }, { outcome: 'passed' }]);
    expect(causes.map(({ failures }) => failures.length)).toEqual([3, 1]);
    expect(causes[0]?.scenarios).toEqual(['asr', 'chat']);
    expect(causes[0] === undefined ? '' : placesOf(causes[0])).toBe('asr rows 2, 3 · chat row 4');
  });

  it('keeps apart what broke different expectations, and leaves cancelled steps out', () => {
    const broken = (expression: string): SampleRow => ({ outcome: 'failed', step: { expectations: [{ expression, held: false, got: {} }] } });
    expect(causesOf([broken('a = 1'), broken('b = 1'), broken('a = 1'), { outcome: 'cancelled' }]).map(({ failures }) => failures.length)).toEqual([2, 1]);
  });
});

describe('rowList', () => {
  it('writes rows as people do', () => {
    expect(rowList([5, 3, 6, 7, 17, 17, 9])).toBe('3, 5–7, 9, 17');
    expect(rowList([1, 2])).toBe('1, 2');
    expect(rowList([1, 3, 5, 7, 8, 9], 2)).toBe('1, 3 and 4 more');
  });
});

describe('differenceOf', () => {
  it('points at the first sign that differs when a name is compared with a text', () => {
    const found = differenceOf({ expression: `text = 'klockan är tolv'`, held: false, got: { text: 'klockan är två' } });
    expect(found).toEqual({ expected: 'text = "klockan är tolv"', got: 'text = "klockan är två"', at: 20 });
    expect(differenceOf({ expression: 'text = "a\\"b"', held: false, got: { text: 'a"b' } }).at).toBeNull();
  });

  it('shows the values of all names otherwise', () => {
    expect(differenceOf({ expression: 'status = 200 and $count(items) > 3', held: false, got: { status: 500, items: '[1,2]' } })).toEqual({ expected: 'status = 200 and $count(items) > 3', got: 'status = 500 · items = "[1,2]"', at: null });
    expect(differenceOf({ expression: 'false', held: false, got: {} }).got).toBe('nothing to compare');
  });
});
