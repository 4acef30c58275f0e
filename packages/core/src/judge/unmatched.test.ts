import { describe, expect, it } from 'vitest';
import type { Sample } from '../metrics/metric.js';
import { judgeSlo } from './judge.js';
import { whyNoneMatches } from './unmatched.js';

const samples: readonly Sample[] = [['1', 'a'], ['2', 'b'], ['2', 'a']].map(([x = '', y = '']) => ({ metric: 'm', value: 1, labels: { x, y, scenario: 's' } }));
const slo = (where: { readonly [label: string]: readonly string[] }): Parameters<typeof judgeSlo>[0] => ({
  id: 's', title: 's', where, severity: 'major', minSamples: 1, evidence: 'point', source: { file: '', line: 1, column: 1 },
  objective: { text: 'rate(m) <= 1', aggregate: 'rate', metric: 'm', comparison: '<=', limit: 1, unit: 'ratio', target: '≤ 100 %' },
});

describe('whyNoneMatches', () => {
  it.each([
    [{ x: ['3'] }, 'no sample of m has x 3; they have 1, 2'],
    [{ x: ['3', '4'], y: ['a'] }, 'no sample of m has x 3 or 4; they have 1, 2'],
    [{ x: ['1'], z: ['q'] }, 'no sample of m has z q; none has that label'],
    [{ x: ['1'], y: ['b'] }, 'no sample of m has x 1 and y b at once'],
    [{ tag: ['voice'] }, undefined],
  ])('%j: %s', (where, why) => {
    expect(whyNoneMatches(slo(where), samples)).toBe(why);
  });

  it('names a few values and counts the others, and knows nothing where nothing was measured', () => {
    const many = Array.from({ length: 9 }, (_, index): Sample => ({ metric: 'm', value: 1, labels: { x: index } }));
    expect(whyNoneMatches(slo({ x: ['10'] }), many)).toBe('no sample of m has x 10; they have 0, 1, 2, 3, 4, 5 and 3 more');
    expect(whyNoneMatches(slo({ x: ['10'] }), [])).toBeUndefined();
  });

  it('is the note of the verdict', () => {
    expect(judgeSlo(slo({ x: ['3'] }), [], { unmatched: 'no sample of m has x 3' })).toMatchObject({ verdict: 'no-data', note: 'no sample of m has x 3' });
    expect(judgeSlo(slo({}), [])).toMatchObject({ verdict: 'no-data', note: 'nothing measured m' });
  });
});
