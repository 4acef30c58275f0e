import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from './assign.js';
import { diarisationErrors, type Spoken } from './der.js';

const spoken = (...segments: readonly (readonly [string, number, number])[]): readonly Spoken[] => segments.map(([speaker, startMs, endMs]) => ({ speaker, startMs, endMs }));

describe('assign', () => {
  it('finds the greatest sum that any assignment has', () => {
    const best = (gains: readonly (readonly number[])[], taken: readonly number[] = []): number => {
      const row = gains[taken.length];
      if (row === undefined) return 0;
      const skip = gains.length > row.length ? best(gains, [...taken, -1]) : -Infinity;
      return Math.max(skip, ...row.map((gain, column) => (taken.includes(column) ? -Infinity : gain + best(gains, [...taken, column]))));
    };
    const matrix = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) => fc.array(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }));
    fc.assert(fc.property(matrix, (gains) => {
      const columns = assign(gains);
      const used = columns.filter((column) => column >= 0);
      expect(new Set(used).size).toBe(used.length);
      expect(columns.reduce((sum, column, row) => sum + (gains[row]?.[column] ?? 0), 0)).toBe(best(gains));
    }), { numRuns: 400 });
  });
});

describe('diarisationErrors', () => {
  it('tells what was missed, made up and given to the wrong speaker', () => {
    expect(diarisationErrors(spoken(['a', 0, 1_000], ['b', 1_000, 2_000]), spoken(['x', 0, 1_200], ['y', 1_200, 1_900], ['y', 2_100, 2_200]))).toEqual({ total: 2_000, missed: 100, falseAlarm: 100, confusion: 200, der: 0.2 });
  });

  it('does not score a collar around each border', () => {
    const [truth, heard] = [spoken(['a', 0, 1_000], ['b', 1_000, 2_000]), spoken(['x', 0, 1_200], ['y', 1_200, 2_000])];
    expect(diarisationErrors(truth, heard, 0).der).toBe(0.1);
    expect(diarisationErrors(truth, heard, 250)).toMatchObject({ der: 0, total: 1_000 });
  });

  it('is nought for the same under other names, and for silence', () => {
    expect(diarisationErrors(spoken(['a', 0, 5], ['b', 3, 9]), spoken(['2', 3, 9], ['1', 0, 5])).der).toBe(0);
    expect(diarisationErrors([], []).der).toBe(0);
    expect(diarisationErrors([], spoken(['x', 0, 5]))).toMatchObject({ der: Infinity, falseAlarm: 5 });
  });

  it('refuses a segment that ends before it begins', () => {
    expect(() => diarisationErrors(spoken(['a', 5, 4]), [])).toThrow('cannot last from 5 to 4 ms');
  });
});

const MD_EVAL = '/usr/lib/sctk/bin/md-eval.pl';
const missing = existsSync(MD_EVAL) ? '' : ' (skipped: Debian package sctk is not installed)';

describe('against NIST md-eval', () => {
  it.skipIf(missing !== '').each([0, 0.25])(`has the same times with a collar of %d s${missing}`, (collar) => {
    // Whole hundredths of a second, as RTTM has them; speakers do not overlap themselves.
    const turns = (names: readonly string[]) => fc.array(fc.tuple(fc.constantFrom(...names), fc.integer({ min: 0, max: 150 }), fc.integer({ min: 30, max: 400 })), { minLength: 1, maxLength: 9 }).map((list) => {
      const ends = new Map<string, number>();
      let now = 0;
      return list.map(([speaker, gap, length]) => {
        // May begin before the one before has ended.
        const start = Math.max(now - 100 + gap, ends.get(speaker) ?? 0, 0);
        now = start + length;
        ends.set(speaker, now + 1);
        return { speaker, startMs: start * 10, endMs: now * 10 };
      });
    });
    const sampled = fc.sample(fc.tuple(turns(['a', 'b', 'c']), turns(['x', 'y', 'z'])), { numRuns: 300, seed: 5 });
    // md-eval divides by what is scored, so there has to be something.
    const cases = sampled.map(([reference, hypothesis]) => ({ reference, hypothesis, ours: diarisationErrors(reference, hypothesis, collar * 1_000) })).filter(({ ours }) => ours.total > 0);
    expect(cases.length).toBeGreaterThanOrEqual(100);
    const folder = mkdtempSync(join(tmpdir(), 'realops-der-'));
    const rttm = (list: readonly Spoken[], file: number): string => list.map(({ speaker, startMs, endMs }) => `SPEAKER f${file} 1 ${(startMs / 1_000).toFixed(2)} ${((endMs - startMs) / 1_000).toFixed(2)} <NA> <NA> ${speaker} <NA> <NA>\n`).join('');
    try {
      writeFileSync(join(folder, 'ref.rttm'), cases.map(({ reference }, file) => rttm(reference, file)).join(''));
      writeFileSync(join(folder, 'hyp.rttm'), cases.map(({ hypothesis }, file) => rttm(hypothesis, file)).join(''));
      // Otherwise md-eval leaves out what is heard after the last word of the reference.
      writeFileSync(join(folder, 'all.uem'), cases.map(({ reference, hypothesis }, file) => `f${file} 1 0.00 ${Math.max(...[...reference, ...hypothesis].map(({ endMs }) => endMs)) / 1_000}\n`).join(''));
      const out = execFileSync(MD_EVAL, ['-af', '-u', join(folder, 'all.uem'), '-r', join(folder, 'ref.rttm'), '-s', join(folder, 'hyp.rttm'), '-c', String(collar)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 });
      const parts = new Map(out.split('*** Performance analysis').map((part) => [/^ for Speaker Diarization for f=(f\d+) /u.exec(part)?.[1], part]));
      for (const [file, { reference, hypothesis, ours: { total, missed, falseAlarm, confusion } }] of cases.entries()) {
        const theirs = ['SCORED SPEAKER', 'MISSED SPEAKER', 'FALARM SPEAKER', 'SPEAKER ERROR'].map((name) => Number(new RegExp(`${name} TIME =\\s+([\\d.]+) secs`, 'u').exec(parts.get(`f${file}`) ?? '')?.[1]));
        expect([total, missed, falseAlarm, confusion].map((ms) => ms / 1_000), JSON.stringify([reference, hypothesis])).toEqual(theirs.map((seconds) => expect.closeTo(seconds, 1.9)));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
