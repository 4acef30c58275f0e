import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric, Sample } from '../metrics/metric.js';
import { nearestRankIndex } from '../metrics/percentile.js';
import type { Comparison, Evidence, SloDefinition, Verdict } from '../model/slo.js';
import { createRandom } from '../text/index.js';
import { binomialCdf } from '../metrics/binomial.js';
import { meanInterval, ratioInterval } from '../metrics/bootstrap.js';
import { exceedanceVerdict, percentileRanks } from '../metrics/interval.js';
import { judgeSlo } from './judge.js';
import { parseObjective } from './objective.js';

const METRICS = new Map<string, Metric>([
  ['latency', { name: 'latency', kind: 'distribution', unit: 'count', description: '' }],
  ['wer', { name: 'wer', kind: 'ratio', unit: 'ratio', description: '' }],
  ['ok', { name: 'ok', kind: 'rate', unit: 'ratio', description: '' }],
]);

function judgeText(text: string, samples: readonly Sample[], evidence: Evidence): Verdict {
  const { objective } = parseObjective(text, METRICS);
  if (objective === undefined) throw new Error('not an objective');
  const slo: SloDefinition = { id: 'slo', title: '', objective, where: {}, severity: 'major', minSamples: 1, evidence, source: { file: '', line: 1, column: 1 } };
  return judgeSlo(slo, samples).verdict;
}

const judge = (aggregate: string, comparison: Comparison, limit: number, samples: readonly Sample[], evidence: Evidence): Verdict => judgeText(`${aggregate}(latency) ${comparison} ${limit}`, samples, evidence);

const runs = 10_000;
const occurrences = (n: number, q: number, random: () => number): number => {
  let count = 0;
  for (let index = 0; index < n; index += 1) if (random() < q) count += 1;
  return count;
};

describe('wrong verdicts, simulated at the boundary', () => {
  it.each([59, 100, 200])('of p95 with %i samples: wrong PASS and wrong FAIL at most 5 %% each', (n) => {
    const random = createRandom(n);
    const verdicts = Array.from({ length: n + 1 }, (_, x) => exceedanceVerdict(x, n, 0.05));
    const seen = { pass: 0, fail: 0, inconclusive: 0 };
    for (let run = 0; run < runs; run += 1) seen[verdicts[occurrences(n, 0.05, random)] ?? 'inconclusive'] += 1;
    expect(seen.pass / runs).toBeLessThanOrEqual(0.055);
    expect(seen.fail / runs).toBeLessThanOrEqual(0.055);
  });

  it('of p95 with 100 samples has the known chances', () => {
    const chance = (q: number, verdict: Verdict): number => {
      let total = 0;
      for (let x = 0; x <= 100; x += 1) if (exceedanceVerdict(x, 100, 0.05) === verdict) total += binomialCdf(x, 100, q) - binomialCdf(x - 1, 100, q);
      return total;
    };
    expect(chance(0.05, 'pass')).toBeCloseTo(0.037, 3);
    expect(chance(0.05, 'fail')).toBeCloseTo(0.028, 3);
    expect(chance(0.1, 'fail')).toBeCloseTo(0.549, 3);
    expect(chance(0.1, 'pass')).toBeCloseTo(0, 3);
    expect(chance(0.15, 'fail')).toBeCloseTo(0.945, 3);
  });

  it.each([[20, 0.02, 0.94], [20, 0.05, 0.736], [20, 0.1, 0.392], [100, 0.02, 0.985], [100, 0.05, 0.616], [100, 0.1, 0.058]])('the point estimate alone, n = %i at a true share of %f over the limit, passes %f', (n, q, passes) => {
    const allowed = n - nearestRankIndex(n, 95);
    expect(binomialCdf(allowed, n, q)).toBeCloseTo(passes, 3);
  });

  it.each([20, 40, 73, 100, 250])('of a rate with %i samples, each side at most 5 %%', (n) => {
    const chances = { pass: 0, fail: 0 };
    for (let k = 0; k <= n; k += 1) {
      const given = Array.from({ length: n }, (_, index): Sample => ({ metric: 'ok', value: index < k ? 1 : 0, labels: {} }));
      const verdict = judgeText('rate(ok) >= 95%', given, 'proven');
      if (verdict === 'pass' || verdict === 'fail') chances[verdict] += binomialCdf(k, n, 0.95) - binomialCdf(k - 1, n, 0.95);
    }
    expect(chances.pass).toBeLessThanOrEqual(0.05);
    expect(chances.fail).toBeLessThanOrEqual(0.05);
  });
});

describe('coverage, simulated', () => {
  it.each([20, 72, 300, 1_000])('of order-statistic intervals with n = %i is at least 95 %%', (n) => {
    const random = createRandom(n + 1);
    const { low, high } = percentileRanks(n, 95);
    let covered = 0;
    for (let run = 0; run < 2_000; run += 1) {
      // The p95 of a uniform distribution lies between the ranks when this many samples lie below it.
      const below = occurrences(n, 0.95, random);
      if ((low === null || below >= low) && (high === null || below < high)) covered += 1;
    }
    expect(covered / 2_000).toBeGreaterThanOrEqual(0.94);
  });

  it('of bootstrap intervals is near 95 % also for few samples', () => {
    const random = createRandom(11);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const trials = 300;
    for (const n of [5, 20]) {
      let covered = 0;
      for (let run = 0; run < trials; run += 1) {
        const interval = meanInterval(Array.from({ length: n }, normal), run);
        if (interval !== null && interval.low <= 0 && interval.high >= 0) covered += 1;
      }
      expect(covered / trials).toBeGreaterThanOrEqual(0.91);
    }
  });

  it('of pooled word errors with errors that cluster by speaker holds up', () => {
    const random = createRandom(12);
    const trials = 200;
    let [above, below] = [0, 0];
    for (let run = 0; run < trials; run += 1) {
      const interval = ratioInterval(Array.from({ length: 40 }, () => {
        const whole = 3 + Math.floor(random() * 9);
        return { part: occurrences(whole, random() < 0.25 ? 0.34 : 0.02, random), whole };
      }), run);
      // True word error rate: 0.25 · 0.34 + 0.75 · 0.02 = 10 %.
      if (interval !== null && interval.low > 0.1) above += 1;
      if (interval !== null && interval.high < 0.1) below += 1;
    }
    expect(above / trials).toBeLessThanOrEqual(0.06);
    expect(below / trials).toBeLessThanOrEqual(0.1);
  });
});

describe('coverage of the interval that an SLO on a ratio has, simulated', () => {
  // 1,000 corpora of 30 utterances of 8 words each; the standard error of a coverage of 95 % over 1,000 is 0.7 %.
  const corpora = 1_000;
  const coverage = (rate: (random: () => number) => number, truth: number, seed: number): number => {
    const random = createRandom(seed);
    let covered = 0;
    for (let corpus = 0; corpus < corpora; corpus += 1) {
      const samples = Array.from({ length: 30 }, (): Sample => ({ metric: 'wer', value: occurrences(8, rate(random), random), whole: 8, labels: {} }));
      const { objective } = parseObjective('ratio(wer) <= 11%', METRICS);
      if (objective === undefined) throw new Error('not an objective');
      const { interval } = judgeSlo({ id: 'wer', title: '', objective, where: {}, severity: 'major', minSamples: 1, evidence: 'point', source: { file: '', line: 1, column: 1 } }, samples);
      if (interval?.low != null && interval.high != null && interval.low <= truth && truth <= interval.high) covered += 1;
    }
    return covered / corpora;
  };
  it.each([0.1, 0.2, 0.35])('is 93 to 97 %% at a word error rate of %f', (truth) => {
    const covered = coverage(() => truth, truth, 21);
    expect(covered).toBeGreaterThanOrEqual(0.93);
    expect(covered).toBeLessThanOrEqual(0.97);
  });
  it('is 93 to 97 % where some utterances are hard', () => {
    const covered = coverage((random) => (random() < 0.5 ? 0.3 : 0.06), 0.18, 22);
    expect(covered).toBeGreaterThanOrEqual(0.93);
    expect(covered).toBeLessThanOrEqual(0.97);
  });
});

describe('properties of verdicts', () => {
  const value = fc.option(fc.integer({ min: 0, max: 100 }), { freq: 8 });
  const samples = fc.array(value, { maxLength: 80 }).map((values): readonly Sample[] => values.map((each) => ({ metric: 'latency', value: each, labels: {} })));
  const aggregate = fc.constantFrom('p5', 'p50', 'p95', 'p99', 'min', 'max', 'mean', 'count', 'sum', 'last', 'stddev', 'median');
  const comparison = fc.constantFrom<Comparison>('<', '<=', '>', '>=', '=');
  const evidence = fc.constantFrom<Evidence>('point', 'proven');

  it('a pass stays one when the limit is relaxed, a fail when it is tightened', () => {
    fc.assert(fc.property(samples, aggregate, fc.constantFrom<Comparison>('<', '<=', '>', '>='), evidence, fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }), (given, agg, op, kind, a, b) => {
      const [tight, loose] = op.startsWith('<') ? [Math.min(a, b), Math.max(a, b)] : [Math.max(a, b), Math.min(a, b)];
      if (judge(agg, op, tight, given, kind) === 'pass') expect(judge(agg, op, loose, given, kind)).toBe('pass');
      if (judge(agg, op, loose, given, kind) === 'fail') expect(judge(agg, op, tight, given, kind)).toBe('fail');
    }), { numRuns: 150 });
  });

  it('nothing measured is never a pass or a fail', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }), aggregate, comparison, evidence, fc.integer(), (missing, invalid, agg, op, kind, limit) => {
      const given: readonly Sample[] = [
        ...Array.from({ length: missing }, () => ({ metric: 'latency', value: null, labels: {} })),
        ...Array.from({ length: invalid }, () => ({ metric: 'latency', value: 1, labels: {}, invalid: 'late' })),
      ];
      expect(['no-data', 'error', 'inconclusive']).toContain(judge(agg, op, limit, given, kind));
    }));
  });

  it('a proven verdict is the verdict of the point', () => {
    fc.assert(fc.property(samples, aggregate, comparison, fc.integer({ min: 0, max: 100 }), (given, agg, op, limit) => {
      const verdict = judge(agg, op, limit, given, 'proven');
      if (verdict === 'pass' || verdict === 'fail') expect(judge(agg, op, limit, given, 'point')).toBe(verdict);
    }), { numRuns: 150 });
  });

  it('another attempt without a value never turns a verdict for the better', () => {
    fc.assert(fc.property(samples, aggregate, fc.constantFrom<Comparison>('<', '<=', '>', '>='), evidence, fc.integer({ min: 0, max: 100 }), (given, agg, op, kind, limit) => {
      const more = [...given, { metric: 'latency', value: null, labels: {} }];
      if (judge(agg, op, limit, more, kind) === 'pass') expect(judge(agg, op, limit, given, kind)).not.toBe('fail');
    }), { numRuns: 150 });
  });
});
