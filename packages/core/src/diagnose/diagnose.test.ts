import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileExpression, type Expression } from '../expression/index.js';
import { judgeSlo } from '../judge/judge.js';
import { parseObjective } from '../judge/objective.js';
import type { Metric, Sample } from '../metrics/metric.js';
import { createMetricStore } from '../metrics/store.js';
import type { DiagnosisRule } from '../model/remedy.js';
import type { SloDefinition } from '../model/slo.js';
import { decide, valuesRead } from './decide.js';
import { diagnose, examine, leadingDiagnosis, rank } from './diagnose.js';
import { NO_HISTORY } from './history.js';
import { makeRemedyScope, withDiagnosis, type RemedyScope, type RemedyScopeParts } from './scope.js';

const source = { file: 'suite.yaml', line: 1, column: 1 };
const metrics = new Map<string, Metric>(
  [
    { name: 'voice.final', kind: 'distribution', unit: 'ms', description: '' } as const,
    { name: 'voice.truncated', kind: 'rate', unit: 'ratio', description: '' } as const,
    { name: 'voice.wer', kind: 'ratio', unit: 'ratio', description: '' } as const,
    { name: 'guardian.rss', kind: 'gauge', unit: 'bytes', description: '' } as const,
    { name: 'crashes', kind: 'counter', unit: 'count', description: '' } as const,
  ].map((metric) => [metric.name, metric]),
);

function expression(text: string): Expression {
  const { expression: compiled, problems } = compileExpression(text);
  if (compiled === undefined) throw new Error(JSON.stringify(problems));
  return compiled;
}

function slo(id: string, objective: string): SloDefinition {
  const parsed = parseObjective(objective, metrics).objective;
  if (parsed === undefined) throw new Error(objective);
  return { id, title: id, objective: parsed, where: {}, severity: 'major', minSamples: 1, evidence: 'point', source };
}

function rule(id: string, when: string, extra: { readonly confidence?: number | string; readonly explains?: readonly string[]; readonly evidence?: readonly string[] } = {}): DiagnosisRule {
  const { confidence = 0.5, explains, evidence = [] } = extra;
  return { id, when: expression(when), cause: `cause of ${id}`, evidence: evidence.map(expression), confidence: typeof confidence === 'number' ? confidence : expression(confidence), explains, source };
}

const final = slo('final', 'p95(voice.final) < 800ms');
const wer = slo('wer', 'ratio(voice.wer) <= 11%');
const cut = slo('cut', 'rate(voice.truncated) <= 5%');

function scopeOf(rules: readonly DiagnosisRule[], samples: readonly Sample[], extra: Partial<RemedyScopeParts> = {}): RemedyScope {
  const store = createMetricStore();
  for (const sample of samples) store.record(sample);
  const slos = extra.slos ?? [final, wer, cut];
  const reads = rules.flatMap(({ when, evidence, confidence }) => [when, ...evidence, ...(typeof confidence === 'number' ? [] : [confidence])]).flatMap(({ reads: names }) => names);
  const judged = slos.map((each) => judgeSlo(each, store.select(each.objective.metric, {}), {})).filter(({ samples: count, missing }) => count + missing > 0);
  return makeRemedyScope({ reads, slos, judged, metrics, store, events: [], history: NO_HISTORY, remedies: ['longer'], preflight: {}, ...extra });
}

const late = (count: number, value: number | null = 900, scenario = 'cafe'): readonly Sample[] => Array.from({ length: count }, () => ({ metric: 'voice.final', value, labels: { scenario } }));
const truncated = (yes: number, no: number): readonly Sample[] => Array.from({ length: yes + no }, (_, index) => ({ metric: 'voice.truncated', value: index < yes ? 1 : 0, labels: { scenario: 'cafe' } }));
const words = (part: number, whole: number): Sample => ({ metric: 'voice.wer', value: part, whole, labels: { scenario: 'cafe' } });

describe('what rules read', () => {
  const read = async (text: string, samples: readonly Sample[], extra: Partial<RemedyScopeParts> = {}): Promise<unknown> => {
    const compiled = expression(text);
    return compiled.evaluate(scopeOf([], samples, { reads: compiled.reads, ...extra }).values);
  };

  it('statistics by the kind of the metric, over the run and by scenario', async () => {
    const samples = [...late(19, 100), ...late(1, 900, 'quiet'), ...truncated(1, 3), words(2, 10), words(1, 20), { metric: 'guardian.rss', value: 7, labels: {} }, { metric: 'guardian.rss', value: 5, labels: {} }, { metric: 'crashes', value: 2, labels: {} }];
    expect(await read('metrics.voice.final', samples)).toMatchObject({ samples: 20, missing: 0, invalid: 0, mean: 140, min: 100, max: 900, median: 100, p95: 100, p99: 900, in: { cafe: { samples: 19, max: 100 }, quiet: { samples: 1, p50: 900, stddev: null } } });
    expect(await read('metrics.voice.truncated.rate', samples)).toBe(0.25);
    expect(await read('metrics.voice.wer.ratio', samples)).toBeCloseTo(0.1);
    expect(await read('metrics.guardian.rss.last', samples)).toBe(5);
    expect(await read('metrics.guardian.rss.max', samples)).toBe(7);
    expect(await read('metrics.crashes.sum', samples)).toBe(2);
    expect(await read('metrics.voice.final.in.nowhere.samples', samples)).toBe(0);
    expect(await read('metrics.voice.truncated.p95', samples)).toBeUndefined();
    expect(Object.keys((await read('metrics.voice', samples)) as object)).toEqual(['final', 'truncated', 'wer']);
  });

  it('only the metrics that something reads are computed', () => {
    let selected = 0;
    const store = { select: () => ((selected += 1), []) };
    makeRemedyScope({ reads: ['metrics.voice.final.p95', 'metrics.voice.final.p99', 'slos.wer.value'], slos: [], judged: [], metrics, store, events: [], history: NO_HISTORY, remedies: [], preflight: {} });
    expect(selected).toBe(1);
  });

  it('SLOs that were not judged, history that there is none of', async () => {
    expect(await read('slos.wer', [])).toEqual({ verdict: 'no-data', value: null, limit: 0.11, samples: 0, missing: 0, invalid: 0, proven: false, severity: 'major', unit: 'ratio' });
    expect(await read('history', [])).toMatchObject({ loops: 0, slos: { wer: { verdicts: [], failing: 0 } }, remedies: { longer: { tries24h: 0, minutesSince: null, outcome: null } } });
    expect(await read('diagnosis', [])).toBeNull();
  });

  it('a percentile that falls on attempts without a value has none', async () => {
    expect(await read('metrics.voice.final', [...late(18), ...late(2, null)])).toMatchObject({ samples: 20, missing: 2, p90: 900, p95: null, mean: 900 });
  });
});

describe('conditions', () => {
  const decided = async (text: string, samples: readonly Sample[], extra: Partial<RemedyScopeParts> = {}) => {
    const compiled = expression(text);
    return decide(compiled, scopeOf([], samples, { reads: compiled.reads, ...extra }));
  };
  const undecided = (reason: string) => ({ kind: 'undecided', reason });

  it('are undecided without data, and say what is missing', async () => {
    expect(await decided("slos.wer.verdict = 'fail' and metrics.voice.truncated.rate > 0.1", [words(5, 10)])).toEqual(undecided('voice.truncated has no samples'));
    expect(await decided('slos.wer.value > 0.1', [])).toEqual(undecided('the SLO wer has no data'));
    expect(await decided('metrics.voice.final.in.quiet.p95 > 1', late(3))).toEqual(undecided('voice.final in quiet has no samples'));
    expect(await decided('metrics.voice.final.p95 > 1', late(3, null))).toEqual(undecided('voice.final has no value: all 3 attempts ended before there was one'));
    expect(await decided('metrics.voice.final.p95 > 1', [...late(18), ...late(2, null)])).toEqual(undecided('voice.final has no p95: it falls on attempts without a value (2 of 20)'));
    expect(await decided('metrics.voice.final.max > 1', [{ ...late(1)[0], invalid: 'late' } as Sample])).toEqual(undecided('voice.final has no valid samples (1 invalid)'));
    expect(await decided("preflight.guardian.body.state = 'NORMAL'", [])).toEqual(undecided('the preflight step guardian gave no output'));
    expect(await decided('history.loops', [])).toEqual(undecided('`history.loops` gave 0, not true or false'));
    expect(await decided('history.remedies.longer.minutesSince > 5', [])).toMatchObject({ kind: 'undecided' });
  });

  it('may ask for counts and verdicts of what has no data', async () => {
    expect(await decided('metrics.voice.final.samples = 0', [])).toEqual({ kind: 'holds' });
    expect(await decided("slos.wer.verdict = 'no-data'", [])).toEqual({ kind: 'holds' });
    expect(await decided("slos.wer.verdict = 'fail' or slos.cut.verdict = 'fail'", truncated(5, 5))).toEqual({ kind: 'holds' });
    expect(await decided("$count($keys(slos)) = 3", [])).toEqual({ kind: 'holds' });
  });

  it('show the values that they read', () => {
    const compiled = expression("slos.wer.verdict = 'fail' and metrics.voice.final.p95 > 800 and diagnosis = 'eos'");
    const scope = withDiagnosis(scopeOf([], [...late(20), words(3, 10)], { reads: compiled.reads }), 'eos');
    expect(valuesRead(compiled, scope)).toEqual({ 'slos.wer.verdict': 'fail', 'metrics.voice.final.p95': 900, diagnosis: 'eos' });
  });
});

describe('diagnose', () => {
  const failing = [...late(20), words(3, 10), ...truncated(5, 5)];

  it('ranks by confidence, then by what is explained, then by the order of the file', async () => {
    const rules = [
      rule('first', "slos.wer.verdict = 'fail'"),
      rule('second', "slos.final.verdict = 'fail'"),
      rule('wide', "slos.wer.verdict = 'fail' and slos.cut.verdict = 'fail'"),
      rule('sure', "slos.cut.verdict = 'fail'", { confidence: 'metrics.voice.truncated.rate + 0.4', evidence: ['metrics.voice.truncated.rate', 'metrics.crashes.sum'] }),
      rule('quiet', "slos.cut.verdict = 'pass'", { confidence: 1 }),
    ];
    const found = await diagnose(rules, scopeOf(rules, failing));
    expect(found.map(({ diagnosis, slos }) => [diagnosis, slos])).toEqual([['sure', ['cut']], ['wide', ['wer', 'cut']], ['first', ['wer']], ['second', ['final']]]);
    expect(found[0]).toMatchObject({ cause: 'cause of sure', confidence: 0.9, evidence: { 'metrics.voice.truncated.rate': 0.5, 'metrics.crashes.sum': 'no value: crashes has no samples' } });
  });

  it('what no rule explains is unknown, with the rules that could not be decided', async () => {
    const rules = [rule('cut', "slos.cut.verdict = 'fail'"), rule('load', 'metrics.crashes.sum > 0', { explains: ['final'] }), rule('odd', "slos.wer.verdict = 'fail'", { confidence: "'high'" })];
    expect(await diagnose(rules, scopeOf(rules, failing))).toMatchObject([
      { diagnosis: 'cut', slos: ['cut'] },
      { diagnosis: 'unknown', confidence: 0, slos: ['final', 'wer'], undecided: [{ diagnosis: 'load', reason: 'crashes has no samples' }, { diagnosis: 'odd', reason: 'its confidence has no value: `\'high\'` gave "high", not a number' }] },
    ]);
    expect(await diagnose([], scopeOf([], failing))).toMatchObject([{ diagnosis: 'unknown', slos: ['final', 'wer', 'cut'], undecided: [] }]);
  });

  it('a rule that names no SLO explains all that fail; one that names others explains none', async () => {
    const rules = [rule('any', 'metrics.voice.final.p95 > 800'), rule('other', "slos.cut.verdict != 'pass' or true", { confidence: 1 })];
    expect(await diagnose(rules, scopeOf(rules, [...late(20), words(3, 10), ...truncated(0, 9)]))).toMatchObject([{ diagnosis: 'any', slos: ['final', 'wer'] }]);
  });

  it('nothing fails, nothing is diagnosed; alerts see what holds all the same', async () => {
    const rules = [rule('slow', 'metrics.voice.final.p95 > 100'), rule('slower', 'metrics.voice.final.p95 > 200', { confidence: 0.6 })];
    const scope = scopeOf(rules, late(20, 300));
    expect(await diagnose(rules, scope)).toEqual([]);
    expect(leadingDiagnosis([], await examine(rules, scope))).toBe('slower');
    expect(leadingDiagnosis([], [])).toBeNull();
  });

  it('every failing SLO is in exactly the entries that explain it, or in unknown; the same input ranks the same', async () => {
    const ids = ['a', 'b', 'c', 'd'];
    const anyRule = fc.record({ kind: fc.constantFrom('holds', 'fails', 'undecided'), confidence: fc.constantFrom(0, 0.2, 0.5, 1), explains: fc.option(fc.subarray(ids, { minLength: 1 }), { nil: undefined }) });
    await fc.assert(
      fc.asyncProperty(fc.array(anyRule, { maxLength: 8, size: 'max' }), fc.subarray(ids), async (drafts, bad) => {
        const text = { holds: 'history.loops = 0', fails: 'history.loops > 0', undecided: 'metrics.crashes.sum > 0' } as const;
        const rules = drafts.map(({ kind, confidence, explains }, index) => rule(`r${index}`, text[kind], { confidence, ...(explains === undefined ? {} : { explains }) }));
        const scope: RemedyScope = { ...scopeOf(rules, []), failing: bad, slos: new Set(ids) };
        const found = await diagnose(rules, scope);
        expect(rank(await examine(rules, scope), scope)).toEqual(found);
        for (const id of bad) {
          const explaining = rules.filter((_, index) => drafts[index]?.kind === 'holds' && (drafts[index].explains ?? ids).includes(id)).map((each) => each.id);
          expect(found.filter(({ slos }) => slos.includes(id)).map(({ diagnosis }) => diagnosis).sort()).toEqual(explaining.length === 0 ? ['unknown'] : explaining.sort());
        }
        const known = found.filter(({ diagnosis }) => diagnosis !== 'unknown');
        expect(found.slice(known.length).map(({ diagnosis }) => diagnosis)).toEqual(found.length > known.length ? ['unknown'] : []);
        const order = (id: string): number => rules.findIndex((each) => each.id === id);
        for (const [index, next] of known.slice(1).entries()) {
          const before = known[index];
          if (before === undefined) continue;
          const ranks = [before.confidence - next.confidence, before.slos.length - next.slos.length, order(next.diagnosis) - order(before.diagnosis)];
          expect(ranks.find((difference) => difference !== 0)).toBeGreaterThan(0);
          expect(next.slos.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 150 },
    );
  });
});
