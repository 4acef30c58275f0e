import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Metric } from '../metrics/metric.js';
import { parseObjective, type ObjectiveProblem } from './objective.js';

const METRICS: readonly Metric[] = [
  { name: 'voice.final', kind: 'distribution', unit: 'ms', description: '' },
  { name: 'rtsp.down', kind: 'distribution', unit: 's', description: '' },
  { name: 'voice.wer', kind: 'ratio', unit: 'ratio', description: '' },
  { name: 'tool.success', kind: 'rate', unit: 'ratio', description: '' },
  { name: 'memory', kind: 'gauge', unit: 'bytes', description: '' },
  { name: 'gpu.temperature', kind: 'gauge', unit: 'celsius', description: '' },
  { name: 'crashes', kind: 'counter', unit: 'count', description: '' },
  { name: 'energy', kind: 'counter', unit: 'Wh', description: '' },
  { name: 'snr', kind: 'distribution', unit: 'dB', description: '' },
];
const metrics = new Map(METRICS.map((metric) => [metric.name, metric]));

describe('parseObjective', () => {
  it.each([
    ['p95(voice.final) < 800ms', 'p95', '<', 800, 'ms', 'p95 < 800 ms'],
    ['p95(voice.final)<2s', 'p95', '<', 2000, 'ms', 'p95 < 2 s'],
    ['  p99.9( voice.final ) ≤ 1.234 s ', 'p99.9', '<=', 1234, 'ms', 'p99.9 ≤ 1.234 s'],
    ['median(rtsp.down) < 300ms', 'median', '<', 0.3, 's', 'median < 300 ms'],
    ['max(rtsp.down) <= 30m', 'max', '<=', 1800, 's', 'max ≤ 30 min'],
    ['max(rtsp.down) <= 1.5h', 'max', '<=', 5400, 's', 'max ≤ 90 min'],
    ['mean(voice.final) < 90s', 'mean', '<', 90_000, 'ms', 'mean < 90 s'],
    ['ratio(voice.wer) <= 11%', 'ratio', '<=', 0.11, 'ratio', '≤ 11 %'],
    ['ratio(voice.wer) <= 0.11', 'ratio', '<=', 0.11, 'ratio', '≤ 11 %'],
    ['ratio(voice.wer) <= 150%', 'ratio', '<=', 1.5, 'ratio', '≤ 150 %'],
    ['rate(tool.success) ≥ 99.9 %', 'rate', '>=', 0.999, 'ratio', '≥ 99.9 %'],
    ['rate(tool.success) = 1', 'rate', '=', 1, 'ratio', '= 100 %'],
    ['count(voice.final) >= 20', 'count', '>=', 20, 'count', 'count ≥ 20'],
    ['count(voice.wer) >= 20count', 'count', '>=', 20, 'count', 'count ≥ 20'],
    ['sum(voice.wer) <= 3', 'sum', '<=', 3, 'count', 'sum ≤ 3'],
    ['max(memory) < 15GB', 'max', '<', 15e9, 'bytes', 'max < 15 GB'],
    ['max(memory) < 512MiB', 'max', '<', 536_870_912, 'bytes', 'max < 536.870912 MB'],
    ['last(gpu.temperature) < 85°C', 'last', '<', 85, 'celsius', 'last < 85 °C'],
    ['last(gpu.temperature) > -5.5', 'last', '>', -5.5, 'celsius', 'last > −5.5 °C'],
    ['sum(crashes) = 0', 'sum', '=', 0, 'count', 'sum = 0'],
    ['sum(energy) < +2.5Wh', 'sum', '<', 2.5, 'Wh', 'sum < 2.5 Wh'],
    ['p5(snr) >= .5dB', 'p5', '>=', 0.5, 'dB', 'p5 ≥ 0.5 dB'],
    ['p95.0(voice.final) < 1ms', 'p95', '<', 1, 'ms', 'p95 < 1 ms'],
  ])('%s', (text, aggregate, comparison, limit, unit, target) => {
    const { objective, problems } = parseObjective(text, metrics);
    expect(problems).toEqual([]);
    expect(objective).toMatchObject({ text: text.trim(), aggregate, comparison, limit, unit, target });
  });

  const only = (text: string): ObjectiveProblem & { readonly marked: string } => {
    const { objective, problems } = parseObjective(text, metrics);
    expect(objective).toBeUndefined();
    const [problem] = problems;
    if (problem === undefined || problems.length > 1) throw new Error(`${problems.length} problems: ${JSON.stringify(problems)}`);
    return { ...problem, marked: text.slice(problem.offset, problem.offset + problem.length) };
  };

  it.each([
    // words
    ['avg(voice.final) < 1s', 'avg', '"avg" is not an aggregate', 'write mean'],
    ['P95(voice.final) < 1s', 'P95', '"P95" is not an aggregate', 'write p95'],
    ['p100(voice.final) < 1s', 'p100', '"p100" is not an aggregate', 'write max'],
    ['p0.0(voice.final) < 1s', 'p0.0', '"p0.0" is not an aggregate', 'aggregates: mean, min'],
    ['meen(voice.final) < 1s', 'meen', '"meen" is not an aggregate', 'did you mean "mean"?'],
    ['p95(voice.finl) < 1s', 'voice.finl', 'nothing declares the metric "voice.finl"', 'did you mean "voice.final"?'],
    // comparisons
    ['sum(crashes) == 0', '==', '"==" is not a comparison', 'write ='],
    ['p95(voice.final) =< 1s', '=<', '"=<" is not a comparison', 'write <='],
    ['p95(voice.final) => 1s', '=>', '"=>" is not a comparison', 'write >='],
    ['sum(crashes) != 0', '!=', '"!=" is not a comparison', 'what should hold'],
    // the kind decides the aggregates
    ['p95(tool.success) >= 95%', 'p95', 'tool.success is a rate, which has no p95', 'a rate has rate, count, sum'],
    ['mean(voice.wer) <= 11%', 'mean', 'voice.wer is a ratio, which has no mean', 'a ratio has ratio, count, sum'],
    ['rate(voice.final) >= 95', 'rate', 'voice.final is a distribution, which has no rate', 'a distribution has pN, median, mean'],
    ['stddev(memory) < 1GB', 'stddev', 'memory is a gauge, which has no stddev', 'a gauge has last, min, max'],
    ['p95(crashes) < 1', 'p95', 'crashes is a counter, which has no p95', 'a counter has sum, count, last, max'],
    // units
    ['p95(voice.final) < 800', '800', 'voice.final is measured in ms; the limit needs a unit', 'write 800ms'],
    ['max(memory) < 15', '15', 'memory is measured in bytes; the limit needs a unit', 'write 15GB'],
    ['p95(voice.final) < 15GB', '15GB', 'GB does not fit voice.final, which is measured in ms', 'units here: ms, s, m, h'],
    ['count(voice.final) < 15 ms', '15 ms', 'ms does not fit count(voice.final), which is measured in count', 'units here: count'],
    ['p95(voice.final) < 2 sec', '2 sec', '"sec" is not a unit', 'write 2s'],
    ['p95(voice.final) < 800MS', '800MS', '"MS" is not a unit', 'write 800ms'],
    ['p95(voice.final) < 8parsec', '8parsec', '"parsec" is not a unit', 'units here: ms, s, m, h'],
    ['rate(tool.success) >= 95', '95', 'tool.success is a share of 1; 95 would be 9500 %', 'write 95%'],
    // form
    ['p95(voice.final) < 0,8s', '0,8s', 'the limit should be a number, got "0,8s"', 'decimals follow a point: 0.8'],
    ['p95(voice.final) < 1,500ms', '1,500ms', 'the limit should be a number', 'write 1500 or 1.500'],
    ['p95(voice.final) < fast', 'fast', 'the limit should be a number, got "fast"', '800ms'],
    ['p95(voice.final) <', '', 'the limit should be a number, but it ends here', '800ms'],
    ['p95(voice.final) 800ms', '800ms', 'a comparison should follow, got "800ms"', 'one of < <= > >= ='],
    ['p95(voice.final < 800ms', '< 800ms', 'the bracket after voice.final is not closed', 'AGG(METRIC)'],
    ['p95() < 800ms', ') < 800ms', 'the name of a metric should stand between the brackets', 'AGG(METRIC)'],
    ['p95(voice.final) < 800ms and sum(crashes) = 0', 'and sum(crashes) = 0', 'nothing may follow the limit', 'write two SLOs'],
    ['p95(voice.final) < 800ms?', '?', 'nothing may follow the limit, got "?"', 'AGG(METRIC)'],
    ['voice.final.p95 < 800ms', 'voice.final.p95 < 800ms', 'the objective cannot be read', 'the aggregate comes first: p95(voice.final) < 800ms'],
    ['voice_e2e_avg > 2000ms', 'voice_e2e_avg > 2000ms', 'the objective cannot be read', 'the aggregate comes first: mean(voice_e2e) > 2000ms'],
    ['95%', '95%', 'the objective cannot be read: 95%', 'AGG(METRIC)'],
    ['', '', 'the objective cannot be read', 'AGG(METRIC)'],
  ])('%s', (text, marked, message, hint) => {
    const problem = only(text);
    expect(problem.marked).toBe(marked);
    expect(problem.message).toContain(message);
    expect(problem.hint).toContain(hint);
  });

  it('refuses a rate that cannot be', () => expect(only('rate(tool.success) >= 950%').message).toBe('a rate lies between 0 % and 100 %, 950 % does not'));

  it('gives an unknown metric its own code', () => expect(only('p95(nothing) < 1s').code).toBe('REALOPS_METRIC_UNKNOWN'));

  it('reports everything at once', () => {
    const { problems } = parseObjective('avg(tool.success) == 95', metrics);
    expect(problems.map(({ message }) => message)).toEqual(['"avg" is not an aggregate', '"==" is not a comparison', 'tool.success is a share of 1; 95 would be 9500 %']);
  });

  it('never throws and always places its problems inside the text', () => {
    const piece = fc.constantFrom('p95', 'avg', '(', ')', 'voice.final', 'tool.success', '<', '==', '≥', '800', '-1', '.5', '1,2', 'ms', '%', 'GB', ' ', '__proto__', 'constructor', '°C', 'and');
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), fc.string(), (pieces, noise) => {
      for (const text of [pieces.join(''), pieces.join('') + noise, noise]) {
        const { objective, problems } = parseObjective(text, metrics);
        expect(objective === undefined).toBe(problems.length > 0);
        for (const { offset, length, message } of problems) {
          expect(length).toBeGreaterThanOrEqual(1);
          expect(offset).toBeLessThanOrEqual(text.length);
          expect(message).not.toBe('');
        }
      }
    }), { numRuns: 300 });
  });

  it('reads a percentage as the nearest share', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100_000 }), (thousandths) => {
      const percent = (thousandths / 1_000).toFixed(3);
      expect(parseObjective(`rate(tool.success) >= ${percent}%`, metrics).objective?.limit).toBe(thousandths / 100_000);
    }));
  });
});
