import { describe, expect, it } from 'vitest';
import type { Labels, Sample } from './metric.js';
import { createMetricStore } from './store.js';

const sample = (metric: string, value: number, labels: Labels = {}): Sample => ({ metric, value, labels });
const values = (samples: readonly Sample[]): readonly (number | null)[] => samples.map(({ value }) => value);

describe('createMetricStore', () => {
  const store = createMetricStore();
  store.record(sample('a', 1, { scenario: 's1', snr: 10, clean: false }));
  store.record(sample('a', 2, { scenario: 's2', snr: '10' }));
  store.record(sample('b', 3, { scenario: 's1' }));
  store.record(sample('a', 4, { scenario: 's2', snr: 5, tag: 'own' }));
  const tagsOf = (scenario: string): readonly string[] => (scenario === 's2' ? ['noisy', 'sv'] : []);

  it('keeps the order of recording and the order of metrics', () => {
    expect(values(store.select('a', {}))).toEqual([1, 2, 4]);
    expect(store.names()).toEqual(['a', 'b']);
    expect(store.select('c', {})).toEqual([]);
  });

  it('compares labels as text, any of a list, all labels together', () => {
    expect(values(store.select('a', { snr: ['10'] }))).toEqual([1, 2]);
    expect(values(store.select('a', { snr: ['5', '10'], scenario: ['s2'] }))).toEqual([2, 4]);
    expect(values(store.select('a', { clean: ['false'] }))).toEqual([1]);
    expect(values(store.select('a', { snr: [] }))).toEqual([]);
  });

  it('does not match a label that a sample has not', () => {
    expect(values(store.select('a', { noise: ['undefined'] }))).toEqual([]);
    expect(values(store.select('a', { constructor: ['function Object() { [native code] }'] }))).toEqual([]);
  });

  it('takes tag for the tags of the scenario', () => {
    expect(values(store.select('a', { tag: ['noisy', 'other'] }, tagsOf))).toEqual([2, 4]);
    expect(values(store.select('a', { tag: ['own'] }, tagsOf))).toEqual([]);
  });

  it('holds what was selected apart from what is recorded later', () => {
    const own = createMetricStore();
    own.record(sample('a', 1));
    const before = own.select('a', {});
    own.record(sample('a', 2));
    expect(values(before)).toEqual([1]);
  });

  it('asks for the tags of a scenario once, whatever the number of samples', () => {
    const own = createMetricStore();
    for (let index = 0; index < 200_000; index += 1) own.record(sample('a', index, { scenario: `s${index % 4}`, row: index }));
    let asked = 0;
    const found = own.select('a', { tag: ['even'] }, (scenario) => ((asked += 1), scenario === 's0' || scenario === 's2' ? ['even'] : []));
    expect(found.length).toBe(100_000);
    expect(asked).toBe(4);
  });
});
