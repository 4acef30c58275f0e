import { describe, expect, it } from 'vitest';
import { parseCommonVoice } from './common-voice.js';
import { parseFleurs } from './fleurs.js';
import { pairsOf, parseTranscript } from './folder.js';
import { parseKaldi } from './kaldi.js';
import type { Finding } from './model.js';
import { parseReview, withReview } from './review.js';

const told = (findings: readonly Finding[]): readonly string[] => findings.map(({ place: { file, line }, message }) => `${file}:${line} ${message}`);
const table = (...rows: readonly (readonly string[])[]): string => rows.map((cells) => `${cells.join('\t')}\n`).join('');
const cv = (text: string, more: { readonly durations?: string; readonly reported?: string } = {}): ReturnType<typeof parseCommonVoice> =>
  parseCommonVoice({ clips: { name: 'test.tsv', text }, durations: more.durations === undefined ? undefined : { name: 'clip_durations.tsv', text: more.durations }, reported: more.reported === undefined ? undefined : { name: 'reported.tsv', text: more.reported } });

describe('Common Voice', () => {
  const V11 = table(['client_id', 'path', 'sentence', 'up_votes', 'down_votes', 'age', 'gender', 'accents', 'locale', 'segment'], ['aa11', 'a.mp3', 'Hej "Alice"', '2', '0', 'twenties', 'male', 'Skånska', 'sv-SE', ''], ['aa11', 'b.mp3', 'God natt', '2', '2', '', '', '', 'sv-SE', '']);
  const V21 = table(['client_id', 'path', 'sentence_id', 'sentence', 'sentence_domain', 'up_votes', 'down_votes', 'age', 'gender', 'accents', 'variant', 'locale', 'segment'], ['aa11', 'a.mp3', 's1', 'Hej', 'general', '2', '0', '', '', '', 'Finlandssvenska', 'sv-SE', ''], ['bb22', 'b.mp3', 's2', 'Hej då', '', '2', '1', '', '', '', '', 'sv-SE', '']);

  it('is read by the names of its columns, in old and new versions', () => {
    expect(cv(V11)).toEqual({
      items: [
        { id: 'a.mp3', path: 'clips/a.mp3', sentence: 'Hej "Alice"', alternatives: [], flagged: [], labels: { accent: 'Skånska' }, place: { file: 'test.tsv', line: 2 } },
        { id: 'b.mp3', path: 'clips/b.mp3', sentence: 'God natt', alternatives: [], flagged: ['down-voted'], labels: {}, place: { file: 'test.tsv', line: 3 } },
      ],
      faults: [], notes: [], speakers: 1,
    });
    const { items, speakers } = cv(V21);
    expect([items.map(({ labels }) => labels), items.map(({ flagged }) => flagged), speakers]).toEqual([[{ variant: 'Finlandssvenska', domain: 'general' }, {}], [[], []], 2]);
  });

  it('knows accent of versions before 17, and columns of one\'s own', () => {
    const { items } = cv(table(['path', 'sentence', 'accent', 'onset_ms', 'end_ms', 'mood'], ['a.wav', 'hej', 'gotländska', '120', '900.5', 'glad']));
    expect(items).toMatchObject([{ labels: { accent: 'gotländska' }, onsetMs: 120, endMs: 900.5 }]);
  });

  it('takes lengths from clip_durations.tsv and flags what was reported, by id and by text', () => {
    const { items } = cv(V21, { durations: table(['clip', 'duration[ms]'], ['a.mp3', '1512'], ['z.mp3', '3']), reported: table(['sentence', 'sentence_id', 'locale', 'reason'], ['Hej', 's1', 'sv-SE', 'offensive-language'], ['Hej', 's1', 'sv-SE', 'offensive-language'], ['Hej', 's1', 'sv-SE', '']) });
    expect(items).toMatchObject([{ saidMs: 1512, flagged: ['reported: offensive-language', 'reported: no reason given'] }, { flagged: [] }]);
    expect(cv(V11, { reported: table(['sentence', 'reason'], ['God natt', 'grammar-or-spelling']) }).items[1]?.flagged).toEqual(['down-voted', 'reported: grammar-or-spelling']);
  });

  it('never lets client_id out', () => {
    expect(JSON.stringify([cv(V11), cv(V21)])).not.toMatch(/aa11|bb22|client/u);
  });

  it('names the line of every row that cannot be used', () => {
    const { items, faults } = cv(table(
      ['client_id', 'path', 'sentence'], ['x', 'a.wav', 'hej'], ['x', '../../etc/passwd', 'hej'], ['x', '/etc/passwd', 'hej'], ['x', 'C:\\a.wav', 'hej'], ['x', 'b\\c.wav', 'hej'], ['x', '', 'hej'], ['x', 'd.wav', ' \u200b '], ['x', 'a.wav', 'hej igen'], ['x', 'e.wav'], ['x', 'f.wav', 'h\ufffdj'], ['x', '~/g.wav', 'hej'],
    ));
    expect(items.map(({ id }) => id)).toEqual(['a.wav']);
    expect(told(faults)).toEqual([
      'test.tsv:3 names a file outside of the corpus: "../../etc/passwd"', 'test.tsv:4 names a file by its absolute path: "/etc/passwd"; paths start from the corpus',
      'test.tsv:5 names a file by its absolute path: "C:\\\\a.wav"; paths start from the corpus', 'test.tsv:6 names a file with backslashes: "b\\\\c.wav"', 'test.tsv:7 names no file', 'test.tsv:8 has no transcript for d.wav', 'test.tsv:9 names a.wav again; line 2 has it already',
      'test.tsv:10 has 2 cells, the header 3', 'test.tsv:11 is not UTF-8',
      'test.tsv:12 names a file by its absolute path: "~/g.wav"; paths start from the corpus',
    ]);
  });

  it('says which columns are missing', () => {
    expect(told(cv(table(['client_id', 'text'], ['x', 'hej'])).faults)).toEqual(['test.tsv:1 the header lacks the column path and sentence; it has client_id, text']);
    expect(told(cv(table(['path', 'sentence', 'path'], ['a', 'b', 'c'])).faults)).toContain('test.tsv:1 the header names the column "path" twice');
    expect(told(cv('').faults)).toEqual(['test.tsv:1 the header lacks the column path and sentence; it has none']);
    expect(told(cv(V21, { durations: table(['clip'], ['a.mp3']) }).faults)).toEqual(['clip_durations.tsv:1 the header lacks the column duration[ms]']);
  });

  it('reads a byte order mark, CRLF and NFD, and says so once', () => {
    const { items, faults, notes } = cv('\ufeffpath\tsentence\r\na.wav\tHa\u030alla\r\nb.wav\ta\u030a, a\u0308, o\u0308\r\n');
    expect([items.map(({ sentence }) => sentence), faults]).toEqual([['Hålla', 'å, ä, ö'], []]);
    expect(told(notes)).toEqual(['test.tsv:1 begins with a byte order mark; it was left out', 'test.tsv:1 ends with CRLF; read as LF (3 lines)', 'test.tsv:2 holds letters in decomposed form (NFD); they were composed (NFC) (2 lines)']);
  });
});


describe('FLEURS', () => {
  const row = (id: string, file: string, raw: string, samples = '32000'): readonly string[] => [id, file, raw, raw.toLowerCase(), [...raw].join(' '), samples, 'MALE'];

  it('has no header, quotes that are letters, and ids that come again', () => {
    const { items, faults } = parseFleurs({ name: 'test.tsv', text: table(row('1', '10.wav', '"Hej", sa hon.'), row('1', '11.wav', '"Hej", sa hon.')) }, 'test');
    expect(faults).toEqual([]);
    expect(items).toEqual(['10.wav', '11.wav'].map((id, index) => ({ id, path: `audio/test/${id}`, sentence: '"Hej", sa hon.', alternatives: [], flagged: [], labels: {}, saidMs: 2_000, place: { file: 'test.tsv', line: index + 1 } })));
  });

  it('names the line of every row that cannot be used', () => {
    const { faults } = parseFleurs({ name: 'dev.tsv', text: table(row('1', 'a.wav', 'Hej'), row('2', 'a.wav', 'Hej'), row('3', '../a.wav', 'Hej'), row('4', 'b.wav', ' '), ['5', 'c.wav', 'Hej'], row('6', 'd.wav', 'Hej', 'many')) }, 'dev');
    expect(told(faults)).toEqual([
      'dev.tsv:2 names a.wav again; line 1 has it already', 'dev.tsv:3 names a file outside of the corpus: "../a.wav"', 'dev.tsv:4 has no transcript for b.wav',
      'dev.tsv:5 has 3 cells; a row of FLEURS has 7: id, file_name, raw_transcription, transcription, characters, num_samples, gender', 'dev.tsv:6 has "many" for the number of samples',
    ]);
  });
});

describe('a folder of clips with texts', () => {
  it('pairs them by name', () => {
    const { pairs, faults } = pairsOf(['a/1.wav', 'a/1.txt', 'b.mp3', 'b.txt', 'b.wav', 'c.wav', 'd.txt', 'notes.md']);
    expect(pairs).toEqual([{ clip: 'a/1.wav', transcript: 'a/1.txt' }, { clip: 'b.mp3', transcript: 'b.txt' }]);
    expect(told(faults)).toEqual(['b.wav:1 has the same name as b.mp3, so that one transcript would stand for both', 'c.wav:1 has no transcript c.txt', 'd.txt:1 is a transcript without a clip']);
  });

  it('takes the first line as what is said and further lines as other ways to write it', () => {
    expect(parseTranscript('a.wav', 'a.txt', '\nklockan tio\r\nklockan 10\n').items).toEqual([{ id: 'a.wav', path: 'a.wav', sentence: 'klockan tio', alternatives: ['klockan 10'], flagged: [], labels: {}, place: { file: 'a.txt', line: 2 } }]);
    expect(told(parseTranscript('a.wav', 'a.txt', ' \n').faults)).toEqual(['a.txt:1 has no transcript for a.wav']);
  });
});

describe('lists of Kaldi', () => {
  const lists = (files: { readonly scp: string; readonly text: string; readonly segments?: string; readonly who?: string }): ReturnType<typeof parseKaldi> =>
    parseKaldi({ recordings: { name: 'wav.scp', text: files.scp }, texts: { name: 'text', text: files.text }, segments: files.segments === undefined ? undefined : { name: 'segments', text: files.segments }, speakers: files.who === undefined ? undefined : { name: 'utt2spk', text: files.who } });

  it('are joined by utterance and recording', () => {
    const { items, faults, speakers } = lists({ scp: 'rec1 wav/one.wav\n', text: 'u1 hej alice\nu2 god natt\n', segments: 'u1 rec1 0.5 1.25\nu2 rec1 1.5 2\n', who: 'u1 anna\nu2 bo\n' });
    expect([faults, speakers]).toEqual([[], 2]);
    expect(items).toMatchObject([{ id: 'u1', path: 'wav/one.wav', sentence: 'hej alice', cut: { fromMs: 500, toMs: 1_250 } }, { id: 'u2', cut: { fromMs: 1_500, toMs: 2_000 } }]);
    expect(JSON.stringify(items)).not.toMatch(/anna|bo"/u);
    expect(lists({ scp: 'u1 a.wav\n', text: 'u1 hej\n' }).items).toMatchObject([{ id: 'u1', path: 'a.wav' }]);
  });

  it('never name a command or a file elsewhere', () => {
    const { items, faults } = lists({ scp: 'u1 sox a.mp3 -t wav - |\nu2 /data/b.wav\nu3 ../c.wav\nu4 |cat d.wav\n', text: 'u1 a\nu2 b\nu3 c\nu4 d\n' });
    expect(items).toEqual([]);
    expect(told(faults)).toEqual([
      'wav.scp:1 holds a command ("sox a.mp3 -t wav - |"); commands are not run', 'wav.scp:2 names a file by its absolute path: "/data/b.wav"; paths start from the corpus',
      'wav.scp:3 names a file outside of the corpus: "../c.wav"', 'wav.scp:4 holds a command ("|cat d.wav"); commands are not run',
    ]);
  });

  it('must fit together', () => {
    const { items, faults } = lists({ scp: 'r a.wav\nr b.wav\n', text: 'u1\nu2 hej\nu3 hej\nu4 hej\n', segments: 'u1 r 0 1\nu2 r 2 1\nu3 gone 0 1\nu5 r 0 1\n' });
    expect(items).toEqual([]);
    expect(told(faults)).toEqual(expect.arrayContaining([
      'wav.scp:2 names r again; line 1 has it already', 'text:1 has no transcript for u1', 'segments:2 must hold a recording, its begin and a later end in seconds, got "r 2 1"', 'text:3 u3: wav.scp has no recording gone',
      'text:4 u4 has no segment in segments', 'segments:4 u5 has no transcript in text',
    ]));
    expect(told(lists({ scp: 'u1 a.wav\nu2 b.wav\n', text: 'u1 hej\n' }).faults)).toEqual(['wav.scp:2 u2 has no transcript in text']);
  });
});

describe('a review', () => {
  it('brings alternatives and flags to its clips', () => {
    const clips = parseTranscript('a.wav', 'a.txt', 'klockan tio\n').items;
    const review = parseReview({ name: 'review.tsv', text: table(['path', 'alternative', 'flag'], ['a.wav', 'klockan 10', ''], ['a.wav', 'kl. 10', 'mumbled'], ['z.wav', '', 'noise']) });
    const done = withReview(clips, review, 'review.tsv');
    expect(done.clips).toMatchObject([{ id: 'a.wav', alternatives: ['klockan 10', 'kl. 10'], flagged: ['mumbled'] }]);
    expect(told(done.faults)).toEqual(['review.tsv:4 speaks of z.wav, which the corpus does not have']);
    expect(told(parseReview({ name: 'r.tsv', text: 'path\tremark\n' }).faults)).toEqual(['r.tsv:1 the header must hold path and alternative or flag; it has path, remark']);
  });
});

