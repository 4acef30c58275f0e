import type { JudgedSlo } from '../model/slo.js';
import { EXIT_CODES, type Outcome } from '../model/words.js';
import type { EventError, Measured, RunEvent, RunEventDraft, StepEnd, TestEnd } from './event.js';

/** Makes events as a run would, by hand. For tests of folds and reporters. */
export interface SampleRun {
  /** Stamps and keeps an event; `after` milliseconds pass before it. */
  add(draft: RunEventDraft, after?: number): SampleRun;
  /** A whole row of one step: start, measurement (when given), end. */
  row(scenario: string, row: number, options?: SampleRow): SampleRun;
  slo(slo: Partial<JudgedSlo> & { readonly id: string }): SampleRun;
  end(outcome: Outcome, reason?: string): SampleRun;
  readonly events: readonly RunEvent[];
}

/** One row of a sample run. */
export interface SampleRow {
  readonly outcome?: TestEnd['outcome'];
  readonly attempts?: number;
  readonly durationMs?: number;
  readonly error?: EventError;
  readonly step?: Partial<StepEnd>;
  readonly measured?: Partial<Measured>;
  readonly reason?: string;
}

const PASSED_SLO: Omit<JudgedSlo, 'id'> = {
  title: 'ASR final', severity: 'major', verdict: 'pass', evidence: 'point', proven: true, objective: 'p95(voice.final) < 800ms', metric: 'voice.final', aggregate: 'p95', comparison: '<',
  limit: 800, unit: 'ms', target: 'p95 < 800 ms', value: 655, samples: 80, whole: null, missing: 0, invalid: 0, interval: { low: 631, high: 702, method: 'order statistics' }, needed: null, note: null,
  distribution: { from: 400, to: 720, counts: [3, 20, 40, 12, 5] },
};

/** A run that has started: two scenarios (`asr` with `rows` rows, `chat` with one), one SLO. */
export function sampleRun(options: { readonly rows?: number; readonly suite?: string; readonly titles?: string; readonly scenarios?: readonly string[] } = {}): SampleRun {
  const events: RunEvent[] = [];
  let at = 0;
  const origin = Date.UTC(2026, 10, 23, 14, 12, 0, 250);
  const run: SampleRun = {
    events,
    add(draft, after = 10) {
      at += after;
      const stamp = { seq: events.length + 1, timestamp: new Date(origin + Math.round(at)).toISOString(), at_ms: at, run_id: '20261123_1412' };
      events.push(Object.freeze({ ...stamp, ...draft } as RunEvent));
      return run;
    },
    row(scenario, row, { outcome = 'passed', attempts = 1, durationMs = 120, error, step, measured, reason } = {}) {
      const place = { scenario, row, trace_id: String(row).padStart(32, 'a') };
      const bad = outcome === 'failed' || outcome === 'error' || outcome === 'cancelled';
      const reasonOf: EventError | null = bad ? (error ?? { code: 'REALOPS_EXPECT_FAILED', message: 'expected text != ""; got {"text":""}', hint: null }) : null;
      run.add({ event: 'test_start', ...place, lane: 0 });
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        run.add({ event: 'step_start', ...place, step: 'asr', use: 'voice.transcribe', phase: 'steps', attempt });
        if (measured !== undefined && attempt === attempts) {
          run.add({ event: 'measured', ...place, step: 'asr', attempt, metric: 'voice.final', kind: 'distribution', unit: 'ms', value: 600 + row, whole: null, invalid: null, labels: {}, ...measured });
        }
        run.add({
          event: 'step_end', ...place, step: 'asr', use: 'voice.transcribe', phase: 'steps', attempt, retried: attempt < attempts, outcome: attempt < attempts ? 'error' : outcome, duration_ms: durationMs,
          source: { file: 'scenarios.yaml', line: 31, column: 11 }, error: attempt < attempts ? { code: 'REALOPS_CONNECTION', message: 'connection reset', hint: null } : reasonOf,
          expectations: outcome === 'failed' ? [{ expression: 'text != ""', held: false, got: { text: '' } }] : [], sent: bad ? { target: 'asr', audio: 'clip-17.wav' } : null, received: bad ? { text: '' } : null, ...step,
        }, durationMs);
      }
      return run.add({ event: 'test_end', ...place, outcome, duration_ms: durationMs * attempts, attempts, reason: reason ?? null });
    },
    slo: (slo) => run.add({ event: 'slo_judged', slo: { ...PASSED_SLO, ...slo } }),
    end: (outcome, reason = 'because') => run.add({ event: 'run_end', outcome, exit_code: EXIT_CODES[outcome], duration_ms: Math.round(at), reason }),
  };
  const ids = options.scenarios ?? ['asr', 'chat'];
  run.add({
    event: 'run_start', engine: '0.1.0', suite: 'alice', environment: 'sandbox', seed: 7, concurrency: 2, files: ['scenarios.yaml'], suite_argument: options.suite ?? 'alice/scenarios.yaml', state_argument: null,
    scenarios: ids.map((id, index) => ({ id, title: options.titles ?? `Title of ${id}`, tags: ['voice'], rows: index === 0 ? (options.rows ?? 3) : 1, exclusive: [], source: { file: 'scenarios.yaml', line: 20 + index, column: 5 } })),
    preflight: ['api'], slos: [{ id: 'asr_final', title: 'ASR final', target: 'p95 < 800 ms', objective: 'p95(voice.final) < 800ms', metric: 'voice.final', where: {} }],
    metrics: [{ name: 'voice.final', kind: 'distribution', unit: 'ms', description: 'Time from the end of speech to the final transcript.' }], reporters: [],
  }, 0);
  return run;
}
