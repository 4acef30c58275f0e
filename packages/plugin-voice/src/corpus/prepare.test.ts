import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { load, run } from '@alice/realops';
import { readWav } from '../audio/wav.js';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';
import { realClock } from '../fixtures/tools.js';
import { wavOf } from '../audio/wav-file.js';
import plugin from '../index.js';
import { prepareCorpus, type Preparation, type PrepareOptions } from './prepare.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'realops-corpus-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const put = async (name: string, body: string | Uint8Array): Promise<void> => {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), body);
};
const go = ({ signal = new AbortController().signal, ...more }: Partial<PrepareOptions> & { readonly signal?: AbortSignal } = {}): Promise<Preparation> =>
  prepareCorpus({ dir: root, out: undefined, kind: undefined, split: undefined, locale: 'sv-SE', quality: false, limit: undefined, review: undefined, skipFaulty: false, concurrency: 2, tools: { env: {}, clock: realClock(), signal }, progress: () => undefined, ...more });
const said = ({ faults }: Preparation): readonly string[] => faults.map(({ place: { file, line }, message }) => `${file}:${line} ${message}`);
const rows = async (preparation: Preparation): Promise<readonly { readonly [name: string]: unknown }[]> => (await readFile(preparation.manifest ?? '', 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as { readonly [name: string]: unknown });
/** Every file below a folder with what it holds. */
async function snapshot(folder: string): Promise<{ readonly [name: string]: string }> {
  const names = (await readdir(folder, { recursive: true })).sort();
  const found: { [name: string]: string } = {};
  for (const name of names) if ((await stat(join(folder, name))).isFile()) found[name] = `${(await stat(join(folder, name))).ino} ${(await readFile(join(folder, name))).toString('base64')}`;
  return found;
}

const CLIP = wavFile(padded(speechLike(0.8), 0.3, 0.4));
async function commonVoice(): Promise<void> {
  await put('test.tsv', 'client_id\tpath\tsentence\tup_votes\tdown_votes\nsecret1\ta.wav\thej alice\t2\t0\nsecret2\tb.wav\tgod natt\t1\t1\nsecret1\tc.wav\tklockan tio\t2\t0\n');
  await put('clips/a.wav', CLIP);
  const { samples } = readWav(CLIP);
  // 8 kHz stereo.
  const half = new Int16Array(samples.length & ~1).map((_, index) => samples[(index >> 1) * 2] ?? 0);
  await put('clips/b.wav', wavOf(new Uint8Array(half.buffer), 8_000, 2));
  await put('clips/c.wav', wavFile(padded(speechLike(0.5).map((value) => Math.max(-32_768, Math.min(32_767, value * 8))), 0.2, 0.2)));
}

describe('a corpus of speech', () => {
  it('becomes 16 kHz clips and a manifest without speakers', async () => {
    await commonVoice();
    const done = await go();
    expect(done).toMatchObject({ kind: 'common-voice', split: 'test', rows: 3, made: 3, kept: 0, leftOut: 0, speakers: 2, faults: [], flagged: { 'down-voted': 1, clipped: 1 }, manifest: join(root, '.realops-prepared/manifest.jsonl') });
    const [first, second, third] = await rows(done);
    expect(first).toEqual({
      path: expect.stringMatching(/^clips\/a-[0-9a-f]{8}\.wav$/u), sentence: 'hej alice', alternatives: [], onsetMs: 300, endMs: expect.any(Number), boundsSource: 'vad', durationMs: 1_500, activeDb: expect.any(Number), peakDb: expect.any(Number),
      flagged: [], labels: {}, split: 'test', source: 'clips/a.wav', sourceSha256: expect.stringMatching(/^[0-9a-f]{64}$/u),
    });
    expect([second?.['flagged'], third?.['flagged']]).toEqual([['down-voted'], ['clipped']]);
    for (const row of [first, second, third]) {
      const clip = readWav(await readFile(join(root, '.realops-prepared', String(row?.['path']))));
      expect(clip.source).toEqual({ encoding: 'integer', channels: 1, sampleRate: 16_000, bits: 16 });
      expect(clip.durationMs).toBeCloseTo(Number(row?.['durationMs']), 1);
    }
    expect(readWav(await readFile(join(root, '.realops-prepared', String(first?.['path'])))).samples).toEqual(readWav(CLIP).samples);
    expect(JSON.stringify(await snapshot(join(root, '.realops-prepared')))).not.toContain('secret');
  });

  it('is left alone the second time, and only what changed is made again', async () => {
    await commonVoice();
    await go();
    const before = await snapshot(join(root, '.realops-prepared'));
    expect(await go()).toMatchObject({ made: 0, kept: 3 });
    expect(await snapshot(join(root, '.realops-prepared'))).toEqual(before);
    // Touched, but the same bytes.
    await utimes(join(root, 'clips/a.wav'), 1, 1);
    expect(await go()).toMatchObject({ made: 0, kept: 3 });
    await put('clips/b.wav', wavFile(padded(speechLike(0.6), 0.1, 0.1)));
    expect(await go()).toMatchObject({ made: 1, kept: 2 });
    // Another transcript is no other sound.
    await put('test.tsv', (await readFile(join(root, 'test.tsv'), 'utf8')).replace('hej alice', 'hallå alice'));
    const done = await go();
    expect([done.made, (await rows(done))[0]?.['sentence']]).toEqual([0, 'hallå alice']);
  });

  it('gives the same bytes elsewhere, whatever the concurrency', async () => {
    await commonVoice();
    const [one, two] = [join(root, '.one'), join(root, '.two')];
    await go({ out: one, concurrency: 1 });
    await go({ out: two, concurrency: 3 });
    const bytes = async (folder: string): Promise<object> => Object.fromEntries(Object.entries(await snapshot(folder)).map(([name, text]) => [name, text.slice(text.indexOf(' '))]));
    expect(await bytes(one)).toEqual(await bytes(two));
  });

  it('goes on where a killed process left it, and takes away what that left half-written', async () => {
    await commonVoice();
    await go();
    const prepared = join(root, '.realops-prepared');
    const whole = await snapshot(prepared);
    const cache = await readFile(join(prepared, 'cache.jsonl'), 'utf8');
    // As after a kill: no manifest, one clip of three known, the line of the second cut off, a half-written third.
    const [first = '', second = ''] = cache.split('\n');
    await rm(join(prepared, 'manifest.jsonl'));
    await writeFile(join(prepared, 'cache.jsonl'), `${first}\n${second.slice(0, 40)}`);
    await writeFile(join(prepared, 'clips/c-00000000.wav.0123456789ab.half'), 'RIFF');
    await utimes(join(prepared, 'clips/c-00000000.wav.0123456789ab.half'), 1, 1);
    expect(await go()).toMatchObject({ made: 2, kept: 1 });
    const strip = (all: object): object => Object.fromEntries(Object.entries(all).map(([name, text]) => [name, String(text).slice(String(text).indexOf(' '))]));
    expect(strip(await snapshot(prepared))).toEqual(strip(whole));
  });

  it('ends when told to, with nothing half-written', async () => {
    await put('test.tsv', `path\tsentence\n${Array.from({ length: 40 }, (_, index) => `${index}.wav\thej\n`).join('')}`);
    for (let index = 0; index < 40; index += 1) await put(`clips/${index}.wav`, CLIP);
    const stop = new AbortController();
    await expect(go({ signal: stop.signal, concurrency: 1, progress: (text) => void (text.startsWith('7 of') && stop.abort(new Error('stop'))) })).rejects.toThrow('stop');
    const names = await readdir(join(root, '.realops-prepared'), { recursive: true });
    expect([names.includes('manifest.jsonl'), names.filter((name) => name.endsWith('.half'))]).toEqual([false, []]);
    const done = await go();
    expect([done.made + done.kept, done.kept >= 7]).toEqual([40, true]);
  });

  it('with faults writes no manifest, unless they may be left out', async () => {
    await commonVoice();
    await appendFile(join(root, 'test.tsv'), 'x\tgone.wav\thej\t0\t0\nx\tout.wav\thej\t0\t0\nx\tquiet.wav\thej\t0\t0\nx\tcut.wav\thej\t0\t0\nx\tsong.mp3\thej\t0\t0\nx\tempty.wav\thej\t0\t0\nx\tclips\thej\t0\t0\n');
    await mkdir(join(root, 'clips/clips'));
    await put('clips/quiet.wav', wavFile(new Int16Array(16_000)));
    await put('clips/cut.wav', CLIP.subarray(0, 900));
    await put('clips/song.mp3', 'ID3');
    await put('clips/empty.wav', '');
    const elsewhere = await mkdtemp(join(tmpdir(), 'realops-elsewhere-'));
    await writeFile(join(elsewhere, 'out.wav'), CLIP);
    await symlink(join(elsewhere, 'out.wav'), join(root, 'clips/out.wav'));
    await symlink(join(root, 'clips/a.wav'), join(root, 'clips/inside.wav'));
    await appendFile(join(root, 'test.tsv'), 'x\tinside.wav\thej\t0\t0\n');
    const gone = ['test.tsv:5 names clips/gone.wav, which is missing', 'test.tsv:6 names clips/out.wav, a symbolic link that leads out of the corpus', 'test.tsv:10 names clips/empty.wav, which is empty', 'test.tsv:11 names clips/clips, which is no file'];
    const broken = ['test.tsv:7 clips/quiet.wav: no speech was found in the clip', expect.stringMatching(/^test\.tsv:8 clips\/cut\.wav /u), 'test.tsv:9 clips/song.mp3 is MP3, and there is no ffmpeg to read it with'];
    const first = await go();
    expect([first.manifest, first.rows, said(first)]).toEqual([null, 0, gone]);
    // Nothing is written before all files are there.
    expect(await readdir(root)).toEqual(['clips', 'test.tsv']);
    expect(await go({ skipFaulty: true })).toMatchObject({ rows: 4, leftOut: 7, made: 4, kept: 0, manifest: expect.any(String) });
    expect(said(await go({ skipFaulty: true }))).toEqual([...gone, ...broken]);
    await rm(join(root, '.realops-prepared/manifest.jsonl'));
    const rest = (await readFile(join(root, 'test.tsv'), 'utf8')).split('\n').filter((line) => !/gone|out\.wav|empty|\tclips\t/u.test(line));
    await put('test.tsv', rest.join('\n'));
    const second = await go();
    expect([second.manifest, second.rows, said(second).length]).toEqual([null, 4, 3]);
    expect(await readdir(join(root, '.realops-prepared'))).not.toContain('manifest.jsonl');
    await rm(elsewhere, { recursive: true });
  });

  it('cuts segments of Kaldi, and knows FLEURS and folders', async () => {
    await put('k/wav.scp', 'r wav/r.wav\n');
    await put('k/wav/r.wav', wavFile(Int16Array.from([...padded(speechLike(0.5), 0.5, 0.5), ...padded(speechLike(0.7), 0.5, 0.5)])));
    await put('k/text', 'u1 hej alice\nu2 god natt\n');
    await put('k/segments', 'u1 r 0.2 1.3\nu2 r 1.8 3.0\n');
    const kaldi = await go({ dir: join(root, 'k') });
    expect(kaldi).toMatchObject({ kind: 'kaldi', rows: 2 });
    expect((await rows(kaldi)).map(({ durationMs, onsetMs }) => [durationMs, onsetMs])).toEqual([[1_100, 300], [1_200, 200]]);
    // A recording that is damaged is a fault of each of its segments, told once for each.
    await put('d/wav.scp', 'r r.wav\n');
    await put('d/r.wav', CLIP.subarray(0, 900));
    await put('d/text', 'u1 hej\nu2 natt\n');
    await put('d/segments', 'u1 r 0 1\nu2 r 1 2\n');
    expect(said(await go({ dir: join(root, 'd') }))).toEqual([expect.stringMatching(/^text:1 r\.wav /u), expect.stringMatching(/^text:2 r\.wav /u)]);
    await put('f/test.tsv', '1\t9.wav\tHej.\thej\th e j |\t24000\tMALE\n');
    await put('f/audio/test/9.wav', CLIP);
    expect(await go({ dir: join(root, 'f') })).toMatchObject({ kind: 'fleurs', split: 'test', rows: 1, flagged: {} });
    await put('b/deep/1.wav', CLIP);
    await put('b/deep/1.txt', 'klockan tio\nklockan 10\n');
    const folder = await go({ dir: join(root, 'b') });
    expect([folder.kind, (await rows(folder))[0]?.['alternatives']]).toEqual(['folder', ['klockan 10']]);
  });

  it('is a row of voice.transcribe, bounds and flags included', async () => {
    await commonVoice();
    await put('review.tsv', 'path\talternative\tflag\na.wav\thej Alice!\t\nc.wav\t\tmumbled\n');
    await go({ review: join(root, 'review.tsv') });
    await put('scenarios.yaml', `version: 1
suite: prepared
targets: { asr: 'ws://127.0.0.1:1/' }
plugins: ['@alice/realops-plugin-voice']
scenarios:
  - id: clean
    data: { file: .realops-prepared/manifest.jsonl, where: $count(flagged) = 0 }
    steps:
      - id: asr
        use: voice.transcribe
        with: { target: asr, audio: '\${{ row.path }}', reference: '\${{ row.sentence }}', alternatives: '\${{ row.alternatives }}', onsetMs: '\${{ row.onsetMs }}', endMs: '\${{ row.endMs }}' }
`);
    const suite = await load([join(root, 'scenarios.yaml')], { plugins: [plugin] });
    const report = await run(suite).report;
    // One row of three is not flagged; its clip was read and its parameters fit, since it came as far as the connection.
    expect(report.scenarios.map(({ rows: count, failures }) => [count, failures.map(({ error }) => error.code)])).toEqual([[expect.objectContaining({ total: 1 }), ['REALOPS_CONNECTION']]]);
  });
});

describe('what is no corpus', () => {
  it.each<[string, { readonly [name: string]: string }, string]>([
    ['an empty folder', {}, 'is no corpus of a known kind'],
    ['parquet', { 'data/test-00000.parquet': 'PAR1' }, 'holds parquet files, which are not read'],
    ['the folder above one', { 'sv-SE/clips/x': '', 'sv-SE/test.tsv': '' }, 'is no corpus, but its folder sv-SE looks like common-voice'],
  ])('%s', async (_, files, message) => {
    for (const [name, text] of Object.entries(files)) await put(name, text);
    await expect(go()).rejects.toThrow(message);
  });

  it('a part that is not there, a folder that is not there, and its own folder as the place', async () => {
    await commonVoice();
    await expect(go({ split: 'dev' })).rejects.toThrow('has no part dev');
    await expect(go({ split: '../x' })).rejects.toThrow('a part of a corpus is one word');
    await expect(go({ dir: join(root, 'gone') })).rejects.toThrow('there is no folder');
    await expect(go({ out: root })).rejects.toThrow('not prepared into its own folder');
  });
});

describe('a set of texts', () => {
  it('becomes rows with intents and slots', async () => {
    await put('1.0/data/sv-SE.jsonl', `${JSON.stringify({ id: '0', locale: 'sv-SE', partition: 'test', scenario: 'alarm', intent: 'alarm_set', utt: 'väck mig klockan fem', annot_utt: 'väck mig klockan [time : fem]', worker_id: '3' })}\n`);
    const done = await go();
    expect([done.kind, done.split, await rows(done)]).toEqual(['massive', 'test', [{ id: '0', utt: 'väck mig klockan fem', intent: 'alarm_set', slots: [{ name: 'time', accepted: ['fem'] }], context: {}, response: null, scenario: 'alarm', partition: 'test', flagged: [] }]]);
    expect(await go()).toMatchObject({ made: 0, kept: 1 });
  });

  it('of Home Assistant brings its home along', async () => {
    await put('tests/sv/_fixtures.yaml', 'language: sv\nareas:\n  - { name: Kök, id: kitchen }\n');
    await put('tests/sv/light_HassTurnOn.yaml', 'language: sv\ntests:\n  - sentences: [tänd i köket, tänd i en 1/2 minut]\n    intent: { name: HassTurnOn, slots: { area: Kök } }\n');
    await put('tests/sv/_test_failures.yaml', 'language: sv\nsentences: [tänd i en 1/2 minut]\n');
    const done = await go();
    expect((await rows(done)).map(({ utt, intent, flagged }) => [utt, intent, flagged])).toEqual([['tänd i köket', 'HassTurnOn', []], ['tänd i en 1/2 minut', 'HassTurnOn', ['expected failure']]]);
    expect(JSON.parse(await readFile(join(root, '.realops-prepared/home.json'), 'utf8'))).toEqual({ areas: [{ name: 'Kök', id: 'kitchen' }], entities: [] });
    await cp(join(root, 'tests/sv'), join(root, 'direct'), { recursive: true });
    expect(await go({ dir: join(root, 'direct') })).toMatchObject({ kind: 'ha-intents', rows: 2 });
  });
});
