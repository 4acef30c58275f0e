import { describe, expect, it } from 'vitest';
import { SAMPLE_CHANGE } from '../events/sample-remedy.js';
import { beforeAfter, causeText, changeText, evidenceTexts, undoCommand, undoWords } from './remedies.js';
import { unitOf, type Units } from './units.js';

const units: Units = { metric: (name) => (name === 'voice.final' ? 'ms' : undefined), slo: (id) => (id === 'wer' ? 'ratio' : undefined) };
const evidence = (expression: string, value: number | boolean | string): string | undefined => evidenceTexts({ evidence: { [expression]: value } }, units)[0];

describe('evidence in words', () => {
  it('gives metrics and SLOs their unit', () => {
    expect(evidence('metrics.voice.truncated.rate', 0.21)).toBe('voice.truncated 21 %');
    expect(evidence('metrics.voice.final.p95', 1_912)).toBe('voice.final p95 1.91 s');
    expect(evidence('metrics.voice.final.in.`asr-cafe`.p99.9', 12)).toBe('voice.final p99.9 in asr-cafe 12 ms');
    expect(evidence('metrics.voice.final.in.asr.samples', 40)).toBe('voice.final samples in asr 40');
    expect(evidence('metrics.other.mean', 3.5)).toBe('other mean 3.5');
    expect(evidence('slos.wer.value', 0.172)).toBe('wer 17.2 %');
    expect(evidence('slos.wer.limit', 0.11)).toBe('wer limit 11 %');
  });
  it('shows everything else as it was asked, with its value', () => {
    expect(evidence('$count(events) > 3', true)).toBe('$count(events) > 3 = true');
    expect(evidence('slos.wer.verdict', 'fail')).toBe('slos.wer.verdict = "fail"');
    expect(evidence('metrics.voice.final.p95', 'much\u001b[31m')).toBe('metrics.voice.final.p95 = "much\\u001b[31m"');
  });
});

describe('changes in words', () => {
  it('shows values as people read them', () => {
    expect(changeText(SAMPLE_CHANGE)).toBe('eosTimeout 700 → 850 ms');
    expect(beforeAfter({ before: false, after: true, unit: null })).toBe('false → true');
    expect(beforeAfter({ before: 'small', after: 'large one', unit: null })).toBe('small → "large one"');
    expect(beforeAfter({ before: null, after: -3, unit: 'dB' })).toBe('not set → −3 dB');
    expect(beforeAfter({ before: { mode: 'draft' }, after: { mode: 'send' }, unit: null })).toBe('{"mode":"draft"} → {"mode":"send"}');
  });
  it('has nothing to compare for a change to the same state', () => {
    expect(changeText({ param: 'asr.service', before: null, after: null, unit: null })).toBe('asr.service');
  });
  it('takes back only what is in force', () => {
    const report = { suite_argument: 'my suite.yaml', state_argument: null };
    expect(undoCommand({ id: '12', state: 'kept' }, report)).toBe(`realops undo 12 'my suite.yaml'`);
    expect(undoCommand({ id: '12', state: 'rolled-back' }, report)).toBeNull();
  });
  it('words reasons it knows and leaves others as they are', () => {
    expect(undoWords('unfinished')).toBe('an earlier run ended in the middle of it');
    expect(undoWords('because\n')).toBe('because');
  });
});

it('tells how sure a rule is, but not of the unknown', () => {
  expect(causeText({ diagnosis: 'eos', cause: 'too short', confidence: 0.805 })).toBe('too short (81 %)');
  expect(causeText({ diagnosis: 'unknown', cause: '', confidence: 0 })).toBe('unknown');
});

it('shows numbers of unknown units bare', () => {
  expect(unitOf('ms')).toBe('ms');
  expect(unitOf('parsec')).toBe('count');
});
