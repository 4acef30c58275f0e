import type { RunEvent } from '../events/event.js';
import { addRemedy, addRemedyOddities, SAMPLE_CHANGE } from '../events/sample-remedy.js';
import { sampleRun, type SampleRun } from '../events/sample-run.js';

/** Text that tries to be something else in every format: markup, table cells, formulas, terminal escapes, CI commands, turned text, half characters. */
export const HOSTILE = 'a|b`c``d <img src=x onerror=alert(1)> </script> ]]> <!-- & " \' \u001b[31mred\u001b[0m \u001b]0;title\u0007 \u202eevil\u202c \u0000\u0008 \ud800 \u2028 ::error::x %0A [x](javascript:1) ![y](z) # = *b* ~s~\r\n::error::injected\n=cmd()|| |\n';

const PREFLIGHT = {
  event: 'step_end', scenario: 'preflight', row: 1, trace_id: 'b'.repeat(32), step: 'api', use: 'http.request', phase: 'preflight', attempt: 1, retried: false, duration_ms: 12.5,
  source: { file: 'scenarios.yaml', line: 4, column: 5 }, expectations: [], sent: null, received: null,
} as const;

function started(options: Parameters<typeof sampleRun>[0] = {}): SampleRun {
  return sampleRun(options).add({ event: 'phase_start', phase: 'preflight' }).add({ ...PREFLIGHT, outcome: 'passed', error: null }, 12.5).add({ event: 'phase_start', phase: 'execute' });
}

/** A run in which `asr` fails with `ASR final` at 912 ms, as far as the phase in which remedies are made. */
function failing(): SampleRun {
  return started({ rows: 2 }).row('asr', 1, { outcome: 'failed', measured: { value: 912 } }).row('asr', 2, { attempts: 2, measured: { value: 620 } }).row('chat', 1).add({ event: 'phase_start', phase: 'analyse' })
    .slo({ id: 'asr_final', verdict: 'fail', value: 912 }).add({ event: 'phase_start', phase: 'remedy' });
}

/** What a change with hostile words in every place looks like. */
const HOSTILE_CHANGE = { ...SAMPLE_CHANGE, id: HOSTILE, issue: HOSTILE, cause: HOSTILE, remedy: HOSTILE, title: HOSTILE, action: HOSTILE, param: HOSTILE, unit: HOSTILE, before: HOSTILE, after: { [HOSTILE]: HOSTILE }, rollback: HOSTILE, slos: [HOSTILE], scenarios: [HOSTILE] };
const HOSTILE_SHIFT = { slo: HOSTILE, title: HOSTILE, target: HOSTILE, unit: HOSTILE, before: { verdict: 'fail', value: 912 }, after: { verdict: 'fail', value: 911 } } as const;

/** Runs of every kind by name, as the event streams that reporters and sinks meet: for tests of them without a run. Each call makes its events anew. */
export const SAMPLE_RUNS = {
  healthy: () => started().row('asr', 1, { measured: {} }).row('asr', 2, { measured: {} }).row('asr', 3, { measured: {} }).row('chat', 1).add({ event: 'phase_start', phase: 'analyse' }).slo({ id: 'asr_final' }).end('healthy', 'the SLO passed, 4 rows passed').events,
  failed: () =>
    started({ rows: 6 })
      .row('asr', 1, { measured: {} }).row('asr', 2, { measured: {}, attempts: 3 })
      .row('asr', 3, { outcome: 'failed', measured: { value: null }, step: { expectations: [{ expression: 'text = "klockan är tolv"', held: false, got: { text: 'klockan är tol' } }] } })
      .row('asr', 4, { outcome: 'error', attempts: 2, error: { code: 'REALOPS_CONNECTION', message: 'connection refused by 127.0.0.1:8000', hint: 'start the service' } })
      .row('asr', 5, { outcome: 'failed' }).row('asr', 6, { outcome: 'failed', measured: { invalid: 'sender was late' } })
      .row('chat', 1, { outcome: 'skipped', reason: 'needs the consent scope memory:write' })
      .slo({ id: 'asr_final', verdict: 'fail', value: 903, proven: true, interval: { low: 850, high: null, method: 'order statistics' } })
      .add({ event: 'slo_violation', slo: 'asr_final', metric: 'voice.final', value: 903, threshold: 800, unit: 'ms', proven: true })
      .add({ event: 'manual_required', what: 'ASR final was not met and no remedy is configured', command: 'realops init' })
      .add({ event: 'warning', about: 'webhook', code: 'REALOPS_REPORTER_FAILED', message: '3 events were lost' })
      .end('failed', '1 of 1 SLOs failed, 4 of 7 rows failed').events,
  'no data': () => started().row('asr', 1).row('asr', 2).row('asr', 3).row('chat', 1).slo({ id: 'asr_final', verdict: 'no-data', value: null, samples: 0, interval: null, distribution: null, proven: false, note: 'no mail account configured' }).end('inconclusive', '1 of 1 SLOs without a verdict').events,
  'could not run': () =>
    sampleRun().add({ event: 'phase_start', phase: 'preflight' }).add({ ...PREFLIGHT, outcome: 'error', error: { code: 'REALOPS_CONNECTION', message: 'connection refused', hint: 'start it' } }).end('could-not-run', 'preflight api did not hold').events,
  cancelled: () => started().row('asr', 1, { measured: {} }).row('asr', 2, { outcome: 'cancelled', error: { code: 'REALOPS_CANCELLED', message: 'the run was cancelled', hint: null } }).end('cancelled', 'cancelled after 400 ms').events,
  remedied: () => addRemedy(failing()).slo({ id: 'asr_final' }).end('remedied', 'ASR final holds after eosTimeout 700 → 850 ms').events,
  'rolled back': () => addRemedy(failing(), { result: 'worse', shifts: [{ slo: 'asr_final', title: 'ASR final', target: 'p95 < 800 ms', unit: 'ms', before: { verdict: 'fail', value: 912 }, after: { verdict: 'fail', value: 905 } }] }).end('failed', '1 of 1 SLOs failed').events,
  'needs human': () =>
    addRemedyOddities(failing().add({ event: 'diagnosed', diagnosis: 'unknown', cause: 'no rule explains it', confidence: 0, slos: ['asr_final'], evidence: {}, undecided: [{ diagnosis: 'eos_too_short', reason: 'voice.truncated has no samples' }] }))
      .add({ event: 'remediation_held', issue: 'unknown', remedy: null, why: 'no remedy is configured for it' })
      .add({ event: 'manual_required', what: 'strictSchema was changed by someone else', command: 'realops ack eos_too_short alice/scenarios.yaml' })
      .end('needs-human', 'someone else has changed strictSchema').events,
  torn: () => started().row('asr', 1, { measured: {} }).row('asr', 2, { outcome: 'failed' }).events.slice(0, -1),
  empty: () => sampleRun({ scenarios: [] }).end('inconclusive', 'nothing was executed').events,
  hostile: () =>
    sampleRun({ rows: 2, suite: HOSTILE, titles: HOSTILE, scenarios: [HOSTILE, 'chat'] })
      .row(HOSTILE, 1, { outcome: 'failed', measured: { metric: `=cmd()${HOSTILE}`, labels: { [HOSTILE]: HOSTILE } }, step: { step: HOSTILE, use: HOSTILE, error: { code: HOSTILE, message: HOSTILE, hint: HOSTILE }, sent: { [HOSTILE]: HOSTILE }, received: HOSTILE, expectations: [{ expression: `text = "${HOSTILE}"`, held: false, got: { text: HOSTILE, [HOSTILE]: [HOSTILE] } }, { expression: 'text = "x"', held: false, got: { text: HOSTILE } }] } })
      .row(HOSTILE, 2, { outcome: 'skipped', reason: HOSTILE })
      .row('chat', 1, { attempts: 2 })
      .add({ event: 'asr_partial', scenario: 'chat', row: 1, trace_id: 'c', step: 's', text: HOSTILE })
      .add({ event: 'diagnosed', diagnosis: HOSTILE, cause: HOSTILE, confidence: 0.5, slos: [HOSTILE], evidence: { [HOSTILE]: HOSTILE, [`slos.${HOSTILE}.value`]: 3 }, undecided: [{ diagnosis: HOSTILE, reason: HOSTILE }] })
      .add({ event: 'remediation_held', issue: HOSTILE, remedy: HOSTILE, why: HOSTILE })
      .add({ event: 'remediation_applied', change: HOSTILE_CHANGE, by: HOSTILE })
      .add({ event: 'rerun_start', id: HOSTILE, scenarios: [HOSTILE], rows: 2 })
      .add({ event: 'remediation_validated', id: HOSTILE, result: 'fail', why: HOSTILE, slos: [HOSTILE_SHIFT], guards: [HOSTILE_SHIFT] })
      .add({ event: 'remediation_rolled_back', change: HOSTILE_CHANGE, reason: HOSTILE, by: HOSTILE })
      .add({ event: 'remediation_proposed', change: { ...HOSTILE_CHANGE, id: `2${HOSTILE}` }, digest: HOSTILE, why: HOSTILE, command: HOSTILE })
      .add({ event: 'remediation_ended', change: { ...HOSTILE_CHANGE, id: `3${HOSTILE}`, issue: 'other' }, state: 'conflict', why: HOSTILE, found: HOSTILE })
      .add({ event: 'alert_fired', alert: HOSTILE, title: HOSTILE, severity: 'critical', since: HOSTILE, message: HOSTILE, evidence: { [HOSTILE]: HOSTILE } })
      .slo({ id: HOSTILE, title: HOSTILE, target: HOSTILE, note: HOSTILE, verdict: 'fail', objective: HOSTILE })
      .add({ event: 'manual_required', what: HOSTILE, command: HOSTILE })
      .add({ event: 'warning', about: HOSTILE, code: HOSTILE, message: HOSTILE })
      .end('failed', HOSTILE).events,
  'very long': () => {
    const [words, word] = ['ett ord till och ett till '.repeat(800), 'ö'.repeat(20_000)];
    return started({ rows: 2, titles: words }).row('asr', 1, { outcome: 'failed', error: { code: 'REALOPS_EXPECT_FAILED', message: words, hint: word }, step: { sent: { text: word }, received: { text: null, list: Array.from({ length: 500 }, () => null) }, expectations: [{ expression: `text = "${words}"`, held: false, got: { text: word, other: null } }] } })
      .row('asr', 2, { outcome: 'error', attempts: 2, measured: { value: null }, error: { code: 'REALOPS_CONNECTION', message: word, hint: null } }).row('chat', 1, { outcome: 'skipped', reason: words })
      .slo({ id: 'asr_final', title: words, verdict: 'inconclusive', value: null, interval: null, distribution: null, note: word }).add({ event: 'warning', about: word, code: 'REALOPS_REPORTER_FAILED', message: words }).end('inconclusive', words).events;
  },
} as const satisfies { readonly [kind: string]: () => readonly RunEvent[] };
