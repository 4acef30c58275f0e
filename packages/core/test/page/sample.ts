import { createFold } from '../../src/events/fold.js';
import type { RunEvent, RunEventDraft, RunStart } from '../../src/events/event.js';
import type { RunReport } from '../../src/events/report.js';
import type { JudgedSlo } from '../../src/model/slo.js';
import { EXIT_CODES, type Outcome } from '../../src/model/words.js';
import { createRandom } from '../../src/text/random.js';

/** A run as it would stand in a log, with the report that the fold makes of it. */
export interface Sample {
  readonly events: readonly RunEvent[];
  readonly report: RunReport;
}

/** Writes a run by hand: stamps what it is given. */
export interface Scribe {
  at: number;
  add(draft: RunEventDraft): void;
  readonly events: RunEvent[];
}

export function scribe(): Scribe {
  const origin = Date.UTC(2026, 10, 23, 14, 12, 3, 4);
  const events: RunEvent[] = [];
  const self: Scribe = {
    at: 0,
    events,
    add(draft) {
      const at = Math.round(self.at * 1_000) / 1_000;
      events.push(Object.freeze({ seq: events.length + 1, timestamp: new Date(origin + Math.round(at)).toISOString(), at_ms: at, run_id: '20261123_1412', ...draft } as RunEvent));
    },
  };
  return self;
}

export function finish({ events }: Scribe): Sample {
  const fold = createFold();
  events.forEach((event) => fold.on(event));
  return { events, report: fold.report() };
}

const PLACE = { file: 'scenarios.yaml', line: 31, column: 11 };

/** A judged SLO; a passing latency unless told otherwise. */
export function slo(fields: Partial<JudgedSlo> & { readonly id: string }): JudgedSlo {
  return {
    title: 'ASR final', severity: 'major', verdict: 'pass', evidence: 'point', proven: true, objective: 'p95(voice.final) < 800ms', metric: 'voice.final', aggregate: 'p95', comparison: '<', limit: 800, unit: 'ms',
    target: 'p95 < 800 ms', value: 655, samples: 80, whole: null, missing: 0, invalid: 0, interval: { low: 631, high: 702, method: 'order statistics' }, needed: null, note: null, distribution: { from: 400, to: 720, counts: [3, 9, 20, 40, 22, 12, 5, 2, 1] }, ...fields,
  };
}

interface Lane {
  readonly id: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly rows: number;
  readonly parallel: number;
  readonly line: number;
}

const LANES: readonly Lane[] = [
  { id: 'asr_clean', title: 'Swedish speech, clean', tags: ['voice', 'wer'], rows: 40, parallel: 4, line: 31 },
  { id: 'asr_cafe', title: 'Swedish speech, café noise at 15 dB', tags: ['voice', 'wer', 'noisy'], rows: 40, parallel: 4, line: 43 },
  { id: 'asr_rain', title: 'Swedish speech, rain at 15 dB', tags: ['voice', 'wer', 'noisy'], rows: 24, parallel: 4, line: 55 },
  { id: 'chat_micro', title: 'Simple questions go to the small model', tags: ['chat'], rows: 60, parallel: 2, line: 81 },
  { id: 'chat_planner', title: 'Planning goes to the planner and names a tool', tags: ['chat', 'tools'], rows: 30, parallel: 2, line: 95 },
  { id: 'guardian_transition', title: 'The guardian degrades and recovers', tags: ['guardian'], rows: 10, parallel: 1, line: 112 },
  { id: 'planner_mail', title: 'A mail is sent and arrives', tags: ['tools'], rows: 6, parallel: 1, line: 140 },
];

const SENTENCES = ['boka möte med anna imorgon klockan fjorton', 'vad är klockan', 'tänd lampan i köket', 'spela upp senaste meddelandet', 'hur blir vädret i göteborg på lördag', 'påminn mig om tandläkaren klockan tio'];

function runStart(lanes: readonly Lane[]): Omit<RunStart, 'seq' | 'timestamp' | 'at_ms' | 'run_id'> {
  const metric = (name: string, kind: 'distribution' | 'rate' | 'ratio', unit: 'ms' | 'ratio', description: string): RunStart['metrics'][number] => ({ name, kind, unit, description });
  const named = (id: string, title: string, target: string, objective: string, name: string, scenario?: string): RunStart['slos'][number] => ({ id, title, target, objective, metric: name, where: scenario === undefined ? {} : { scenario: [scenario] } });
  return {
    event: 'run_start', engine: '0.1.0', suite: 'alice', environment: 'sandbox', seed: 7, concurrency: 4, files: ['scenarios.yaml', 'slos.yaml'], suite_argument: 'alice.yaml', state_argument: null,
    scenarios: lanes.map(({ id, title, tags, rows, line }) => ({ id, title, tags, rows, exclusive: id.startsWith('asr') ? ['asr'] : [], source: { file: 'scenarios.yaml', line, column: 5 } })),
    preflight: ['guardian', 'api', 'voice'],
    slos: [
      named('wer_clean', 'Swedish WER clean', '≤ 7 %', 'ratio(voice.wer) <= 7%', 'voice.wer', 'asr_clean'),
      named('wer_noisy', 'Swedish WER café noise', '≤ 11 %', 'ratio(voice.wer) <= 11%', 'voice.wer', 'asr_cafe'),
      named('asr_partial', 'ASR first partial', 'p95 < 300 ms', 'p95(voice.partial) < 300ms', 'voice.partial', 'asr_clean'),
      named('asr_final', 'ASR final', 'p95 < 800 ms', 'p95(voice.final) < 800ms', 'voice.final', 'asr_clean'),
      named('micro_first', 'Micro model, first token', 'p95 < 250 ms', 'p95(first_token) < 250ms', 'first_token', 'chat_micro'),
      named('planner_first', 'Planner, first token', 'p95 < 900 ms', 'p95(first_token) < 900ms', 'first_token', 'chat_planner'),
      named('guardian', 'Guardian transition', 'p95 < 150 ms', 'p95(wait.elapsed) < 150ms', 'wait.elapsed', 'guardian_transition'),
      named('tools_ok', 'Tool success', '≥ 95 %', 'rate(tool.success) >= 95%', 'tool.success', 'planner_mail'),
    ],
    metrics: [
      metric('voice.wer', 'ratio', 'ratio', 'Word errors over reference words, of the normalised texts.'),
      metric('voice.partial', 'distribution', 'ms', 'From the first speech sample sent to the first partial.'),
      metric('voice.final', 'distribution', 'ms', 'From the last speech sample sent to the final.'),
      metric('first_token', 'distribution', 'ms', 'Time to the first token as the assistant reports it.'),
      metric('wait.elapsed', 'distribution', 'ms', 'From the trigger to the awaited state.'),
      metric('tool.success', 'rate', 'ratio', 'Whether the tool did what was asked.'),
    ],
    reporters: [],
  };
}

export interface SampleOptions {
  readonly kind: 'healthy' | 'failing' | 'no-data';
  readonly outcome?: Outcome;
  readonly torn?: boolean;
}

/** A whole run of the Alice suite in numbers that could be real. `failing`: café noise cuts speech short, some chat turns take the wrong route. */
export function aliceRun({ kind, outcome, torn = false }: SampleOptions): Sample {
  const random = createRandom(kind.length);
  const failing = kind === 'failing';
  const run = scribe();
  run.add(runStart(LANES));
  run.at = 2;
  run.add({ event: 'phase_start', phase: 'preflight' });
  for (const step of ['guardian', 'api', 'voice']) {
    const place = { scenario: 'preflight', row: 1, trace_id: 'f'.repeat(32) };
    run.add({ event: 'step_start', ...place, step, use: 'http.request', phase: 'preflight', attempt: 1 });
    run.at += 4 + random() * 10;
    run.add({ event: 'step_end', ...place, step, use: 'http.request', phase: 'preflight', attempt: 1, retried: false, outcome: 'passed', duration_ms: 12, source: PLACE, error: null, expectations: [], sent: null, received: null });
  }
  run.add({ event: 'phase_start', phase: 'execute' });
  const begin = run.at;
  const drafts: { readonly at: number; readonly draft: RunEventDraft }[] = [];
  let asrFree = begin;
  for (const lane of LANES) {
    const isVoice = lane.id.startsWith('asr');
    if (isVoice && asrFree > begin) drafts.push({ at: begin + 0.5, draft: { event: 'lock_wait', scenario: lane.id, locks: ['asr'] } });
    const from = isVoice ? asrFree : begin + LANES.indexOf(lane) * 3;
    const clocks = Array.from({ length: lane.parallel }, () => from);
    for (let row = 1; row <= lane.rows; row += 1) {
      const worker = clocks.indexOf(Math.min(...clocks));
      const took = rowOf(lane, row, clocks[worker] ?? from, failing, random, (at, draft) => void drafts.push({ at, draft }), kind);
      clocks[worker] = (clocks[worker] ?? from) + took;
    }
    if (isVoice) asrFree = Math.max(...clocks);
  }
  drafts.sort((a, b) => a.at - b.at);
  const shown = torn ? drafts.slice(0, Math.round(drafts.length * 0.6)) : drafts;
  for (const { at, draft } of shown) {
    run.at = at;
    run.add(draft);
  }
  if (torn) return finish(run);
  run.add({ event: 'phase_start', phase: 'analyse' });
  for (const each of judgedSlos(kind)) {
    run.at += 3;
    run.add({ event: 'slo_judged', slo: each });
    if (each.verdict === 'fail') run.add({ event: 'slo_violation', slo: each.id, metric: each.metric, value: each.value, threshold: each.limit, unit: each.unit, proven: each.proven });
  }
  if (failing) run.add({ event: 'manual_required', what: 'Swedish WER café noise: ≤ 11 % was not met and no remedy is configured', command: null });
  run.add({ event: 'phase_start', phase: 'report' });
  if (failing) run.add({ event: 'warning', about: 'otlp', code: 'REALOPS_SINK_FAILED', message: '12 events were dropped: the endpoint did not answer' });
  const ended = outcome ?? (failing ? 'failed' : kind === 'healthy' ? 'healthy' : 'inconclusive');
  const reasons = { healthy: 'all 8 SLOs passed, 210 rows passed', failing: '1 of 8 SLOs failed, 11 of 210 rows failed, 1 of 8 SLOs without a verdict', 'no-data': '2 of 8 SLOs without a verdict, 6 of 210 rows skipped' };
  run.at += 30;
  run.add({ event: 'run_end', outcome: ended, exit_code: EXIT_CODES[ended], duration_ms: Math.round(run.at), reason: reasons[kind] });
  return finish(run);
}

type Emit = (at: number, draft: RunEventDraft) => void;

/** One row of a lane; gives how long it took. */
function rowOf(lane: Lane, row: number, start: number, failing: boolean, random: () => number, emit: Emit, kind: string): number {
  const place = { scenario: lane.id, row, trace_id: `${String(row).padStart(4, '0')}${lane.id.length.toString(16).padStart(4, '0')}`.padStart(32, '7f3a9c21e0b4d056') };
  const voice = lane.id.startsWith('asr');
  const skipped = lane.id === 'planner_mail' && kind !== 'healthy';
  const base = voice ? 1_900 + random() * 2_300 : lane.id === 'chat_micro' ? 60 + random() * 70 : lane.id === 'guardian_transition' ? 300 + random() * 90 : 700 + random() * 500;
  const duration = skipped ? 0.4 : Math.round(base * 1_000) / 1_000;
  emit(start, { event: 'test_start', ...place, lane: row % lane.parallel });
  const end = start + duration;
  const step = voice ? 'asr' : 'chat';
  const use = voice ? 'voice.transcribe' : 'http.request';
  const source = { file: 'scenarios.yaml', line: lane.line + 6, column: 9 };
  const shared = { ...place, step, use, phase: 'steps' as const };
  const done = { event: 'step_end' as const, ...shared, source, duration_ms: duration, expectations: [], sent: null, received: null };
  const finishRow = (outcome: 'passed' | 'failed' | 'error' | 'skipped', attempts = 1, reason: string | null = null): number => {
    emit(end + 0.2, { event: 'test_end', ...place, outcome, duration_ms: duration, attempts, reason });
    return duration + 1;
  };
  if (skipped) return finishRow('skipped', 1, 'the secret TEST_SMTP_URL is not set');
  emit(start + 0.1, { event: 'step_start', ...shared, attempt: 1 });
  const measure = (metric: string, metricKind: 'distribution' | 'rate' | 'ratio', unit: 'ms' | 'ratio', value: number, whole: number | null = null, labels = {}): void =>
    emit(end - 0.1, { event: 'measured', ...place, step, attempt: 1, metric, kind: metricKind, unit, value, whole, invalid: null, labels });
  if (voice) {
    const meant = SENTENCES[row % SENTENCES.length] ?? '';
    const words = meant.split(' ');
    const noisy = lane.id !== 'asr_clean';
    const cut = failing && lane.id === 'asr_cafe' && (row % 5 === 2 || row === 17);
    const heard = cut ? `${words.slice(0, Math.max(1, words.length - 3)).join(' ')} im` : random() < (noisy ? 0.35 : 0.12) ? meant.replace('klockan', 'klocka').replace('köket', 'kök') : meant;
    const errors = cut ? Math.min(3, words.length - 1) + (words.length > 3 ? 0 : 1) : heard === meant ? 0 : 1;
    const latency = Math.round((520 + random() * 180 + (random() < 0.06 ? 120 : 0)) * 100) / 100;
    emit(start + duration * 0.4, { event: 'asr_partial', ...place, step, text: heard.split(' ').slice(0, 2).join(' '), latency_ms: 210 + random() * 60, confidence: 0.7 });
    emit(end - 0.3, { event: 'asr_final', ...place, step, text: heard, latency_ms: latency, confidence: 0.9, truncated: cut });
    const labels = noisy ? { noise: lane.id.slice(4), snr: '15' } : { noise: 'none' };
    measure('voice.wer', 'ratio', 'ratio', errors, words.length, labels);
    measure('voice.partial', 'distribution', 'ms', 205 + random() * 70, null, labels);
    if (!cut) measure('voice.final', 'distribution', 'ms', latency, null, labels);
    if (cut) {
      const expectations = [{ expression: 'wer <= 0.11', held: false, got: { wer: Math.round((errors / words.length) * 1_000) / 1_000 } }, { expression: 'text != ""', held: true, got: { text: heard } }];
      emit(end, { ...done, attempt: 1, retried: false, outcome: 'failed', expectations, error: { code: 'REALOPS_EXPECT_FAILED', message: `wer <= 0.11 did not hold: wer = ${errors / words.length}`, hint: null }, sent: { target: 'asr', audio: `clips/synthetic_sv_${row}.wav`, reference: meant, noise: { file: 'datasources/noise/cafe.wav', snrDb: 15 } }, received: { text: heard, confidence: 0.81, finalMs: latency, partialMs: 231, truncated: true } });
      return finishRow('failed');
    }
  } else if (lane.id.startsWith('chat')) {
    measure('first_token', 'distribution', 'ms', lane.id === 'chat_micro' ? 90 + random() * 90 + (random() < 0.05 ? 60 : 0) : 480 + random() * 320);
    if (failing && lane.id === 'chat_micro' && row % 29 === 3) {
      emit(end, { ...done, attempt: 1, retried: false, outcome: 'failed', expectations: [{ expression: 'headers."x-route" = \'micro\'', held: false, got: { 'headers.x-route': 'deep' } }], error: { code: 'REALOPS_EXPECT_FAILED', message: 'headers."x-route" = \'micro\' did not hold', hint: null }, sent: { url: 'http://127.0.0.1:8000/api/chat', json: { message: 'vad är klockan' } }, received: { status: 200, headers: { 'x-route': 'deep' }, body: { response: 'Klockan är tio.' } } });
      return finishRow('failed');
    }
    if (lane.id === 'chat_planner' && row === 12) {
      emit(start + 20, { ...done, attempt: 1, retried: true, outcome: 'error', error: { code: 'REALOPS_CONNECTION', message: 'connect ECONNREFUSED 127.0.0.1:8000', hint: 'is the service running?' } });
      emit(start + 30, { event: 'step_start', ...shared, attempt: 2 });
      emit(end, { ...done, attempt: 2, retried: false, outcome: 'passed', error: null });
      return finishRow('passed', 2);
    }
    if (failing && lane.id === 'chat_planner' && row === 21) {
      emit(end, { ...done, attempt: 2, retried: false, outcome: 'error', error: { code: 'REALOPS_TIMEOUT', message: 'no answer within 5 s', hint: 'raise timeout: of the step, or see why http://127.0.0.1:8000 is slow' }, sent: { url: 'http://127.0.0.1:8000/api/chat' } });
      return finishRow('error', 2);
    }
  } else if (lane.id === 'guardian_transition') {
    measure('wait.elapsed', 'distribution', 'ms', 28 + random() * 20);
    measure('wait.elapsed', 'distribution', 'ms', 28 + random() * 20);
  } else measure('tool.success', 'rate', 'ratio', 1);
  emit(end, { ...done, attempt: 1, retried: false, outcome: 'passed', error: null });
  return finishRow('passed');
}

function judgedSlos(kind: SampleOptions['kind']): readonly JudgedSlo[] {
  const failing = kind === 'failing';
  const wer = { metric: 'voice.wer', aggregate: 'ratio', comparison: '<=', unit: 'ratio', severity: 'critical' } as const;
  return [
    slo({ ...wer, id: 'wer_clean', title: 'Swedish WER clean', objective: 'ratio(voice.wer) <= 7%', limit: 0.07, target: '≤ 7 %', value: 0.049, samples: 40, whole: 212, interval: { low: 0.031, high: 0.069, method: 'bootstrap' }, distribution: { from: 0, to: 0.25, counts: [34, 0, 3, 0, 1, 0, 1, 1] } }),
    slo(failing
      ? { ...wer, id: 'wer_noisy', title: 'Swedish WER café noise', objective: 'ratio(voice.wer) <= 11%', limit: 0.11, target: '≤ 11 %', value: 0.172, verdict: 'fail', samples: 40, whole: 212, interval: { low: 0.138, high: 0.209, method: 'bootstrap' }, distribution: { from: 0, to: 0.6, counts: [22, 2, 6, 0, 0, 2, 5, 3] } }
      : { ...wer, id: 'wer_noisy', title: 'Swedish WER café noise', objective: 'ratio(voice.wer) <= 11%', limit: 0.11, target: '≤ 11 %', value: 0.096, proven: false, note: 'not proven: the interval includes the limit', samples: 40, whole: 212, interval: { low: 0.071, high: 0.128, method: 'bootstrap' }, distribution: { from: 0, to: 0.4, counts: [26, 2, 6, 0, 0, 2, 3, 1] } }),
    slo({ id: 'asr_partial', title: 'ASR first partial', objective: 'p95(voice.partial) < 300ms', metric: 'voice.partial', limit: 300, target: 'p95 < 300 ms', value: 271, samples: 40, proven: false, note: '40 of the 59 samples it takes to prove it', needed: 59, interval: { low: 262, high: null, method: 'order statistics' }, distribution: { from: 205, to: 275, counts: [3, 4, 7, 9, 8, 6, 3] } }),
    slo({ id: 'asr_final', title: 'ASR final', samples: 40, interval: { low: 631, high: null, method: 'order statistics' }, proven: false, needed: 59, note: '40 of the 59 samples it takes to prove it' }),
    slo({ id: 'micro_first', title: 'Micro model, first token', objective: 'p95(first_token) < 250ms', metric: 'first_token', limit: 250, target: 'p95 < 250 ms', value: 188, samples: 60, interval: { low: 179, high: 240, method: 'order statistics' }, distribution: { from: 90, to: 240, counts: [6, 9, 12, 14, 9, 6, 2, 1, 1] } }),
    slo(kind === 'no-data'
      ? { id: 'planner_first', title: 'Planner, first token', objective: 'p95(first_token) < 900ms', metric: 'first_token', limit: 900, target: 'p95 < 900 ms', evidence: 'proven', verdict: 'inconclusive', proven: false, value: 790, samples: 30, needed: 59, note: '30 of the 59 samples it takes to prove it', interval: { low: 774, high: null, method: 'order statistics' }, distribution: { from: 480, to: 800, counts: [3, 4, 6, 7, 5, 4, 1] } }
      : { id: 'planner_first', title: 'Planner, first token', objective: 'p95(first_token) < 900ms', metric: 'first_token', limit: 900, target: 'p95 < 900 ms', value: 790, samples: 30, proven: false, needed: 59, note: '30 of the 59 samples it takes to prove it', interval: { low: 774, high: null, method: 'order statistics' }, distribution: { from: 480, to: 800, counts: [3, 4, 6, 7, 5, 4, 1] } }),
    slo({ id: 'guardian', title: 'Guardian transition', objective: 'p95(wait.elapsed) < 150ms', metric: 'wait.elapsed', limit: 150, target: 'p95 < 150 ms', value: 47, samples: 20, proven: false, needed: 59, note: '20 of the 59 samples it takes to prove it', interval: { low: 41, high: null, method: 'order statistics' }, distribution: { from: 28, to: 48, counts: [3, 5, 6, 4, 2] } }),
    slo(kind === 'healthy'
      ? { id: 'tools_ok', title: 'Tool success', objective: 'rate(tool.success) >= 95%', metric: 'tool.success', aggregate: 'rate', comparison: '>=', limit: 0.95, unit: 'ratio', target: '≥ 95 %', value: 1, samples: 6, proven: false, needed: 73, note: '6 of the 73 samples it takes to prove it', interval: { low: 0.61, high: 1, method: 'wilson' }, distribution: null }
      : { id: 'tools_ok', title: 'Tool success', objective: 'rate(tool.success) >= 95%', metric: 'tool.success', aggregate: 'rate', comparison: '>=', limit: 0.95, unit: 'ratio', target: '≥ 95 %', value: null, verdict: 'no-data', samples: 0, proven: false, needed: null, note: 'nothing measured tool.success', interval: null, distribution: null }),
  ];
}

/** A run that preflight kept from starting. */
export function couldNotRun(): Sample {
  const run = scribe();
  run.add(runStart(LANES));
  run.at = 3;
  run.add({ event: 'phase_start', phase: 'preflight' });
  const place = { scenario: 'preflight', row: 1, trace_id: 'e'.repeat(32) };
  const step = { ...place, use: 'http.request', phase: 'preflight', attempt: 1, retried: false, duration_ms: 12.4, source: { file: 'scenarios.yaml', line: 18, column: 5 }, expectations: [], sent: null, received: null } as const;
  run.add({ event: 'step_end', ...step, step: 'api', outcome: 'passed', error: null });
  run.at = 40;
  run.add({ event: 'step_end', ...step, step: 'guardian', outcome: 'error', error: { code: 'REALOPS_CONNECTION', message: 'connect ECONNREFUSED 127.0.0.1:8787', hint: 'start the guardian, or set GUARDIAN_URL' } });
  run.add({ event: 'phase_start', phase: 'report' });
  run.at = 60;
  run.add({ event: 'run_end', outcome: 'could-not-run', exit_code: 4, duration_ms: 60, reason: 'preflight guardian did not hold' });
  return finish(run);
}

/** Texts that try to become markup, turn the direction, or end the page; and words too long for any column. */
export const HOSTILE = '<img src=x onerror="document.title=1"></script><b>\u202egnp.exe\u001b[31m${7*7}';
export const LONG = 'Sjukvårdsförsäkringsutbetalningsbesvärsnämndsordförandevalberedningssammanträdesprotokollsjustering';

/** A run in which everything that comes from outside is hostile or long, with `slos` SLOs of all verdicts. */
export function hostileRun(slos: number): Sample {
  const run = scribe();
  const id = `x${HOSTILE}`;
  run.add({ ...runStart([]), suite: HOSTILE, scenarios: [{ id, title: LONG, tags: [HOSTILE], rows: 2, exclusive: [], source: { file: `${LONG}.yaml`, line: 1, column: 1 } }, { id: LONG, title: HOSTILE, tags: [], rows: 0, exclusive: [], source: PLACE }] });
  const place = { scenario: id, row: 1, trace_id: HOSTILE };
  run.add({ event: 'test_start', ...place, lane: 0 });
  run.at = 500;
  run.add({ event: 'asr_final', ...place, step: 'asr', text: `مرحبا ${HOSTILE}`, latency_ms: 20 });
  run.add({ event: 'measured', ...place, step: 'asr', attempt: 1, metric: 'voice.wer', kind: 'ratio', unit: 'ratio', value: 3, whole: 2, invalid: null, labels: { noise: HOSTILE } });
  run.add({ event: 'step_end', ...place, step: LONG, use: HOSTILE, phase: 'steps', attempt: 1, retried: false, outcome: 'failed', duration_ms: 480, source: PLACE, error: { code: 'REALOPS_EXPECT_FAILED', message: HOSTILE, hint: HOSTILE }, expectations: [{ expression: `text = '${HOSTILE}'`, held: false, got: { text: HOSTILE } }], sent: { reference: `hej ${HOSTILE} ${LONG}` }, received: { text: HOSTILE } });
  run.add({ event: 'test_end', ...place, outcome: 'failed', duration_ms: 500, attempts: 1, reason: null });
  const verdicts = ['fail', 'pass', 'inconclusive', 'no-data', 'error'] as const;
  for (let index = 0; index < slos; index += 1) {
    const verdict = verdicts[index % verdicts.length] ?? 'pass';
    const none = verdict === 'no-data' || verdict === 'error';
    run.add({ event: 'slo_judged', slo: slo({ id: `slo_${index}${index === 0 ? HOSTILE : ''}`, title: index === 0 ? HOSTILE : index === 1 ? LONG : `SLO number ${index}`, verdict, value: none ? null : 100 + index * 7, samples: none ? 0 : 20, interval: none ? null : { low: 90, high: 120 + index * 9, method: 'x' }, distribution: none ? null : { from: 50, to: 900 + index * 20, counts: [1, 5, 9, 3, 0, 1] } }) });
  }
  run.add({ event: 'warning', about: HOSTILE, code: 'REALOPS_REPORTER_FAILED', message: HOSTILE });
  run.add({ event: 'manual_required', what: HOSTILE, command: HOSTILE });
  run.add({ event: 'run_end', outcome: 'failed', exit_code: 1, duration_ms: 900, reason: HOSTILE });
  return finish(run);
}
