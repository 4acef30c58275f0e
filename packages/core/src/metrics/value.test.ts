import { describe, expect, it } from 'vitest';
import type { MetricKind, MetricValue, Sample } from './metric.js';
import { sampleOf } from './value.js';

const take = (kind: MetricKind, value: unknown): Sample => sampleOf({ name: 'm', kind, unit: 'count', description: '' }, value as MetricValue, { snr: 10 });

describe('sampleOf', () => {
  it.each<[MetricKind, unknown, object]>([
    ['rate', true, { value: 1 }], ['rate', 1, { value: 1 }], ['rate', false, { value: 0 }], ['rate', 0, { value: 0 }],
    ['ratio', { part: 2, whole: 9 }, { value: 2, whole: 9 }], ['ratio', { part: 3, whole: 0 }, { value: 3, whole: 0 }],
    ['counter', 0, { value: 0 }], ['counter', 2.5, { value: 2.5 }],
    ['distribution', -3, { value: -3 }], ['gauge', 0, { value: 0 }],
  ])('%s takes %j', (kind, value, expected) => expect(take(kind, value)).toEqual({ metric: 'm', labels: { snr: 10 }, ...expected }));

  it('keeps why a measurement must not be judged', () => {
    expect(sampleOf({ name: 'm', kind: 'gauge', unit: 'ms', description: '' }, 4, {}, 'the sender was late')).toEqual({ metric: 'm', value: 4, labels: {}, invalid: 'the sender was late' });
  });

  it.each<[MetricKind, unknown, string]>([
    ['rate', 0.5, 'm is a rate and takes true or false, got 0.5'],
    ['rate', 'yes', 'm is a rate and takes true or false, got "yes"'],
    ['ratio', 0.1, 'got 0.1'], ['ratio', null, 'got null'], ['ratio', { part: 1 }, 'got {"part":1}'], ['ratio', { part: -1, whole: 2 }, 'got {"part":-1,"whole":2}'], ['ratio', { part: 1, whole: Infinity }, 'm is a ratio'],
    ['counter', -1, 'm is a counter and takes a number of at least 0, got -1'], ['counter', true, 'got true'],
    ['distribution', Number.NaN, 'm is a distribution and takes a finite number, got NaN'], ['distribution', '12', 'got "12"'], ['distribution', undefined, 'got nothing'],
    ['gauge', Infinity, 'got Infinity'], ['gauge', { part: 1, whole: 2 }, 'm is a gauge'],
  ])('%s refuses %j', (kind, value, message) => {
    expect(() => take(kind, value)).toThrow(expect.objectContaining({ code: 'REALOPS_METRIC_INVALID', message: expect.stringContaining(message) as string }));
  });
});
