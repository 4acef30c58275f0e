import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Metric, Sample } from '../metrics/metric.js';
import { nearestRank } from '../metrics/percentile.js';
import { statisticsOf } from './statistics.js';

const metric = (kind: Metric['kind']): Metric => ({ name: 'm', kind, unit: 'ms', description: '' });
const value = fc.option(fc.integer({ min: -1_000, max: 1_000 }), { freq: 5, nil: null });
const samples = fc.array(fc.record({ value, invalid: fc.boolean() }), { maxLength: 60, size: 'max' }).map((drafts) => drafts.map((draft): Sample => ({ metric: 'm', value: draft.value, labels: {}, ...(draft.invalid ? { invalid: 'late' } : {}) })));

it('is what a percentile over all attempts says, those without a value above every other', () => {
  fc.assert(
    fc.property(samples, (given) => {
      const valid = given.filter(({ invalid }) => invalid === undefined);
      const ranked = valid.map((each) => each.value ?? Infinity).sort((a, b) => a - b);
      const found = statisticsOf(metric('distribution'), given);
      expect(found).toMatchObject({ samples: valid.length, missing: valid.filter((each) => each.value === null).length, invalid: given.length - valid.length });
      for (const percent of [50, 90, 95, 99]) {
        const exact = ranked.length === 0 ? null : nearestRank(ranked, percent);
        expect(found[`p${percent}`]).toBe(exact === Infinity ? null : exact);
      }
      const measured = ranked.filter(Number.isFinite);
      expect(found['min']).toBe(measured[0] ?? null);
      expect(found['max']).toBe(measured.at(-1) ?? null);
      expect(found['mean'] ?? 0).toBeCloseTo(measured.length === 0 ? 0 : measured.reduce((a, b) => a + b, 0) / measured.length, 9);
      expect(statisticsOf(metric('gauge'), given)['last']).toBe(valid.filter((each) => each.value !== null).at(-1)?.value ?? null);
    }),
  );
});

it('pools what is a share', () => {
  const part = (value: number | null, whole?: number): Sample => ({ metric: 'm', value, labels: {}, ...(whole === undefined ? {} : { whole }) });
  expect(statisticsOf(metric('ratio'), [part(1, 2), part(1, 8), part(null)])).toEqual({ samples: 3, missing: 1, invalid: 0, ratio: 0.2 });
  expect(statisticsOf(metric('ratio'), [part(1, 0)])).toMatchObject({ ratio: null });
  expect(statisticsOf(metric('rate'), [part(1), part(0), part(0), part(0)])).toEqual({ samples: 4, missing: 0, invalid: 0, rate: 0.25 });
  expect(statisticsOf(metric('counter'), [part(2), part(3)])).toEqual({ samples: 2, missing: 0, invalid: 0, sum: 5, last: 3 });
  expect(statisticsOf(metric('counter'), [])).toEqual({ samples: 0, missing: 0, invalid: 0, sum: null, last: null });
});
