import type { RunEventDraft } from '../../src/events/event.js';
import { createRandom } from '../../src/text/random.js';
import { finish, HOSTILE, LONG, scribe, slo, type Sample } from './sample.js';

/** One measurement of a study. */
export interface Measure {
  readonly metric: string;
  readonly kind: 'ratio' | 'rate' | 'distribution';
  readonly value: number | null;
  readonly whole?: number;
  readonly labels: { readonly [name: string]: string | number | boolean };
  readonly scenario?: string;
  readonly invalid?: string;
}

/** A run that measured what it is given, with SLOs on some of it: `[metric, objective, where]`. */
export function studyOf(measures: readonly Measure[], slos: readonly (readonly [id: string, fields: Parameters<typeof slo>[0], where: { readonly [label: string]: readonly string[] }])[] = []): Sample {
  const run = scribe();
  const metric = (name: string): Measure => measures.find((each) => each.metric === name) ?? { metric: name, kind: 'rate', value: 0, labels: {} };
  run.add({
    event: 'run_start', engine: '0.1.0', suite: 'study', environment: 'sandbox', seed: 7, concurrency: 4, files: ['study.yaml'], suite_argument: 'study.yaml', state_argument: null,
    scenarios: [...new Set(measures.map(({ scenario = 'speech' }) => scenario))].map((id) => ({ id, title: id, tags: ['voice'], rows: 40, exclusive: [], source: { file: 'study.yaml', line: 9, column: 5 } })), preflight: [],
    slos: slos.map(([id, fields, where]) => ({ id, title: id, target: fields.target ?? '', objective: fields.objective ?? '', metric: fields.metric ?? '', where })),
    metrics: [...new Set(measures.map((each) => each.metric))].map((name) => ({ name, kind: metric(name).kind, unit: metric(name).kind === 'distribution' ? 'ms' as const : 'ratio' as const, description: `What ${name} is, in a sentence.`, outcomes: ['final'] })),
    reporters: [],
  });
  measures.forEach(({ metric: name, kind, value, whole, labels, scenario = 'speech', invalid }, index) => {
    run.at += 10;
    run.add({ event: 'measured', scenario, row: 1 + (index % 40), trace_id: 'a'.repeat(32), step: 'asr', attempt: 1, metric: name, kind, unit: kind === 'distribution' ? 'ms' : 'ratio', value, whole: whole ?? null, invalid: invalid ?? null, labels } satisfies RunEventDraft);
  });
  for (const [id, fields] of slos) run.add({ event: 'slo_judged', slo: slo({ ...fields, id }) });
  run.add({ event: 'run_end', outcome: 'healthy', exit_code: 0, duration_ms: 900, reason: 'all SLOs passed' });
  return finish(run);
}

/** Word errors over six ratios of speech to noise in two noises and clean, and cut-offs over five timeouts and eight pauses, in numbers that could be real. */
export function curvesRun(): Sample {
  const random = createRandom(5);
  const measures: Measure[] = [];
  for (const noise of ['none', 'cafe', 'rain']) {
    for (const snr of noise === 'none' ? [null] : [-5, 0, 5, 10, 15, 20]) {
      const rate = snr === null ? 0.02 : Math.min(1, (noise === 'cafe' ? 0.02 : 0.012) + 1 / (1 + Math.exp((snr - (noise === 'cafe' ? 3 : 0)) / 2.4)));
      for (let row = 0; row < 40; row += 1) {
        const whole = 2 + (row % 6);
        const errors = Array.from({ length: whole }).filter(() => random() < rate).length;
        measures.push({ metric: 'voice.wer', kind: 'ratio', value: errors, whole, labels: { noise, ...(snr === null ? {} : { snr: String(snr) }), ...(row === 3 && snr === -5 ? { final: 'missing' } : {}), speech: 'synthetic' } });
      }
    }
  }
  for (const eos of [300, 500, 700, 900, 1200]) {
    for (const pause of [200, 400, 600, 800, 1000, 1200, 1400, 1600]) {
      for (let row = 0; row < 40; row += 1) {
        const cut = pause - 60 * random() > eos + 40;
        measures.push({ metric: 'voice.pauseCut', kind: 'rate', value: Number(cut), labels: { eos, pause } });
        measures.push({ metric: 'voice.final', kind: 'distribution', value: cut ? null : eos + 20 + 40 * random(), labels: { eos, pause } });
        measures.push({ metric: 'voice.missingFinal', kind: 'rate', value: 0, labels: { eos, pause } });
      }
    }
  }
  measures.push({ metric: 'voice.final', kind: 'distribution', value: null, labels: {} });
  return studyOf(measures, [
    ['wer_cafe', { id: '', metric: 'voice.wer', aggregate: 'ratio', unit: 'ratio', comparison: '<=', limit: 0.11, target: '≤ 11 %', objective: 'ratio(voice.wer) <= 11%', value: 0.09 }, { noise: ['cafe'], snr: ['15'] }],
    ['wer_clean', { id: '', metric: 'voice.wer', aggregate: 'ratio', unit: 'ratio', comparison: '<=', limit: 0.07, target: '≤ 7 %', objective: 'ratio(voice.wer) <= 7%', value: 0.02 }, { noise: ['none'] }],
    ['cut', { id: '', metric: 'voice.pauseCut', aggregate: 'rate', unit: 'ratio', comparison: '<=', limit: 0.02, target: '≤ 2 %', objective: 'rate(voice.pauseCut) <= 2%', value: 0 }, { eos: ['700'], pause: ['200', '400'] }],
    ['final', { id: '', metric: 'voice.final', aggregate: 'p95', unit: 'ms', comparison: '<', limit: 800, target: 'p95 < 800 ms', objective: 'p95(voice.final) < 800ms', value: 750 }, { eos: ['700'] }],
  ]);
}

/** Labels and values that try to break a drawing: markup, long names, hundreds of conditions, tiny and huge numbers. */
export function hostileCurves(): Sample {
  const measures: Measure[] = [];
  for (let x = 0; x < 39; x += 1) {
    for (const other of [HOSTILE, LONG, 'مرحبا', ...Array.from({ length: 9 }, (_, index) => `condition ${index}`)]) measures.push({ metric: 'voice.wer', kind: 'ratio', value: x % 4, whole: 3, labels: { [HOSTILE]: x * 1e9, other } });
    measures.push({ metric: 'a.time', kind: 'distribution', value: x % 2 === 0 ? -1e12 : 1e-9, labels: { size: -x / 7 } });
    measures.push({ metric: 'a.time', kind: 'distribution', value: null, labels: { size: -x / 7 } });
  }
  for (let id = 0; id < 900; id += 1) measures.push({ metric: 'many.ids', kind: 'rate', value: id % 2, labels: { id } });
  return studyOf(measures);
}
