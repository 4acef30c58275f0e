import { describe, expect, it } from 'vitest';
import { sampleRun } from '../events/sample-run.js';
import type { JudgedSlo } from '../model/slo.js';
import { createStyle } from './console-style.js';
import { sloTable, wrapWords } from './console-table.js';
import { durationWords, plural, sloCells } from '../wording/words.js';
import { displayWidth } from '../text/width.js';

function slo(part: Partial<JudgedSlo>): JudgedSlo {
  const event = sampleRun().slo({ id: 'x', ...part }).events.at(-1);
  if (event?.event !== 'slo_judged') throw new Error('the sample has an SLO');
  return event.slo;
}

describe('sloCells', () => {
  it('never rounds a value onto the other side of its limit', () => {
    expect(sloCells(slo({ value: 0.11002, limit: 0.11, unit: 'ratio' })).actual).toBe('11.002 %');
    expect(sloCells(slo({ value: 799.96, limit: 800 })).actual).toBe('799.96 ms');
    expect(sloCells(slo({ value: 800, limit: 800 })).actual).toBe('800 ms');
    expect(sloCells(slo({ value: 655.4, limit: 800 })).actual).toBe('655 ms');
    expect(sloCells(slo({ value: null })).actual).toBe('—');
  });

  it('gives the pooled whole of a ratio with its samples', () => {
    expect(sloCells(slo({ whole: 408, samples: 40 })).n).toBe('408 in 40');
  });

  it('says what makes a verdict understood', () => {
    expect(sloCells(slo({ verdict: 'fail', proven: true, invalid: 2 })).note).toBe('proven, 2 invalid left out');
    expect(sloCells(slo({ note: '20 of the 59 samples it takes to prove it', missing: 1 })).note).toBe('20 of the 59 samples it takes to prove it');
    expect(sloCells(slo({ verdict: 'no-data', value: null, samples: 0, interval: null, note: 'no mail\naccount' }))).toMatchObject({ verdict: 'no data', n: '0', interval: '—', note: 'no mail account' });
  });
});

describe('sloTable', () => {
  const slos = [slo({}), slo({ title: 'Svensk taligenkänning i bullrig kafémiljö på tio decibel', verdict: 'inconclusive', note: 'a very long note that does not fit beside the other cells of this row at all' })];

  it('keeps columns under each other and within the terminal', () => {
    for (const columns of [80, 100, 160]) {
      const lines = sloTable(slos, columns, createStyle(false));
      for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
      const starts = lines.filter((line) => line.startsWith('  ') && line[2] !== ' ').map((line) => displayWidth(line.slice(0, line.search(/(verdict|pass|inconclusive)/))));
      expect(new Set(starts).size).toBe(1);
    }
  });

  it('is nothing without SLOs', () => {
    expect(sloTable([], 80, createStyle(false))).toEqual([]);
  });
});

describe('words', () => {
  it('writes durations and counts', () => {
    expect([0, 999, 1_000, 18_240, 59_949, 59_960, 192_000, 7_500_000].map(durationWords)).toEqual(['0 ms', '999 ms', '1.0 s', '18.2 s', '59.9 s', '1 min 0 s', '3 min 12 s', '2 h 5 min']);
    expect([plural(1, 'row'), plural(0, 'row')]).toEqual(['1 row', '0 rows']);
  });

  it('breaks lines at spaces, never before what a CI system would take for a command', () => {
    expect(wrapWords('one two three four', 9)).toEqual(['one two', 'three', 'four']);
    expect(wrapWords('some words ::error::x', 10)).toEqual(['some words ::error::x']);
  });
});
