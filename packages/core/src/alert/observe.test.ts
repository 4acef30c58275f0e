import { expect, it } from 'vitest';
import { NO_HISTORY } from '../diagnose/history.js';
import { makeRemedyScope, withDiagnosis } from '../diagnose/scope.js';
import { compileExpression } from '../expression/index.js';
import type { Metric } from '../metrics/metric.js';
import { createMetricStore } from '../metrics/store.js';
import type { AlertRule } from '../model/remedy.js';
import { observeAlerts } from './observe.js';
import { NO_ALERTS } from './state.js';
import { stepAlerts } from './step.js';

const latency: Metric = { name: 'voice.final', kind: 'distribution', unit: 'ms', description: '' };

function alert(id: string, text: string): AlertRule {
  const when = compileExpression(text).expression;
  if (when === undefined) throw new Error(text);
  return { id, title: id, when, forMs: 0, clearMs: 0, severity: 'major', actions: [], group: undefined, repeatMs: undefined, quiet: undefined, source: { file: 'suite.yaml', line: 1, column: 1 } };
}

it('alerts are decided over what a run measured and diagnosed, and step from there', async () => {
  const rules = [alert('slow', 'metrics.voice.final.p95 > 800'), alert('fine', 'metrics.voice.final.p95 > 2000'), alert('cause', "diagnosis = 'eos_too_short'"), alert('blind', 'metrics.voice.final.in.quiet.p95 > 800'), alert('wrong', 'metrics.voice.final.p95')];
  const store = createMetricStore();
  for (let value = 801; value <= 900; value += 1) store.record({ metric: 'voice.final', value, labels: { scenario: 'cafe' } });
  const scope = makeRemedyScope({ reads: rules.flatMap(({ when }) => when.reads), slos: [], judged: [], metrics: new Map([[latency.name, latency]]), store, events: [], history: NO_HISTORY, remedies: [], preflight: {} });
  const conditions = await observeAlerts(rules, withDiagnosis(scope, 'eos_too_short'));
  expect(Object.fromEntries(conditions)).toEqual({
    slow: { kind: 'holds', evidence: { 'metrics.voice.final.p95': 895 } },
    fine: { kind: 'fails', evidence: { 'metrics.voice.final.p95': 895 } },
    cause: { kind: 'holds', evidence: { diagnosis: 'eos_too_short' } },
    blind: { kind: 'undecided', reason: 'voice.final in quiet has no samples' },
    wrong: { kind: 'undecided', reason: '`metrics.voice.final.p95` gave 895, not true or false' },
  });
  const { effects } = stepAlerts(NO_ALERTS, { now: 0, rules, conditions });
  expect(effects.flatMap((effect) => (effect.kind === 'event' ? [effect.change.alert] : []))).toEqual(['slow', 'cause']);
});
