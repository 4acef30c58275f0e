import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignWords, characterErrors, wordErrors } from './wer.js';

describe('wordErrors', () => {
  it.each([
    ['This is a test', 'This is a test', { wer: 0, mer: 0, wil: 0 }],
    ['This is a test', '', { wer: 1, mer: 1, wil: 1 }],
    ['This is a test', 'This test', { wer: 0.5, mer: 0.5, wil: 0.5 }],
    ['X', 'X X Y Y', { wer: 3, mer: 0.75, wil: 0.75 }],
    ['X Y X', 'X Z', { wer: 2 / 3, mer: 2 / 3, wil: 5 / 6 }],
    ['X', 'Y Z', { wer: 2, mer: 1, wil: 1 }],
    ['i am a short ground truth', 'i am a considerably longer and very much incorrect hypothesis', { wer: 7 / 6, mer: 0.7, wil: 0.85 }],
    ['hej\talice', 'hej alice', { wer: 2 }],
    ['hej\u00a0alice', 'hej alice', { wer: 2 }],
    ['hej \t alice', ' hej alice\n', { wer: 0 }],
    ['hej\r\nalice', '\u001chej  alice\u0085', { wer: 0 }],
    ['\uFEFFhej', 'hej', { wer: 1 }],
    ['åka på ön', 'Åka på ön', { wer: 1 / 3 }],
    ['sjukhusbyggnaden', 'sjukhus byggnaden', { wer: 2 }],
    ['sjukhus byggnaden', 'sjukhusbyggnaden', { wer: 1 }],
    ['', '', { wer: 0, mer: 0, wip: 1, wil: 0 }],
    ['', 'ett två tre', { wer: 3, mer: 1, wip: 0, wil: 1, insertions: 3 }],
    ['hej', '', { wer: 1, mer: 1, wip: 0, wil: 1, deletions: 1 }],
    ['this test will  have a high word error rate', 'no it will not', { substitutions: 3, deletions: 5, insertions: 0, hits: 1 }],
    ['this is a test of skill', 'this was a messy test', { substitutions: 1, deletions: 2, insertions: 1, hits: 3 }],
  ])('%j against %j', (reference, hypothesis, expected) => {
    const errors: object = wordErrors(reference, hypothesis);
    for (const [name, value] of Object.entries(expected)) expect(Reflect.get(errors, name), name).toBeCloseTo(value, 12);
  });

  it('pools the counts over sentences', () => {
    expect(wordErrors(['hello world', ''], ['hello world', 'done'])).toMatchObject({ wer: 1 / 2, mer: 1 / 3, insertions: 1, hits: 2 });
    expect(wordErrors([], [])).toMatchObject({ wer: 0, hits: 0 });
    expect(wordErrors(['hej'], 'hej').wer).toBe(0);
  });

  it('refuses lists of different lengths', () => {
    expect(() => wordErrors(['hej', 'du'], ['hej'])).toThrow('2 reference sentences cannot be compared with 1 hypotheses');
  });
});

describe('characterErrors', () => {
  it('counts code points, spaces included, ends stripped', () => {
    expect(characterErrors('sjukhus byggnaden', 'sjukhusbyggnaden').cer).toBeCloseTo(1 / 17, 12);
    expect(characterErrors('abc', '').cer).toBe(1);
    expect(characterErrors('', 'abd').cer).toBe(3);
    expect(characterErrors(' å😀 ', 'å😀')).toMatchObject({ cer: 0, hits: 2 });
    expect(characterErrors('this test will  have a high word error rate', 'no it will not')).toMatchObject({ substitutions: 4, deletions: 29, insertions: 0, hits: 10 });
    expect(characterErrors(['one', 'two'], ['1', '2'])).toMatchObject({ substitutions: 2, deletions: 4 });
  });
});

describe('alignWords', () => {
  it('says what happened to each word', () => {
    expect(alignWords('this is a test of skill', 'this was a messy test').map(({ op, reference, hypothesis }) => `${op} ${reference ?? '*'} ${hypothesis ?? '*'}`)).toEqual([
      'equal this this', 'substitute is was', 'equal a a', 'insert * messy', 'equal test test', 'delete of *', 'delete skill *',
    ]);
    expect(alignWords('', '')).toEqual([]);
  });
});

/** The whole table, and the trace through it with the stated preferences; the slow and plain way. */
function naive(a: readonly string[], b: readonly string[]): { hits: number; substitutions: number; deletions: number; insertions: number } {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const one = a.slice(start, a.length - end);
  const other = b.slice(start, b.length - end);
  const distance: number[][] = Array.from({ length: one.length + 1 }, (_, i) => Array.from({ length: other.length + 1 }, (_, j) => (i === 0 ? j : j === 0 ? i : 0)));
  const at = (i: number, j: number): number => distance[i]?.[j] ?? Infinity;
  for (let i = 1; i <= one.length; i += 1) {
    for (let j = 1; j <= other.length; j += 1) {
      const row = distance[i];
      if (row !== undefined) row[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + Number(one[i - 1] !== other[j - 1]));
    }
  }
  const counts = { hits: start + end, substitutions: 0, deletions: 0, insertions: 0 };
  let [i, j] = [one.length, other.length];
  while (i > 0 || j > 0) {
    if (j === 0 || (i > 0 && at(i, j) === at(i - 1, j) + 1)) [i, counts.deletions] = [i - 1, counts.deletions + 1];
    else if (i === 0 || (j > 1 && at(i, j - 1) === at(i - 1, j - 1) - 1)) [j, counts.insertions] = [j - 1, counts.insertions + 1];
    else {
      if (one[i - 1] === other[j - 1]) counts.hits += 1;
      else counts.substitutions += 1;
      [i, j] = [i - 1, j - 1];
    }
  }
  return counts;
}

const sentence = (maxLength: number, words: readonly string[]) => fc.array(fc.constantFrom(...words), { maxLength });

describe('against the whole table', () => {
  it.each([[12, ['a', 'b', 'å']], [90, ['ett', 'två', 'tre', 'fyra']], [200, 'abcdefghijklmnopqrstuvwxyzåäö'.split('')]] as const)('up to %i words', (length, words) => {
    fc.assert(fc.property(sentence(length, words), sentence(length, words), (a, b) => {
      const { hits, substitutions, deletions, insertions } = wordErrors(a.join(' '), b.join(' '));
      expect({ hits, substitutions, deletions, insertions }).toEqual(naive(a, b));
      const aligned = alignWords(a.join(' '), b.join(' '));
      expect(aligned.flatMap(({ reference }) => reference ?? [])).toEqual(a);
      expect(aligned.flatMap(({ hypothesis }) => hypothesis ?? [])).toEqual(b);
      expect(aligned.filter(({ op }) => op !== 'equal')).toHaveLength(substitutions + deletions + insertions);
    }), { numRuns: length > 100 ? 60 : 300 });
  });

  it.each([40, 30_000])('gives the same sum when the input is too long for one table (%i distinct words)', (distinct) => {
    let state = 7;
    const words = (count: number): string[] => Array.from({ length: count }, () => `w${((state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 8) % distinct}`);
    const a = words(12_500);
    const b = words(12_000);
    const halves = wordErrors(a.join(' '), b.join(' '));
    const swapped = wordErrors(b.join(' '), a.join(' '));
    expect(halves.substitutions + halves.deletions + halves.insertions).toBe(swapped.substitutions + swapped.deletions + swapped.insertions);
    expect(halves.hits + halves.substitutions + halves.deletions).toBe(a.length);
    expect(halves.hits + halves.substitutions + halves.insertions).toBe(b.length);
  }, 30_000);
});

const SCLITE = '/usr/lib/sctk/bin/sclite';
const missing = existsSync(SCLITE) ? '' : ' (skipped: Debian package sctk is not installed)';

interface Sum {
  readonly substitutions: number;
  readonly deletions: number;
  readonly insertions: number;
}
const sumOf = ({ substitutions, deletions, insertions }: Sum): number => substitutions + deletions + insertions;

describe('against NIST sclite', () => {
  it.skipIf(missing !== '')(`has the same sum of errors on 1200 random pairs, but where its weights want others${missing}`, () => {
    const pairs = fc.sample(fc.tuple(fc.array(fc.constantFrom('hej', 'alice', 'vad', 'ar', 'klockan', 'tio'), { minLength: 1, maxLength: 14 }), fc.array(fc.constantFrom('hej', 'alice', 'vad', 'ar', 'klockan', 'tio'), { maxLength: 14 })), { numRuns: 1_200, seed: 11 });
    const folder = mkdtempSync(join(tmpdir(), 'realops-sclite-'));
    try {
      const write = (name: string, side: 0 | 1): void => writeFileSync(join(folder, name), pairs.map((pair, index) => `${pair[side].join(' ')} (s_${String(index).padStart(4, '0')})\n`).join(''));
      write('ref.trn', 0);
      write('hyp.trn', 1);
      const out = execFileSync(SCLITE, ['-r', join(folder, 'ref.trn'), 'trn', '-h', join(folder, 'hyp.trn'), 'trn', '-i', 'rm', '-o', 'pralign', 'stdout'], { encoding: 'utf8' });
      const scores = new Map([...out.matchAll(/id: \(s_(\d+)\)\s+Scores: \(#C #S #D #I\) (\d+) (\d+) (\d+) (\d+)/gu)].map(([, id, , s, d, i]) => [Number(id), { substitutions: Number(s), deletions: Number(d), insertions: Number(i) }]));
      expect(scores.size).toBe(pairs.length);
      let equal = 0;
      pairs.forEach(([reference, hypothesis], index) => {
        const [ours, theirs] = [wordErrors(reference.join(' '), hypothesis.join(' ')), scores.get(index) ?? { substitutions: 0, deletions: 0, insertions: 0 }];
        if (sumOf(ours) === sumOf(theirs)) return void (equal += 1);
        // sclite looks for the least of 4 · substitutions + 3 · the others, for which it takes more errors now and then; ours are the fewest there are.
        const weighted = ({ substitutions, deletions, insertions }: Sum): number => 4 * substitutions + 3 * (deletions + insertions);
        expect(sumOf(theirs), `${reference.join(' ')} | ${hypothesis.join(' ')}`).toBeGreaterThan(sumOf(ours));
        expect(weighted(theirs)).toBeLessThanOrEqual(weighted(ours));
      });
      expect(equal / pairs.length).toBeGreaterThan(0.95);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
