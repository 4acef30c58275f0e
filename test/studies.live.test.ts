import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load, type RunEvent } from '../packages/core/src/index.js';
import voice from '../packages/plugin-voice/src/index.js';
import { root } from './fences.js';

const studies = join(root, 'examples/alice/studies');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'realops-studies-')));
beforeAll(() => {
  if (!existsSync(join(root, 'packages/core/dist/cli.js'))) throw new Error('the packages are not built: npm run build');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A study with fewer clips and points: the committed file, changed where it says how many there are. */
function reduced(name: string, changes: readonly (readonly [from: RegExp, to: string])[]): string {
  let text = readFileSync(join(studies, `${name}.yaml`), 'utf8');
  for (const [from, to] of [...changes, [/'@alice\/realops-plugin-voice'/, `'${join(root, 'packages/plugin-voice/dist/index.js')}'`], [/\.\.\/datasources/g, join(root, 'examples/alice/datasources')], [/file: pauses\.tsv/, `file: ${join(studies, 'pauses.tsv')}`]] as const) {
    if (changes.some(([each]) => each === from)) expect(text).toMatch(from);
    text = text.replace(from, to);
  }
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, text);
  return file;
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly events: readonly RunEvent[];
  readonly page: string;
}

/** Runs a study as `npm run study` does, but for setting up and building. */
async function study(file: string, runs: string): Promise<Ended> {
  const script = `import { study } from ${JSON.stringify(pathToFileURL(join(root, 'scripts/study.mjs')).href)}; process.exitCode = await study([${JSON.stringify(file)}], { runs: ${JSON.stringify(runs)} });`;
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:VITEST|NODE_OPTIONS|NODE_ENV|TEST|FORCE_COLOR)/.test(name)));
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, env: { ...inherited, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'], timeout: 150_000 });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (!existsSync(join(runs, 'latest/log.jsonl'))) throw new Error(`the study left no log: ${output}`);
  const events = readFileSync(join(runs, 'latest/log.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as RunEvent);
  return { code, output, events, page: readFileSync(join(runs, 'latest/report.html'), 'utf8') };
}

/** The values and wholes of a metric where labels are as given, those that a late sender made invalid too. */
function samplesOf({ events }: Ended, metric: string, labels: { readonly [name: string]: string | number }): { readonly values: readonly number[]; readonly whole: number } {
  const found = events.flatMap((event) => (event.event === 'measured' && event.metric === metric && Object.entries(labels).every(([name, value]) => String(event.labels[name]) === String(value)) ? [event] : []));
  return { values: found.flatMap(({ value }) => value ?? []), whole: found.reduce((sum, { whole }) => sum + (whole ?? 1), 0) };
}

const rateOf = (ended: Ended, metric: string, labels: Parameters<typeof samplesOf>[2]): number => {
  const { values, whole } = samplesOf(ended, metric, labels);
  return values.reduce((sum, value) => sum + value, 0) / whole;
};
const medianOf = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

describe('the two studies', () => {
  it.each(['wer-snr', 'eos'])('%s is a suite without a mistake', async (name) => {
    const { scenarios, slos } = await load([join(studies, `${name}.yaml`)], { env: {}, plugins: [voice] });
    expect(scenarios.map(({ data }) => data?.rows.length)).toEqual([40]);
    expect(scenarios[0]?.title).toContain('Synthetic');
    expect(slos).toHaveLength(3);
  });

  it('words are heard worse the louder the noise, and worse in noise than without it', { timeout: 180_000 }, async () => {
    const ended = await study(reduced('wer-snr', [[/parallel: 40/, 'limit: 14, parallel: 14'], [/ {4}- \{ noise: (?:cafe|rain), snrDb: (?:15|10|0) \}\n/g, ''], [/ {4}- \{ noise: rain.*\n/g, ''], [/snr: 15/, 'snr: 20']]), join(folder, 'wer'));
    const at = (snr: number): number => rateOf(ended, 'voice.wer', { noise: 'cafe', snr });
    const clean = rateOf(ended, 'voice.wer', { noise: 'none' });
    // Of 62 words: the whole set has 100, 36, 3 and 2 %.
    expect(at(-5), ended.output).toBeGreaterThan(0.75);
    expect(at(-5)).toBeGreaterThan(at(5));
    expect(at(5)).toBeGreaterThan(at(20));
    expect(at(5)).toBeGreaterThan(clean);
    expect(at(20)).toBeLessThan(0.2);
    expect(clean).toBeLessThan(0.15);
    expect(ended.output).toContain('ratio of voice.wer by snr, in all of it speech synthetic');
    expect(ended.output).toContain(`the curves are in ${join(folder, 'wer', 'latest/report.html')}`);
    expect(ended.page.includes('aria-label="voice.wer by snr. noise cafe: from')).toBe(true);
  });

  it('a longer timeout cuts fewer people off, and answers later', { timeout: 180_000 }, async () => {
    const ended = await study(reduced('eos', [[/parallel: 40/, 'limit: 10, parallel: 10'], [/timeouts: \[.*\]/, 'timeouts: [300, 700, 1200]'], [/pauses: \[200.*\]/, 'pauses: [400, 1000]'], [/pause: \[200, 400\]/, 'pause: 400']]), join(folder, 'eos'));
    const timeouts = [300, 700, 1200];
    const cut = (eos: number, pause: number): number => rateOf(ended, 'voice.truncated', { eos, pause });
    // A pause that is longer than the timeout by 300 ms ends the turn in every clip, one that is shorter in none.
    expect(timeouts.map((eos) => cut(eos, 1000)), ended.output).toEqual([1, 1, 0]);
    expect(cut(300, 400)).toBeGreaterThan(0.5);
    expect([cut(700, 400), cut(1200, 400)]).toEqual([0, 0]);
    for (const eos of timeouts) expect(samplesOf(ended, 'voice.truncated', { eos }).values).toHaveLength(20);
    const delays = [700, 1200].map((eos) => medianOf(samplesOf(ended, 'voice.final', { eos }).values));
    expect((delays[1] ?? NaN) - (delays[0] ?? NaN)).toBeGreaterThan(300);
    expect(ended.output).toContain('rate of voice.truncated by eos, in all of it noise none, speech synthetic');
    expect(ended.page.includes('aria-label="voice.truncated by eos. any pause: from')).toBe(true);
  });
});
