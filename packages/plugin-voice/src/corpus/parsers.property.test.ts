import { sep, join, normalize } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommonVoice } from './common-voice.js';
import { parseFleurs } from './fleurs.js';
import { whyNotPath } from './inside.js';
import { parseKaldi } from './kaldi.js';
import { parseMassive } from './massive.js';

/** Words as they are written: letters, quotes, brackets, in any form of composition. */
const word = fc.stringMatching(/^[a-zåäöé"'(){}<>=&%$#0-9.,:;!?-]{1,12}$/u);
const sentence = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' '));
const name = fc.stringMatching(/^[a-zA-Z0-9åäö_-]{1,12}$/u).map((stem) => `${stem}.wav`);
const clips = fc.uniqueArray(fc.tuple(name, sentence), { minLength: 1, maxLength: 8, selector: ([file]) => file });
/** Anything that somebody may write where a path belongs. */
const anyPath = fc.oneof(fc.string(), fc.array(fc.constantFrom('..', '.', '/', '\\', 'a', 'clips', '~', 'C:', '\u0000', ' '), { maxLength: 8 }).map((parts) => parts.join('')), fc.array(fc.constantFrom('..', '.', 'a', ''), { maxLength: 6 }).map((parts) => parts.join('/')));

describe('what is written is what is read', () => {
  it('Common Voice', () => {
    fc.assert(fc.property(clips, fc.shuffledSubarray(['client_id', 'up_votes', 'accents', 'locale', 'x']), fc.constantFrom('\n', '\r\n'), (rows, columns, end) => {
      const names = [...columns, 'path', 'sentence'];
      const text = [names, ...rows.map(([file, said]) => names.map((column) => (column === 'path' ? file : column === 'sentence' ? said : '1')))].map((cells) => cells.join('\t')).join(end);
      const { items, faults } = parseCommonVoice({ clips: { name: 't.tsv', text } });
      expect([items.map(({ id, sentence: said }) => [id, said]), faults]).toEqual([rows.map(([file, said]) => [file, said]), []]);
    }));
  });

  it('FLEURS', () => {
    fc.assert(fc.property(clips, (rows) => {
      const text = rows.map(([file, said], index) => [String(index % 2), file, said, said, said, '16000', 'F'].join('\t')).join('\n');
      const { items, faults } = parseFleurs({ name: 'test.tsv', text }, 'test');
      expect([items.map(({ id, sentence: said }) => [id, said]), faults]).toEqual([rows.map(([file, said]) => [file, said]), []]);
    }));
  });

  it('Kaldi', () => {
    fc.assert(fc.property(clips, (rows) => {
      const { items, faults } = parseKaldi({ recordings: { name: 'wav.scp', text: rows.map(([file]) => `u-${file} ${file}\n`).join('') }, texts: { name: 'text', text: rows.map(([file, said]) => `u-${file} ${said}\n`).join('') } });
      expect([items.map(({ path, sentence: said }) => [path, said]), faults]).toEqual([rows.map(([file, said]) => [file, said]), []]);
    }));
  });

  it('MASSIVE, with its slots', () => {
    const plain = fc.stringMatching(/^[a-zåäö0-9']{1,8}$/u);
    const part = fc.oneof(plain.map((text) => ({ text, slot: '' })), fc.record({ text: plain, slot: fc.stringMatching(/^[a-z_]{1,8}$/u) }));
    fc.assert(fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
      const text = JSON.stringify({ id: '1', locale: 'sv-SE', utt: parts.map((each) => each.text).join(' '), annot_utt: parts.map((each) => (each.slot === '' ? each.text : `[${each.slot} : ${each.text}]`)).join(' ') });
      const { items, faults } = parseMassive({ name: 'sv-SE.jsonl', text }, { locale: 'sv-SE' });
      const pairs = items[0]?.slots.flatMap((slot) => slot.accepted.map((value) => `${slot.name}=${value}`)) ?? [];
      expect([[...pairs].sort(), faults]).toEqual([parts.filter(({ slot }) => slot !== '').map(({ slot, text: value }) => `${slot}=${value}`).sort(), []]);
    }));
  });
});

describe('whatever a list says', () => {
  it('a path that is let through stays below the folder', () => {
    fc.assert(fc.property(anyPath, (path) => {
      if (whyNotPath(path) === undefined) expect(normalize(join('/corpus', path)).startsWith(`${sep}corpus`)).toBe(true);
    }), { numRuns: 2_000 });
  });

  it('no reader throws, and each of its clips has a path below the folder, a transcript and a place', () => {
    const garbage = fc.array(fc.oneof(fc.constantFrom('path', 'sentence', 'client_id', '\t', '\n', '\r\n', '../x.wav', '/etc/passwd', 'a.wav', '\ufeff', '\ufffd', ' ', 'u1', '|', '{"id":"1","utt":"[a : b]"}', '{'), fc.string()), { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(fc.property(garbage, garbage, (text, other) => {
      const speech = [
        parseCommonVoice({ clips: { name: 'f', text }, durations: { name: 'd', text: other }, reported: { name: 'r', text: other } }), parseCommonVoice({ clips: { name: 'f', text: `path\tsentence\n${text}` } }),
        parseFleurs({ name: 'f', text }, 'test'), parseKaldi({ recordings: { name: 'f', text }, texts: { name: 'f', text: other }, segments: { name: 'f', text: other } }), parseKaldi({ recordings: { name: 'f', text }, texts: { name: 'f', text } }),
      ];
      for (const { items, faults } of speech) {
        for (const { path, sentence: said, place } of items) expect([whyNotPath(path), said.trim() === '', place.line >= 1]).toEqual([undefined, false, true]);
        for (const { place } of faults) expect(place.line).toBeGreaterThanOrEqual(1);
      }
      for (const { utt } of parseMassive({ name: 'f', text }, { locale: 'sv-SE' }).items) expect(utt.trim()).not.toBe('');
    }), { numRuns: 500 });
  });
});
