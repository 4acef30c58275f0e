import { describe, expect, it } from 'vitest';
import type { Metric } from './metric.js';
import { createMetricRegistry } from './registry.js';

const metric = (name: string, kind: Metric['kind'] = 'distribution', unit: Metric['unit'] = 'ms'): Metric => ({ name, kind, unit, description: 'one' });

describe('createMetricRegistry', () => {
  it('takes a metric once and the same again', () => {
    const registry = createMetricRegistry();
    expect(registry.declare(metric('voice.final'), 'voice.transcribe')).toBeUndefined();
    expect(registry.declare({ ...metric('voice.final'), description: 'other words' }, 'voice.other')).toBeUndefined();
    expect(registry.metrics.get('voice.final')?.description).toBe('one');
  });

  it('knows the labels of both declarations, and none for certain when one of them does not say', () => {
    const registry = createMetricRegistry();
    registry.declare({ ...metric('voice.wer'), labels: ['noise'] }, 'voice.transcribe');
    registry.declare({ ...metric('voice.wer'), labels: ['snr', 'noise'] }, 'voice.other');
    expect(registry.metrics.get('voice.wer')?.labels).toEqual(['noise', 'snr']);
    registry.declare(metric('voice.wer'), 'my.step');
    expect(registry.metrics.get('voice.wer')?.labels).toBeUndefined();
  });

  it('names both declarers of two different ones and keeps the first', () => {
    const registry = createMetricRegistry();
    registry.declare(metric('voice.final'), 'voice.transcribe');
    expect(registry.declare(metric('voice.final', 'gauge'), 'my.step')).toEqual({
      code: 'REALOPS_METRIC_INVALID', message: 'my.step declares voice.final as a gauge in ms; voice.transcribe already declares it as a distribution in ms', hint: 'give one of them another name',
    });
    expect(registry.declare(metric('voice.final', 'distribution', 's'), 'my.step')?.message).toContain('distribution in s');
    expect(registry.metrics.get('voice.final')?.kind).toBe('distribution');
  });

  it.each(['answer_length', 'a', 'voice.final', 'a.b.c2', 'http.firstByte'])('takes the name %s', (name) => expect(createMetricRegistry().declare(metric(name), 'x')).toBeUndefined());
  it.each(['', 'voice-final', '.final', 'voice.', 'a..b', '2nd', 'a b', 'p95(x)', 'å'])('refuses the name "%s"', (name) => expect(createMetricRegistry().declare(metric(name), 'x')?.code).toBe('REALOPS_METRIC_INVALID'));

  it('refuses a share in another unit than a ratio', () => {
    expect(createMetricRegistry().declare(metric('ok', 'rate', 'count'), 'my.step')?.message).toBe('my.step declares ok as a rate in count');
    expect(createMetricRegistry().declare(metric('ok', 'rate', 'ratio'), 'my.step')).toBeUndefined();
  });
});
