import { describe, expect, it } from 'vitest';
import { statisticsOf } from '../diagnose/statistics.js';
import { compileExpression } from '../expression/index.js';
import type { Metric, MetricKind } from '../metrics/metric.js';
import { COUNTS, remedyShape, STATISTICS } from './remedy-scope.js';

const metric = (name: string, kind: MetricKind): [string, Metric] => [name, { name, kind, unit: 'count', description: 'A metric.' }];
const METRICS = new Map([metric('voice', 'counter'), metric('voice.final', 'distribution'), metric('voice.wer', 'ratio'), metric('ok', 'rate'), metric('state', 'gauge')]);
const NAMES = { slos: ['fast'], metrics: METRICS, scenarios: ['chat'], remedies: ['less'], preflight: { kind: 'open' } as const };

const problemsOf = (text: string, diagnoses?: readonly string[]): readonly string[] => compileExpression(text, { shape: remedyShape({ ...NAMES, diagnoses }) }).problems.map(({ message }) => message);

describe('the names that rules read', () => {
  it.each(Object.keys(STATISTICS))('of a %s are the statistics that a run computes', (name) => {
    const kind = name as MetricKind;
    expect(Object.keys(statisticsOf({ name: 'm', kind, unit: 'count', description: 'A metric.' }, [])).sort()).toEqual([...STATISTICS[kind], ...COUNTS].sort());
  });

  it.each([
    'slos.fast.verdict = "no-data"', '"fail" != slos.fast.verdict', 'slos.fast.severity in ["critical", "major"]', 'slos.*[verdict = "fail"].value', '$count(slos.fast.samples) > 0',
    'metrics.voice.sum', 'metrics.voice.final.p95', 'metrics.voice.in.chat.last', 'metrics.voice.final.in.chat.stddev', 'metrics.voice.wer.ratio', 'metrics.ok.rate', 'metrics.state.last = "EMERGENCY"',
    'events[event = "slo_violation"].slo.id', 'history.loops', 'history.slos.fast.verdicts[0] = "fail"', '"fail" in history.slos.fast.verdicts', 'history.remedies.less.outcome = "kept"', 'preflight.x.y.z',
  ])('%s is one of them', (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it.each([
    ['slos.slow.verdict', '"slow" is not in slos'],
    ['slos.fast.verdict.text', '"text" is not in slos.fast.verdict'],
    ['slos.fast.verdict = "failed"', 'slos.fast.verdict is never "failed"'],
    ['"nodata" = slos.fast.verdict', 'slos.fast.verdict is never "nodata"'],
    ['slos.fast.verdict != "no_data"', 'slos.fast.verdict is never "no_data"'],
    ['slos.fast.severity in ["critical", "high"]', 'slos.fast.severity is never "high"'],
    ['"failed" in history.slos.fast.verdicts', 'history.slos.fast.verdicts is never "failed"'],
    ['metrics.voice.p95', '"p95" is not in metrics.voice'],
    ['metrics.voice.final.in.chat.p42', '"p42" is not in metrics.voice.final.in.chat'],
    ['metrics.voice.final.in.chatt.p95', '"chatt" is not in metrics.voice.final.in'],
    ['history.remedies.more.tries24h', '"more" is not in history.remedies'],
    ['diagnosis = "slow"', 'there is no "diagnosis" here'],
  ])('%s is not: %s', (text, message) => {
    expect(problemsOf(text)).toEqual([message]);
  });

  it('hold the diagnoses of the suite, and unknown', () => {
    expect(problemsOf('diagnosis = "slow" or diagnosis = "unknown" or diagnosis = null', ['slow'])).toEqual([]);
    expect(problemsOf('diagnosis in ["slow", "fast"]', ['slow'])).toEqual(['diagnosis is never "fast"']);
    expect(problemsOf('diagnosis = "slow"', [])).toEqual(['diagnosis is never "slow"']);
  });

  it('are open below metrics while some are not known', () => {
    expect(compileExpression('metrics.some.thing.p95 > 3', { shape: remedyShape({ ...NAMES, metrics: undefined }) }).problems).toEqual([]);
  });
});
