import { describe, expect, it } from 'vitest';
import type { Metric, Sample } from '../metrics/metric.js';
import type { JudgedSlo, SloDefinition } from '../model/slo.js';
import { judgeSlo, type JudgeContext } from './judge.js';
import { parseObjective } from './objective.js';

const metrics = new Map<string, Metric>([
  { name: 'latency', kind: 'distribution', unit: 'ms', description: '' } as const,
  { name: 'ok', kind: 'rate', unit: 'ratio', description: '' } as const,
  { name: 'wer', kind: 'ratio', unit: 'ratio', description: '' } as const,
  { name: 'memory', kind: 'gauge', unit: 'count', description: '' } as const,
  { name: 'crashes', kind: 'counter', unit: 'count', description: '' } as const,
].map((metric) => [metric.name, metric]));

function slo(text: string, extra: Partial<SloDefinition> = {}): SloDefinition {
  const { objective, problems } = parseObjective(text, metrics);
  if (objective === undefined) throw new Error(JSON.stringify(problems));
  return { id: 'slo', title: 'An SLO', objective, where: {}, severity: 'major', minSamples: 1, evidence: 'point', source: { file: 'slos.yaml', line: 1, column: 1 }, ...extra };
}

const sample = (value: number | null, whole?: number): Sample => ({ metric: 'm', value, labels: {}, ...(whole === undefined ? {} : { whole }) });
const many = (count: number, value: number | null, whole?: number): readonly Sample[] => Array.from({ length: count }, () => sample(value, whole));
const late = (count: number): readonly Sample[] => many(count, 1).map((each) => ({ ...each, invalid: 'the sender was late' }));
const judge = (text: string, samples: readonly Sample[], extra: Partial<SloDefinition> = {}, context: JudgeContext = {}): JudgedSlo => judgeSlo(slo(text, extra), samples, context);
const proven = { evidence: 'proven' } as const;

describe('no data is never a pass', () => {
  const objectives = ['p95(latency) < 1s', 'mean(latency) >= 0ms', 'rate(ok) >= 0%', 'ratio(wer) <= 100%', 'sum(crashes) = 0', 'count(latency) >= 0', 'max(memory) < 9', 'stddev(latency) < 1s'];
  it.each(objectives)('%s', (text) => {
    expect(judge(text, [])).toMatchObject({ verdict: 'no-data', proven: false, value: null, samples: 0, interval: null, distribution: null });
    expect(judge(text, [], {}, { failedAttempts: 3 })).toMatchObject({ verdict: 'error', note: 'all 3 attempts ended before there was a value' });
    expect(judge(text, many(1, null))).toMatchObject({ verdict: 'error', missing: 1, note: 'the attempt ended before there was a value' });
    expect(judge(text, late(2))).toMatchObject({ verdict: 'inconclusive', invalid: 2, samples: 0, note: 'all 2 measurements are invalid: the sender was late' });
    expect(judge(text, late(2), {}, { failedAttempts: 1 }).verdict).toBe('error');
  });
});

describe('percentiles', () => {
  it('judge the point and say what a proof takes', () => {
    expect(judge('p95(latency) < 150ms', many(20, 41))).toMatchObject({ verdict: 'pass', proven: false, value: 41, samples: 20, needed: 59, note: '20 of the 59 samples it takes to prove it', interval: { low: 41, high: null } });
    expect(judge('p95(latency) < 150ms', many(59, 41))).toMatchObject({ verdict: 'pass', proven: true, needed: null, note: null });
    expect(judge('p95(latency) < 150ms', [...many(59, 41), sample(160)])).toMatchObject({ verdict: 'pass', proven: false, needed: 93 });
    expect(judge('p95(latency) < 150ms', [...many(18, 41), ...many(2, 160)])).toMatchObject({ verdict: 'fail', proven: false, note: expect.stringMatching(/^20 of about \d+ samples it takes to prove it$/) });
    expect(judge('p95(latency) < 150ms', [...many(16, 41), ...many(4, 160)])).toMatchObject({ verdict: 'fail', proven: true, needed: null });
  });

  it('pass and fail only when proven, if asked to', () => {
    expect(judge('p95(latency) < 150ms', many(20, 41), proven)).toMatchObject({ verdict: 'inconclusive', needed: 59, note: '20 of the 59 samples it takes to prove it' });
    expect(judge('p95(latency) < 150ms', many(59, 41), proven).verdict).toBe('pass');
    expect(judge('p95(latency) < 150ms', [...many(17, 41), ...many(3, 160)], proven).verdict).toBe('inconclusive');
    expect(judge('p95(latency) < 150ms', [...many(16, 41), ...many(4, 160)], proven).verdict).toBe('fail');
  });

  it('tell < from <= at the limit itself', () => {
    expect(judge('p95(latency) < 150ms', many(59, 150)).verdict).toBe('fail');
    expect(judge('p95(latency) <= 150ms', many(59, 150))).toMatchObject({ verdict: 'pass', proven: true });
    expect(judge('p5(latency) > 150ms', many(59, 150)).verdict).toBe('fail');
    expect(judge('p5(latency) >= 150ms', many(59, 150))).toMatchObject({ verdict: 'pass', proven: true });
  });

  it('count attempts without a value as worse than any limit, on either side', () => {
    expect(judge('p95(latency) < 150ms', [...many(19, 41), sample(null)])).toMatchObject({ verdict: 'pass', samples: 20, missing: 1, value: 41 });
    expect(judge('p95(latency) < 150ms', [...many(18, 41), ...many(2, null)])).toMatchObject({ verdict: 'fail', value: null, note: expect.stringContaining('p95 falls on attempts without a value (2 of 20)') });
    expect(judge('p95(latency) < 150ms', [...many(16, 41), ...many(4, null)], proven)).toMatchObject({ verdict: 'fail', proven: true, value: null });
    expect(judge('p5(latency) > 10ms', [...many(18, 41), ...many(2, null)])).toMatchObject({ verdict: 'fail', value: null });
    expect(judge('max(latency) < 150ms', [sample(41), sample(null)])).toMatchObject({ verdict: 'fail', value: null });
    expect(judge('min(latency) > 10ms', [sample(41), sample(null)])).toMatchObject({ verdict: 'fail', value: null });
    expect(judge('min(latency) < 50ms', [sample(41), sample(null)])).toMatchObject({ verdict: 'pass', value: 41 });
  });

  it('cannot prove equality', () => {
    expect(judge('median(latency) = 41ms', many(100, 41))).toMatchObject({ verdict: 'pass', proven: false, needed: null, note: 'samples cannot prove an exact value' });
    expect(judge('median(latency) = 42ms', many(100, 41))).toMatchObject({ verdict: 'fail', proven: true });
  });
});

describe('rates', () => {
  it('use Wilson', () => {
    expect(judge('rate(ok) >= 95%', [...many(19, 1), sample(0)])).toMatchObject({ verdict: 'pass', proven: false, value: 0.95 });
    expect(judge('rate(ok) >= 95%', many(20, 1))).toMatchObject({ verdict: 'pass', needed: 73, interval: { high: 1, method: 'Wilson' }, distribution: null });
    expect(judge('rate(ok) >= 95%', many(73, 1), proven).verdict).toBe('pass');
    expect(judge('rate(ok) <= 5%', many(73, 0), proven).verdict).toBe('pass');
    expect(judge('rate(ok) >= 95%', [...many(80, 1), ...many(20, 0)], proven)).toMatchObject({ verdict: 'fail', proven: true });
  });

  it('count an attempt without an answer as the wrong answer', () => {
    expect(judge('rate(ok) >= 95%', [...many(9, 1), sample(null)])).toMatchObject({ verdict: 'fail', value: 0.9, samples: 10, missing: 1 });
    expect(judge('rate(ok) <= 5%', [...many(9, 0), sample(null)])).toMatchObject({ verdict: 'fail', value: 0.1 });
  });

  it('know that a rate of 100 % can be refuted but not proven', () => {
    expect(judge('rate(ok) >= 100%', many(500, 1))).toMatchObject({ verdict: 'pass', proven: false, needed: null, note: 'no number of samples proves a rate without exception' });
    expect(judge('rate(ok) >= 100%', [...many(500, 1), sample(0)])).toMatchObject({ verdict: 'fail', proven: true });
  });

  it('compare shares exactly', () => expect(judge('rate(ok) >= 99.9%', [...many(999, 1), sample(0)]).verdict).toBe('pass'));
});

describe('means and ratios', () => {
  it('pool a ratio over its wholes', () => {
    const judged = judge('ratio(wer) <= 11%', [sample(3, 10), sample(0, 90)]);
    expect(judged).toMatchObject({ verdict: 'pass', value: 0.03, samples: 2, whole: 100, distribution: { from: 0, to: 0.3 } });
    expect(judge('ratio(wer) <= 11%', [sample(2, 0)])).toMatchObject({ verdict: 'inconclusive', value: null, note: 'the whole is zero: there was nothing to compare with' });
  });

  it('prove a ratio when the interval excludes the other side', () => {
    const spread = Array.from({ length: 60 }, (_, index) => sample(index % 3, 10));
    expect(judge('ratio(wer) <= 15%', spread)).toMatchObject({ verdict: 'pass', proven: true, interval: { method: 'bootstrap over samples' } });
    expect(judge('ratio(wer) <= 5%', spread, proven).verdict).toBe('fail');
    expect(judge('ratio(wer) <= 10.5%', spread, proven)).toMatchObject({ verdict: 'inconclusive', note: expect.stringMatching(/^60 of about \d+ samples it takes to prove it$/) });
  });

  it('name the method that was used', () => {
    const methodOf = (count: number): string | undefined => judge('mean(latency) < 1s', Array.from({ length: count }, (_, index) => sample(index % 9))).interval?.method;
    expect([methodOf(5_000), methodOf(5_001)]).toEqual(['bootstrap over samples', 'normal approximation over samples']);
  });

  it('take no proof from equal samples, but let flawless ones add up', () => {
    expect(judge('mean(latency) < 1s', many(2, 700))).toMatchObject({ verdict: 'pass', proven: false, interval: null, note: 'not proven: all samples are equal, so their spread is not known' });
    expect(judge('ratio(wer) <= 7%', many(2, 0, 8), proven).verdict).toBe('inconclusive');
    expect(judge('ratio(wer) <= 7%', many(40, 0, 8))).toMatchObject({ verdict: 'pass', proven: false, interval: { low: 0, high: expect.closeTo(0.0881, 4) } });
    expect(judge('ratio(wer) <= 7%', many(60, 0, 8), proven).verdict).toBe('pass');
  });

  it('do not know a mean, sum or last value of which a part is missing', () => {
    for (const text of ['mean(latency) < 1s', 'sum(latency) < 1h', 'last(latency) < 1s', 'stddev(latency) < 1s']) {
      expect(judge(text, [sample(1), sample(2), sample(null)])).toMatchObject({ verdict: 'inconclusive', proven: false, missing: 1, note: expect.stringContaining('1 of 3 attempts gave no value, so the ') });
    }
    expect(judge('sum(crashes) = 0', [sample(0), ...late(1)])).toMatchObject({ verdict: 'inconclusive', invalid: 1 });
    expect(judge('count(latency) >= 2', [sample(1), sample(2), sample(null)])).toMatchObject({ verdict: 'pass', value: 2 });
  });

  it('give the same interval for the same seed, whatever the order', () => {
    const samples = Array.from({ length: 30 }, (_, index) => sample((index * 37) % 101));
    const once = judge('mean(latency) < 60ms', samples, {}, { seed: 4 });
    expect(judge('mean(latency) < 60ms', [...samples].reverse(), {}, { seed: 4 })).toEqual(once);
    expect(judge('mean(latency) < 60ms', samples, {}, { seed: 5 }).interval).not.toEqual(once.interval);
  });
});

describe('facts about the run', () => {
  it.each([['count(latency) = 3', 3], ['sum(crashes) = 6', 6], ['last(memory) = 3', 3], ['max(memory) <= 3', 3], ['min(memory) >= 1', 1]] as const)('%s', (text, value) => {
    expect(judge(text, [sample(1), sample(2), sample(3)], proven)).toMatchObject({ verdict: 'pass', proven: true, value, interval: null, needed: null, note: null });
  });

  it('fail as plainly', () => expect(judge('sum(crashes) = 0', [sample(0), sample(1)])).toMatchObject({ verdict: 'fail', proven: true, value: 1 }));
  it('allow for rounding in an equality', () => expect(judge('sum(memory) = 0.3'.replace('memory', 'crashes'), [sample(0.1), sample(0.2)]).verdict).toBe('pass'));
});

describe('counts and drawing', () => {
  it('need the minimum of samples', () => {
    expect(judge('p95(latency) < 1s', many(7, 5), { minSamples: 20 })).toMatchObject({ verdict: 'inconclusive', proven: false, value: 5, needed: 20, note: 'needs 20 samples, has 7' });
    expect(judge('p95(latency) < 1s', [...many(19, 5), sample(null)], { minSamples: 20 }).verdict).toBe('pass');
  });

  it('leave invalid measurements out', () => {
    expect(judge('max(latency) < 10ms', [sample(5), ...late(3).map((each) => ({ ...each, value: 500 }))])).toMatchObject({ verdict: 'pass', value: 5, samples: 1, invalid: 3 });
  });

  it('bin the measured values', () => {
    const { distribution } = judge('p95(latency) < 1s', [...Array.from({ length: 1_000 }, (_, index) => sample(index)), sample(null)]);
    expect(distribution).toMatchObject({ from: 0, to: 999 });
    expect(distribution?.counts).toHaveLength(40);
    expect(distribution?.counts.reduce((a, b) => a + b, 0)).toBe(1_000);
    expect(judge('p95(latency) < 1s', many(3, 5)).distribution).toEqual({ from: 5, to: 5, counts: [3] });
  });
});
