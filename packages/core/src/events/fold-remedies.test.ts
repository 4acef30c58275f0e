import { describe, expect, it } from 'vitest';
import { createFold } from './fold.js';
import type { RunReport } from './report.js';
import { addRemedy, addRemedyOddities } from './sample-remedy.js';
import { sampleRun, type SampleRun } from './sample-run.js';

function fold(run: SampleRun): RunReport {
  const made = createFold();
  for (const event of run.events) made.on(event);
  return made.report();
}

const failing = (): SampleRun => sampleRun({ rows: 1 }).row('asr', 1, { outcome: 'failed', measured: { value: 912 } });
const value = ({ metrics }: RunReport): number | null | undefined => metrics.find(({ scenario }) => scenario === 'asr')?.max;

describe('the report of a remedied run', () => {
  it('shows the repetition in place of what failed when the change was kept', () => {
    const report = fold(addRemedy(failing()));
    expect(report.remediations).toMatchObject([{ id: '12', state: 'kept', before: 700, after: 850, shifts: [{ before: { value: 912 }, after: { value: 655 } }] }]);
    expect(report.scenarios[0]).toMatchObject({ outcome: 'passed', failures: [] });
    // Its time is that of the repetition alone.
    const first = fold(failing()).scenarios[0];
    expect(report.scenarios[0]?.started_ms).toBeGreaterThan((first?.started_ms ?? 0) + (first?.duration_ms ?? 0));
    expect(value(report)).toBe(655);
    expect(report.diagnoses).toMatchObject([{ diagnosis: 'eos_too_short' }]);
    expect(report.held).toMatchObject([{ remedy: 'lower_threshold' }]);
  });

  it('shows what failed, and not the repetition, when the change was undone', () => {
    const report = fold(addRemedy(failing(), { result: 'fail' }));
    expect(report.remediations).toMatchObject([{ state: 'rolled-back', why: 'ASR final: p95 < 800 ms is still not met' }]);
    const first = fold(failing()).scenarios[0];
    expect(report.scenarios[0]).toMatchObject({ outcome: 'failed', rows: { total: 1, failed: 1 }, started_ms: first?.started_ms, duration_ms: first?.duration_ms });
    expect(report.scenarios[0]?.failures).toHaveLength(1);
    expect(value(report)).toBe(912);
  });

  it('holds proposals, conflicts and alerts', () => {
    const report = fold(addRemedyOddities(failing()));
    expect(report.remediations.map(({ state }) => state)).toEqual(['proposed', 'conflict']);
    expect(report.remediations[0]).toMatchObject({ digest: '3f2a9c', command: expect.stringContaining('approve') });
    expect(report.alerts.map(({ state }) => state)).toEqual(['fired', 'cleared']);
  });
});
