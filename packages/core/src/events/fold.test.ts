import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSchema } from '../schema/index.js';
import type { RunEvent } from './event.js';
import { EVENT_SCHEMAS } from './event-schema.js';
import { createFold } from './fold.js';
import type { RunReport } from './report.js';
import { RESULT_SCHEMA } from './result-schema.js';
import { addRemedy, addRemedyOddities } from './sample-remedy.js';
import { sampleRun } from './sample-run.js';

function fold(events: readonly RunEvent[]): RunReport {
  const made = createFold();
  for (const event of events) made.on(event);
  return made.report();
}

function issuesOf(report: RunReport): readonly unknown[] {
  const { $schema: _, ...schema } = RESULT_SCHEMA;
  return compileSchema(schema).check(JSON.parse(JSON.stringify(report))).issues;
}

const MIXED = sampleRun({ rows: 6 })
  .add({ event: 'phase_start', phase: 'preflight' })
  .add({ event: 'step_end', scenario: 'preflight', row: 1, trace_id: 'a'.repeat(32), step: 'api', use: 'http.request', phase: 'preflight', attempt: 1, retried: false, outcome: 'passed', duration_ms: 12.5, source: { file: 'scenarios.yaml', line: 4, column: 5 }, error: null, expectations: [], sent: null, received: null })
  .add({ event: 'phase_start', phase: 'execute' })
  .row('asr', 1, { measured: {} })
  .row('asr', 2, { measured: {}, attempts: 3 })
  .row('asr', 3, { outcome: 'failed', measured: { value: null } })
  .row('asr', 4, { outcome: 'error', attempts: 2, error: { code: 'REALOPS_CONNECTION', message: 'refused', hint: 'start it' } })
  .row('asr', 5, { outcome: 'skipped', reason: 'no consent' })
  .row('asr', 6, { outcome: 'passed', measured: { invalid: 'sender late' } })
  .row('chat', 1, { outcome: 'failed' })
  .slo({ id: 'asr_final' })
  .slo({ id: 'tools', verdict: 'no-data', value: null, samples: 0, interval: null, distribution: null })
  .add({ event: 'manual_required', what: 'look', command: null })
  .add({ event: 'warning', about: 'html', code: 'REALOPS_REPORTER_FAILED', message: 'broke' })
  .add({ event: 'lock_wait', scenario: 'chat', locks: ['asr'] })
  .add({ event: 'asr_partial', scenario: 'chat', row: 1, trace_id: 'b', step: 'asr', text: 'hej', latency_ms: 12 })
  .add({ event: 'note', scenario: 'chat', row: 1, trace_id: 'b', step: 'asr', name: 'reconnect', fields: { after: 3 } })
  .add({ event: 'picture', scenario: 'chat', row: 1, trace_id: 'b', step: 'asr', attempt: 1, title: '', duration_ms: 900, lanes: [{ name: 'speech', spans: [{ from_ms: 0, to_ms: 400, tone: 'good', label: 'hej' }], marks: [{ at_ms: 600.5, tone: 'neutral', label: 'final' }] }], dropped: 0 })
  .add({ event: 'artifact_stored', scenario: 'chat', row: 1, trace_id: 'b', step: 'asr', attempt: 1, name: 'heard.wav', path: 'artifacts/chat/0001-asr-heard.wav', media_type: 'audio/wav', bytes: 44, sha256: '0'.repeat(64) })
  .add({ event: 'slo_violation', slo: 'tools', metric: 'tool.success', value: null, threshold: 0.95, unit: 'ratio', proven: false })
  .end('failed', '2 of 7 rows failed').events;

describe('createFold', () => {
  const report = fold(MIXED);

  it('counts rows by outcome, and they add up', () => {
    expect(report.scenarios[0]?.rows).toEqual({ total: 6, passed: 3, failed: 1, error: 1, skipped: 1, cancelled: 0, flaky: 1 });
    expect(report.scenarios[0]?.outcome).toBe('error');
    expect(report.scenarios[0]?.skipped).toEqual([{ reason: 'no consent', rows: 1 }]);
  });

  it('tells each failure with its place, its attempts and the command that runs only it again', () => {
    const [failed, broken] = report.scenarios[0]?.failures ?? [];
    expect(failed).toMatchObject({ row: 3, outcome: 'failed', attempts: 1, expectations: [{ expression: 'text != ""', got: { text: '' } }], command: 'realops run alice/scenarios.yaml --scenario asr --row 3' });
    expect(broken).toMatchObject({ row: 4, outcome: 'error', attempts: 2, error: { code: 'REALOPS_CONNECTION', hint: 'start it' } });
    expect(report.scenarios[1]?.failures[0]?.command).toBe('realops run alice/scenarios.yaml --scenario chat');
  });

  it('quotes the command for a shell', () => {
    const quoted = fold(sampleRun({ suite: "it's a suite.yaml", scenarios: ['a; rm -rf /'], rows: 2 }).row('a; rm -rf /', 2, { outcome: 'failed' }).end('failed').events);
    expect(quoted.scenarios[0]?.failures[0]?.command).toBe(`realops run 'it'\\''s a suite.yaml' --scenario 'a; rm -rf /' --row 2`);
  });

  it('counts samples without a value as an SLO does', () => {
    expect(report.metrics).toMatchObject([
      { metric: 'voice.final', scenario: null, samples: 3, missing: 1, invalid: 1, mean: 601.5, min: 601, p50: 602, p95: null, max: 602 },
      { metric: 'voice.final', scenario: 'asr' },
    ]);
  });

  it('pools ratios, shares rates, sums counters, keeps the newest of a gauge', () => {
    const events = sampleRun()
      .row('asr', 1, { measured: { metric: 'wer', kind: 'ratio', unit: 'ratio', value: 1, whole: 4 } }).row('asr', 2, { measured: { metric: 'wer', kind: 'ratio', unit: 'ratio', value: 0, whole: 96 } })
      .row('asr', 1, { measured: { metric: 'ok', kind: 'rate', unit: 'ratio', value: 1 } }).row('asr', 2, { measured: { metric: 'ok', kind: 'rate', unit: 'ratio', value: 0 } })
      .row('asr', 1, { measured: { metric: 'bytes', kind: 'counter', unit: 'bytes', value: 10 } }).row('chat', 1, { measured: { metric: 'bytes', kind: 'counter', unit: 'bytes', value: 5 } })
      .row('asr', 1, { measured: { metric: 'ram', kind: 'gauge', unit: 'bytes', value: 9 } }).row('asr', 2, { measured: { metric: 'ram', kind: 'gauge', unit: 'bytes', value: 3 } }).end('healthy').events;
    const all = fold(events).metrics.filter(({ scenario }) => scenario === null);
    expect(all).toMatchObject([{ metric: 'wer', mean: 0.01, p50: null }, { metric: 'ok', mean: 0.5 }, { metric: 'bytes', sum: 15, last: 5, mean: null }, { metric: 'ram', last: 3, min: 3, max: 9, p50: 3 }]);
  });

  it('judges a row that ran again by its newest run', () => {
    const again = fold(sampleRun({ rows: 1 }).row('asr', 1, { outcome: 'failed' }).row('asr', 1).end('remedied').events);
    expect(again.scenarios[0]).toMatchObject({ outcome: 'passed', failures: [], rows: { total: 1, passed: 1 } });
  });

  it('takes the rest from the log', () => {
    expect(report).toMatchObject({
      run_id: '20261123_1412', started: '2026-11-23T14:12:00.250Z', outcome: 'failed', exit_code: 1, reason: '2 of 7 rows failed', torn: false, events: MIXED.length,
      preflight: [{ step: 'api', outcome: 'passed', duration_ms: 12.5 }], counts: { pass: 1, fail: 0, inconclusive: 0, 'no-data': 1, error: 0 },
      manual_actions: [{ what: 'look' }], warnings: [{ about: 'html' }],
    });
    expect(report.phases.map(({ phase }) => phase)).toEqual(['preflight', 'execute']);
  });

  it('counts rows that were never reached: cancelled, or skipped when the run could not start', () => {
    expect(fold(sampleRun().row('asr', 1).end('cancelled').events).scenarios).toMatchObject([{ outcome: 'cancelled', rows: { total: 3, passed: 1, cancelled: 2 } }, { outcome: 'cancelled', rows: { cancelled: 1 } }]);
    expect(fold(sampleRun().end('could-not-run', 'preflight api did not hold').events).scenarios[0]).toMatchObject({ outcome: 'skipped', rows: { total: 3, skipped: 3 }, skipped: [{ reason: 'not run: preflight api did not hold', rows: 3 }] });
  });

  it('keeps the evidence of the first failures only', () => {
    const run = sampleRun({ rows: 205 });
    for (let row = 1; row <= 205; row += 1) run.row('asr', row, { outcome: 'failed' });
    const failures = fold(run.end('failed').events).scenarios[0]?.failures ?? [];
    expect(failures).toHaveLength(205);
    expect(failures[199]?.received).toEqual({ text: '' });
    expect(failures[200]?.received).toMatch(/^left out after 200 failures/);
  });

  it('makes a report of every prefix and every order, with rows that add up', () => {
    for (let length = 0; length < MIXED.length; length += 1) {
      const torn = fold(MIXED.slice(0, length));
      expect(torn).toMatchObject({ torn: true, outcome: 'cancelled', exit_code: 130, events: length });
      expect(issuesOf(torn)).toEqual([]);
    }
    fc.assert(
      fc.property(fc.shuffledSubarray([...MIXED]), (events) => {
        for (const { rows } of fold(events).scenarios) expect(rows.passed + rows.failed + rows.error + rows.skipped + rows.cancelled).toBe(rows.total);
      }),
      { numRuns: 50 },
    );
  });

  it('gives what the published schemas say', () => {
    expect(issuesOf(report)).toEqual([]);
    expect(issuesOf(fold(addRemedyOddities(addRemedy(sampleRun())).events))).toEqual([]);
    const all = [...MIXED, ...addRemedyOddities(addRemedy(sampleRun(), { result: 'worse' })).events];
    for (const event of all) expect(compileSchema(EVENT_SCHEMAS[event.event] ?? { type: 'null' }).check(event).issues, event.event).toEqual([]);
    expect(new Set(all.map(({ event }) => event)).size + 1, 'every event but asr_final is in the sample').toBe(Object.keys(EVENT_SCHEMAS).length);
  });
});
