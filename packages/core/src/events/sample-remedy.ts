import type { RemediationValidated, RemedyChange, SloShift } from './remedy-event.js';
import type { SampleRun } from './sample-run.js';

/** A change of the end-of-speech timeout, as a run would make it. */
export const SAMPLE_CHANGE: RemedyChange = {
  id: '12', loop: 12, issue: 'eos_too_short', cause: 'End-of-speech timeout is too aggressive', remedy: 'longer_eos', title: 'Wait longer for the end of speech', action: 'knob.change', param: 'eosTimeout', unit: 'ms',
  before: 700, after: 850, rollback: 'POST http://127.0.0.1:8000/api/voice/config {"vad_eos_timeout_ms":700}', slos: ['asr_final'], scenarios: ['asr'],
};

const SHIFT: SloShift = { slo: 'asr_final', title: 'ASR final', target: 'p95 < 800 ms', unit: 'ms', before: { verdict: 'fail', value: 912 }, after: { verdict: 'pass', value: 655 } };

/** Adds a diagnosis and one change to a sample run: made, repeated, validated and, unless it passed, rolled back. For tests of folds and reporters. */
export function addRemedy(run: SampleRun, { result = 'pass', change = SAMPLE_CHANGE, shifts = [SHIFT] }: { readonly result?: RemediationValidated['result']; readonly change?: RemedyChange; readonly shifts?: readonly SloShift[] } = {}): SampleRun {
  run.add({ event: 'diagnosed', diagnosis: change.issue, cause: change.cause, confidence: 0.8, slos: change.slos, evidence: { 'metrics.voice.truncated.rate': 0.21 }, undecided: [] });
  run.add({ event: 'remediation_held', issue: change.issue, remedy: 'lower_threshold', why: 'it was used 4 min ago and rests for 30 min' });
  run.add({ event: 'remediation_applied', change, by: 'realops' });
  run.add({ event: 'rerun_start', id: change.id, scenarios: change.scenarios, rows: 1 });
  for (const scenario of change.scenarios) run.row(scenario, 1, { outcome: result === 'pass' ? 'passed' : 'failed', measured: { value: 655 } });
  run.add({ event: 'remediation_validated', id: change.id, result, why: result === 'pass' ? 'every SLO it should heal holds' : 'ASR final: p95 < 800 ms is still not met', slos: shifts, guards: [] });
  return result === 'pass' ? run : run.add({ event: 'remediation_rolled_back', change, reason: result === 'fail' ? 'failed' : result, by: 'realops' });
}

/** Adds the other things that remedies and alerts put on the stream. */
export function addRemedyOddities(run: SampleRun): SampleRun {
  const other = { ...SAMPLE_CHANGE, id: '13', loop: 13, remedy: 'strict', param: 'strictSchema', before: false, after: true, unit: null };
  run.add({ event: 'remediation_proposed', change: other, digest: '3f2a9c', why: 'it needs an approval', command: 'realops approve 3f2a9c alice/scenarios.yaml' });
  run.add({ event: 'remediation_ended', change: { ...other, id: '14' }, state: 'conflict', why: 'someone else has changed the value', found: 5 });
  run.add({ event: 'alert_fired', alert: 'wer_high', title: 'WER too high', severity: 'critical', since: '2026-11-23T14:12:00.000Z', message: 'WER too high since 14:12', evidence: { 'slos.wer.value': 0.2 } });
  run.add({ event: 'diagnostics_collected', alerts: ['wer_high'], file: 'diagnostics-001-wer_high.json' });
  run.add({ event: 'incident_opened', incident: '001-wer_high', title: 'WER too high', severity: 'critical', reasons: ['WER too high since 14:12'], file: 'incident-001-wer_high.md' });
  return run.add({ event: 'alert_cleared', alert: 'wer_high', title: 'WER too high', severity: 'critical', since: '2026-11-23T14:20:00.000Z', message: 'WER is fine again' });
}
