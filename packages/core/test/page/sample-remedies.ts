import type { RemedyChange, SloShift } from '../../src/events/remedy-event.js';
import { EXIT_CODES } from '../../src/model/words.js';
import { aliceRun, finish, HOSTILE, LONG, scribe, slo, type Sample, type Scribe } from './sample.js';

const CHANGE: RemedyChange = {
  id: '7', loop: 7, issue: 'eos_too_short', cause: 'End-of-speech timeout is too aggressive', remedy: 'longer_eos', title: 'Wait longer for the end of speech', action: 'knob.change', param: 'eosTimeout', unit: 'ms',
  before: 400, after: 550, rollback: 'POST http://127.0.0.1:8000/api/voice/config {"vad_eos_timeout_ms":400}', slos: ['wer_noisy'], scenarios: ['asr_cafe'],
};

const BEFORE = { slo: 'wer_noisy', title: 'Swedish WER café noise', target: '≤ 11 %', unit: 'ratio', before: { verdict: 'fail', value: 0.172 } } as const;
const GUARD: SloShift = { slo: 'asr_final', title: 'ASR final', target: 'p95 < 800 ms', unit: 'ms', before: { verdict: 'pass', value: 655 }, after: { verdict: 'pass', value: 781 } };
const HEALED = slo({ id: 'wer_noisy', title: 'Swedish WER café noise', metric: 'voice.wer', aggregate: 'ratio', comparison: '<=', unit: 'ratio', severity: 'critical', objective: 'ratio(voice.wer) <= 11%', limit: 0.11, target: '≤ 11 %', value: 0.096, proven: false, note: 'not proven: the interval includes the limit', samples: 40, whole: 212, interval: { low: 0.071, high: 0.128, method: 'bootstrap' }, distribution: null });

/** The failing Alice run as far as the phase in which remedies are made. */
function failing(): Scribe {
  const run = scribe();
  for (const event of aliceRun({ kind: 'failing' }).events) {
    if (event.event === 'manual_required' || event.event === 'warning' || event.event === 'run_end' || (event.event === 'phase_start' && event.phase === 'report')) continue;
    run.events.push({ ...event, seq: run.events.length + 1 });
    run.at = event.at_ms;
  }
  run.at += 2;
  run.add({ event: 'phase_start', phase: 'remedy' });
  return run;
}

function diagnose(run: Scribe): void {
  run.add({ event: 'diagnosed', diagnosis: 'eos_too_short', cause: CHANGE.cause, confidence: 0.8, slos: ['wer_noisy'], evidence: { 'metrics.voice.truncated.rate': 0.31, 'metrics.voice.final.in.asr_cafe.p95': 402 }, undecided: [] });
  run.add({ event: 'remediation_held', issue: 'eos_too_short', remedy: 'lower_threshold', why: 'it was used 4 min ago and rests for 30 min' });
}

function repeat(run: Scribe, good: boolean): void {
  run.at += 2_000;
  run.add({ event: 'remediation_applied', change: CHANGE, by: 'realops' });
  run.add({ event: 'rerun_start', id: CHANGE.id, scenarios: ['asr_cafe'], rows: 40 });
  for (let row = 1; row <= 40; row += 1) {
    const place = { scenario: 'asr_cafe', row, trace_id: String(row).padStart(32, 'b') };
    const outcome = good || row > 5 ? 'passed' : 'failed';
    run.add({ event: 'test_start', ...place, lane: row % 4 });
    run.at += 620;
    run.add({ event: 'measured', ...place, step: 'asr', attempt: 1, metric: 'voice.wer', kind: 'ratio', unit: 'ratio', value: outcome === 'passed' ? 0 : 3, whole: 5, invalid: null, labels: { noise: 'cafe', snr: '15' } });
    run.add({ event: 'test_end', ...place, outcome, duration_ms: 620, attempts: 1, reason: null });
  }
}

function end(run: Scribe, outcome: 'remedied' | 'failed' | 'needs-human', reason: string): Sample {
  run.add({ event: 'phase_start', phase: 'report' });
  run.at += 30;
  run.add({ event: 'run_end', outcome, exit_code: EXIT_CODES[outcome], duration_ms: Math.round(run.at), reason });
  return finish(run);
}

/** One SLO failed, one change was made, and what failed holds. */
export function remediedRun(): Sample {
  const run = failing();
  diagnose(run);
  repeat(run, true);
  run.add({ event: 'remediation_validated', id: CHANGE.id, result: 'pass', why: 'every SLO it should heal holds', slos: [{ ...BEFORE, after: { verdict: 'pass', value: 0.096 } }], guards: [GUARD] });
  run.add({ event: 'slo_judged', slo: HEALED });
  run.add({ event: 'alert_cleared', alert: 'wer_high', title: 'WER too high', severity: 'critical', since: '2026-11-23T14:14:00.000Z', message: 'WER is fine again' });
  return end(run, 'remedied', 'Swedish WER café noise holds after eosTimeout 400 → 550 ms');
}

/** The change made a guard worse and was undone. */
export function undoneRun(): Sample {
  const run = failing();
  diagnose(run);
  repeat(run, false);
  run.add({ event: 'remediation_validated', id: CHANGE.id, result: 'worse', why: 'ASR final: p95 < 800 ms did not hold', slos: [{ ...BEFORE, after: { verdict: 'fail', value: 0.121 } }], guards: [{ ...GUARD, after: { verdict: 'fail', value: 1_310 } }] });
  run.at += 40;
  run.add({ event: 'remediation_rolled_back', change: CHANGE, reason: 'worse', by: 'realops' });
  return end(run, 'failed', '1 of 8 SLOs failed, 11 of 210 rows failed');
}

/** Everything that waits for a person: a proposal, a conflict, an unknown cause, an attempt in place, an alert. */
export function waitingRun(): Sample {
  const run = failing();
  diagnose(run);
  run.add({ event: 'remediation_proposed', change: { ...CHANGE, id: '8', remedy: 'restart_asr', title: 'Restart the recogniser', action: 'service.restart', param: 'asr', before: null, after: null, unit: null, rollback: 'nothing to undo' }, digest: '3f2a9c', why: 'it needs an approval', command: 'realops approve 3f2a9c alice.yaml' });
  run.add({ event: 'diagnosed', diagnosis: 'unknown', cause: 'no rule explains it', confidence: 0, slos: ['tools_ok'], evidence: {}, undecided: [{ diagnosis: 'smtp_down', reason: 'tool.success has no samples' }] });
  run.add({ event: 'remediation_held', issue: 'unknown', remedy: null, why: 'no remedy is configured for it' });
  run.add({ event: 'remediation_ended', change: { ...CHANGE, id: '6', issue: 'schema_loose', cause: 'Tool calls break the schema', remedy: 'strict', title: 'Validate tool calls strictly', action: 'toggle.set', param: 'strictSchema', before: false, after: true, unit: null }, state: 'conflict', why: 'someone else has changed the value', found: 'off' });
  run.add({ event: 'alert_fired', alert: 'wer_high', title: 'WER too high', severity: 'critical', since: '2026-11-23T14:12:00.000Z', message: 'WER too high since 14:12', evidence: { 'slos.wer_noisy.value': 0.172 } });
  run.add({ event: 'alert_fired', alert: 'slow', title: 'Answers are slow', severity: 'minor', since: '2026-11-23T14:10:00.000Z', message: 'p95 above 2 s', evidence: {} });
  run.add({ event: 'manual_required', what: 'strictSchema was changed by someone else: decide which value is right', command: 'realops ack schema_loose alice.yaml' });
  return end(run, 'needs-human', 'someone else has changed strictSchema');
}

/** Hostile and very long words in every place of causes, changes and alerts. */
export function hostileRemedies(): Sample {
  const run = failing();
  const change = { ...CHANGE, id: HOSTILE, issue: HOSTILE, cause: LONG, remedy: HOSTILE, title: LONG, action: HOSTILE, param: LONG, before: { [HOSTILE]: HOSTILE }, after: LONG.repeat(3), unit: HOSTILE, rollback: LONG.repeat(4), slos: ['wer_noisy', HOSTILE, LONG] };
  const shift: SloShift = { ...BEFORE, title: LONG, target: HOSTILE, after: { verdict: 'error', value: null } };
  run.add({ event: 'diagnosed', diagnosis: HOSTILE, cause: LONG, confidence: 0.3, slos: ['wer_noisy', LONG], evidence: { [HOSTILE]: HOSTILE, [LONG]: LONG }, undecided: [{ diagnosis: HOSTILE, reason: LONG }] });
  run.add({ event: 'remediation_held', issue: HOSTILE, remedy: HOSTILE, why: HOSTILE });
  run.add({ event: 'remediation_applied', change, by: HOSTILE });
  run.add({ event: 'remediation_validated', id: HOSTILE, result: 'fail', why: HOSTILE, slos: [shift, { ...shift, slo: LONG }], guards: [{ ...shift, after: { verdict: 'fail', value: 9 } }] });
  run.add({ event: 'remediation_proposed', change: { ...change, id: LONG }, digest: HOSTILE, why: HOSTILE, command: `realops approve ${HOSTILE} ${LONG}` });
  run.add({ event: 'alert_fired', alert: HOSTILE, title: LONG, severity: 'critical', since: HOSTILE, message: HOSTILE, evidence: {} });
  return end(run, 'failed', HOSTILE);
}
