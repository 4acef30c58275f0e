import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atOnce } from '../audio/slices.js';
import { concatenatedErrors, mixedErrors } from './speakers.js';
import { wordErrors } from './wer.js';

const mixed = (references: readonly string[], hypothesis: string): number => atOnce(mixedErrors(references, hypothesis)).part;
const errors = (reference: string, hypothesis: string): number => {
  const { substitutions, deletions, insertions } = wordErrors(reference, hypothesis);
  return substitutions + deletions + insertions;
};
/** Every way in which the words of several speakers can be mixed. */
function interleavings(speakers: readonly (readonly string[])[]): readonly (readonly string[])[] {
  if (speakers.every((words) => words.length === 0)) return [[]];
  return speakers.flatMap(([first, ...rest], index) => (first === undefined ? [] : interleavings(speakers.map((words, other) => (other === index ? rest : words))).map((tail) => [first, ...tail])));
}
function permutations<T>(all: readonly T[]): readonly (readonly T[])[] {
  return all.length === 0 ? [[]] : all.flatMap((first, index) => permutations(all.filter((_, other) => other !== index)).map((rest) => [first, ...rest]));
}
const words = (maxLength: number) => fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength });

describe('mixedErrors', () => {
  it('does not care who said which word', () => {
    expect(mixed(['tänd lampan', 'hur blir vädret'], 'tänd hur lampan blir vädret')).toBe(0);
    expect(mixed(['tänd lampan', 'hur blir vädret'], 'hur blir vädret tänd lampan')).toBe(0);
    expect(mixed(['tänd lampan', 'hur blir vädret'], 'lampan tänd hur vädret')).toBe(3);
    expect(atOnce(mixedErrors(['tänd lampan', 'hur blir vädret'], ''))).toEqual({ part: 5, whole: 5 });
    expect(atOnce(mixedErrors(['tänd'], 'släck alla'))).toEqual({ part: 2, whole: 1 });
  });

  it('has as many errors as the best of all mixtures', () => {
    fc.assert(fc.property(fc.array(words(3), { minLength: 1, maxLength: 3 }), words(6), (speakers, heard) => {
      const best = Math.min(...interleavings(speakers).map((mixture) => errors(mixture.join(' '), heard.join(' '))));
      expect(mixed(speakers.map((each) => each.join(' ')), heard.join(' '))).toBe(best);
    }), { numRuns: 300 });
  });

  it('is the plain word error rate for one speaker', () => {
    fc.assert(fc.property(words(12), words(12), (said, heard) => {
      expect(mixed([said.join(' ')], heard.join(' '))).toBe(errors(said.join(' '), heard.join(' ')));
    }), { numRuns: 200 });
  });

  it('refuses what would take too long', () => {
    const long = Array.from({ length: 300 }, (_, index) => `w${index % 7}`).join(' ');
    expect(() => mixed([long, long, long], long)).toThrow('300, 300, 300 words of 3 speakers are too many');
  });
});

describe('concatenatedErrors', () => {
  const texts = (list: readonly (readonly string[])[]) => list.map((each, index) => ({ speaker: String(index), text: each.join(' ') }));

  it('assigns speakers so that errors are fewest, and counts those without a counterpart whole', () => {
    expect(concatenatedErrors([{ speaker: 'anna', text: 'a b c' }, { speaker: 'bo', text: 'd e' }], [{ speaker: '1', text: 'd x' }, { speaker: '2', text: 'a b c' }])).toEqual({ part: 1, whole: 5, of: new Map([['anna', '2'], ['bo', '1']]) });
    expect(concatenatedErrors([{ speaker: 'anna', text: 'a b c' }, { speaker: 'bo', text: 'd e' }], [{ speaker: '1', text: 'a b c' }])).toMatchObject({ part: 2, whole: 5 });
    expect(concatenatedErrors([{ speaker: 'anna', text: 'a b c' }], [{ speaker: '1', text: 'x y' }, { speaker: '2', text: 'a b c' }])).toMatchObject({ part: 2, whole: 3 });
    expect(concatenatedErrors([{ speaker: 'anna', text: 'a' }], [])).toMatchObject({ part: 1, whole: 1 });
  });

  it('has as many errors as the best of all permutations', () => {
    fc.assert(fc.property(fc.array(words(5), { minLength: 1, maxLength: 4 }), fc.array(words(5), { maxLength: 4 }), (said, heard) => {
      const size = Math.max(said.length, heard.length);
      const fill = (list: readonly (readonly string[])[]) => [...list, ...Array.from({ length: size - list.length }, () => [])];
      const best = Math.min(...permutations(fill(heard)).map((order) => fill(said).reduce((sum, each, index) => sum + errors(each.join(' '), (order[index] ?? []).join(' ')), 0)));
      expect(concatenatedErrors(texts(said), texts(heard)).part).toBe(best);
    }), { numRuns: 300 });
  });

  it('never finds fewer errors than a text in which it does not matter who said what', () => {
    fc.assert(fc.property(fc.array(words(4), { minLength: 2, maxLength: 2 }), fc.array(words(4), { minLength: 2, maxLength: 2 }), (said, heard) => {
      const best = Math.min(...interleavings(heard).map((mixture) => mixed(said.map((each) => each.join(' ')), mixture.join(' '))));
      expect(concatenatedErrors(texts(said), texts(heard)).part).toBeGreaterThanOrEqual(best);
    }), { numRuns: 100 });
  });
});

const ASCLITE = '/usr/lib/sctk/bin/asclite';
const missing = existsSync(ASCLITE) ? '' : ' (skipped: Debian package sctk is not installed)';

describe('against NIST asclite', () => {
  it.skipIf(missing !== '')(`has as many errors, or fewer where its weights prefer other edits${missing}`, () => {
    const sampled = fc.sample(fc.tuple(fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 3 }), fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { minLength: 1, maxLength: 14 })), { numRuns: 400, seed: 11 });
    const folder = mkdtempSync(join(tmpdir(), 'realops-asclite-'));
    try {
      // Everybody speaks all the time, and each word was heard at a moment of its own.
      writeFileSync(join(folder, 'ref.stm'), `;; CATEGORY "0" "" ""\n${sampled.flatMap(([speakers], file) => speakers.map((said, speaker) => `f${file} 1 s${speaker} 0.00 20.00 ${said.join(' ')}\n`)).join('')}`);
      writeFileSync(join(folder, 'hyp.ctm'), sampled.flatMap(([, heard], file) => heard.map((word, index) => `f${file} 1 ${(index + 1).toFixed(2)} 0.50 ${word}\n`)).join(''));
      execFileSync(ASCLITE, ['-r', join(folder, 'ref.stm'), 'stm', '-h', join(folder, 'hyp.ctm'), 'ctm', 'system', '-o', 'sgml', '-f', '0', '-O', folder], { stdio: 'ignore' });
      const theirs = new Map<string, number>();
      let words = 0;
      for (const [, file = '', body = ''] of readFileSync(join(folder, 'hyp.ctm.sgml'), 'utf8').matchAll(/<PATH [^>]*file="(f\d+)"[^>]*>\n([^<]*)<\/PATH>/gu)) {
        const edits = body.trim().split(':').map((edit) => edit.charAt(0));
        words += edits.filter((edit) => 'CSI'.includes(edit) && edit !== '').length;
        theirs.set(file, (theirs.get(file) ?? 0) + edits.filter((edit) => 'SDI'.includes(edit) && edit !== '').length);
      }
      // All that was heard was read back.
      expect(words).toBe(sampled.reduce((sum, [, heard]) => sum + heard.length, 0));
      const differences = sampled.map(([speakers, heard], file) => (theirs.get(`f${file}`) ?? NaN) - mixed(speakers.map((said) => said.join(' ')), heard.join(' ')));
      expect(differences.filter((difference) => !(difference >= 0))).toEqual([]);
      expect(differences.filter((difference) => difference === 0).length).toBeGreaterThan(0.99 * sampled.length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
