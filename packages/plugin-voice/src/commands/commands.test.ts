import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';

const [CLI, DIST] = ['../../../core/dist/cli.js', '../../dist/index.js'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
const EXAMPLE = fileURLToPath(new URL('../../../../examples/alice/datasources', import.meta.url));

interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'realops-voice-'));
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

function start(...args: readonly string[]): { readonly child: ReturnType<typeof spawn>; readonly done: Promise<Finished> } {
  const child = spawn(process.execPath, [CLI ?? '', 'voice', ...args], { cwd, env: { PATH: process.env['PATH'] } });
  let [out, error] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
  return { child, done: new Promise((resolve) => child.on('close', (code) => resolve({ code, out, error }))) };
}
const voice = (...args: readonly string[]): Promise<Finished> => start(...args).done;
const clipsIn = async (folder: string): Promise<number> => (await readdir(join(cwd, folder, 'clips')).catch(() => [])).filter((name) => name.endsWith('.wav')).length;

/** Clips of another rate, so that each of them takes a while. */
async function manyClips(dir: string, count: number): Promise<void> {
  await mkdir(join(cwd, dir, 'clips'), { recursive: true });
  const clip = wavFile(padded(speechLike(10), 0.3, 0.3));
  clip.writeUInt32LE(44_100, 24);
  for (let index = 0; index < count; index += 1) await writeFile(join(cwd, dir, `clips/${index}.wav`), clip);
  await writeFile(join(cwd, dir, 'test.tsv'), `path\tsentence\n${Array.from({ length: count }, (_, index) => `${index}.wav\tnummer ${index}\n`).join('')}`);
}
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 20_000 && !(await holds()); waited += 5) await sleep(5);
}

describe.runIf([CLI, DIST].every((path) => existsSync(path ?? '')))('realops voice, as it was built', { timeout: 60_000 }, () => {
  it('lists its commands', async () => {
    const { code, out } = await voice('--help');
    expect([code, out.split('\n').filter((line) => /^ {2}(?:prepare|noise|calibrate) /u.test(line)).length]).toEqual([0, 3]);
    expect((await voice('prepare', '--help')).out).toContain('--skip-faulty');
    expect((await voice('prepair', 'x')).error).toContain('did you mean "prepare"?');
  });

  it('prepares the corpus of the examples, and looks at its noises against it', async () => {
    await cp(join(EXAMPLE, 'sv'), join(cwd, 'sv'), { recursive: true });
    const { code, out, error } = await voice('prepare', 'sv');
    expect([code, error]).toEqual([0, '']);
    expect(out).toBe('common-voice validated: 40 rows, 76.7 s of sound, 10 speakers in the list\nmade 40, kept 0\ndata: { file: sv/.realops-prepared/manifest.jsonl }\n');
    expect(JSON.parse((await voice('prepare', 'sv', '--json', '--limit', '5')).out)).toMatchObject({ rows: 5, made: 0, kept: 5 });
    await voice('prepare', 'sv');
    const noises = await voice('noise', join(EXAMPLE, 'noise'), '--manifest', 'sv/.realops-prepared/manifest.jsonl', '--snr', '10', '--snr=-5', '--json');
    const { profiles } = JSON.parse(noises.out) as { readonly profiles: readonly { readonly path: string; readonly ratios: readonly { readonly snrDb: number; readonly clips: number; readonly gainDb: { readonly median: number } }[] }[] };
    expect([noises.code, profiles.map(({ path }) => path)]).toEqual([0, ['cafe.wav', 'rain.wav', 'traffic.wav']]);
    for (const { ratios: [ten, five] } of profiles) expect([ten?.snrDb, five?.snrDb, ten?.clips, Math.round((five?.gainDb.median ?? 0) - (ten?.gainDb.median ?? 0))]).toEqual([10, -5, 40, 15]);
    const shown = await voice('noise', join(EXAMPLE, 'noise'));
    expect(shown.out).toMatch(/^cafe\.wav\n {2}\d+\.\d s, level -\d+/u);
    expect((await voice('noise', 'sv', '--snr', 'loud')).error).toContain('--snr takes a number of −20 to 60 dB, got "loud"');
  });

  it('names the file and the line of what it cannot use', async () => {
    await mkdir(join(cwd, 'bad/clips'), { recursive: true });
    await writeFile(join(cwd, 'bad/test.tsv'), '\ufeffpath\tsentence\r\n../a.wav\thej\r\ngone.wav\thej\r\n');
    const { code, out, error } = await voice('prepare', 'bad');
    expect([code, out]).toEqual([3, '']);
    expect(error).toBe('2 rows cannot be used\n  test.tsv:2  names a file outside of the corpus: "../a.wav"\n  test.tsv:3  names clips/gone.wav, which is missing\nread all the same\n  test.tsv:1  begins with a byte order mark; it was left out\n  test.tsv:1  ends with CRLF; read as LF (3 lines)\nnothing was made of bad that a suite could use\nhint: mend the rows above, or leave them out with --skip-faulty\n');
    expect(await readdir(join(cwd, 'bad'))).toEqual(['clips', 'test.tsv']);
    expect((await voice('prepare', 'nowhere')).error).toMatch(/^realops voice prepare: REALOPS_FILE_NOT_FOUND {2}there is no folder /u);
  });

  it('goes on after it was killed in the middle, to the same bytes', async () => {
    await manyClips('many', 24);
    const killed = start('prepare', 'many', '--out', 'killed', '--concurrency', '2');
    await until(async () => (await clipsIn('killed')) >= 3);
    killed.child.kill('SIGKILL');
    await killed.done;
    const there = await clipsIn('killed');
    expect(there).toBeGreaterThanOrEqual(3);
    expect(there).toBeLessThan(24);
    expect(await readdir(join(cwd, 'killed'))).not.toContain('manifest.jsonl');
    const again = JSON.parse((await voice('prepare', 'many', '--out', 'killed', '--json')).out) as { readonly made: number; readonly kept: number };
    // A clip that was written and not yet noted is made again.
    expect([again.made + again.kept, again.kept >= there - 2]).toEqual([24, true]);
    await voice('prepare', 'many', '--out', 'fresh');
    for (const name of ['manifest.jsonl', 'cache.jsonl']) expect(await readFile(join(cwd, 'killed', name), 'utf8')).toBe(await readFile(join(cwd, 'fresh', name), 'utf8'));
    for (const name of await readdir(join(cwd, 'fresh/clips'))) expect(await readFile(join(cwd, 'killed/clips', name))).toEqual(await readFile(join(cwd, 'fresh/clips', name)));
  });

  it('ends at Ctrl-C with nothing half-written', async () => {
    await manyClips('more', 24);
    const { child, done } = start('prepare', 'more');
    await until(async () => (await clipsIn('more/.realops-prepared')) >= 3);
    child.kill('SIGINT');
    const { code, error } = await done;
    expect([code, error]).toEqual([130, 'realops: prepare was cancelled\n']);
    expect((await readdir(join(cwd, 'more/.realops-prepared'), { recursive: true })).filter((name) => name.endsWith('.half') || name === 'manifest.jsonl')).toEqual([]);
  });

  it('calibrates with the peer that it brings along', async () => {
    const { code, out } = await voice('calibrate', '--samples', '4', '--json');
    expect([0, 1]).toContain(code);
    expect(JSON.parse(out)).toMatchObject({ samples: 4, concurrency: 4, fit: code === 0, limits: { medianMs: 5, p99Ms: 20, senderLatenessMs: 20 }, statistics: { partial: { n: expect.any(Number) }, stop: { n: expect.any(Number) } } });
    expect((await voice('calibrate', '--samples', '4')).out).toMatch(/^measured minus true, in ms; 4 at once[\s\S]*voice\.bargeInStop[\s\S]*fit to measure on/u);
  });
});

