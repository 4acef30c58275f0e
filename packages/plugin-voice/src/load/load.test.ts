import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runStep, type StepRun } from '@alice/realops/testing';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCrowd, type Crowd } from '../fixtures/crowd/start.js';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';
import { createLoad } from './load.js';

/** 0.1 s silence, 0.4 s speech, 0.1 s silence: 30 frames, of which 5 … 24 are speech. */
const CLIPS = [padded(speechLike(0.4), 0.1, 0.1), padded(speechLike(0.4, 5_000), 0.1, 0.1)];
const BOUNDS = { onsetMs: 100, endMs: 500 };
let folder: string;
let load: ReturnType<typeof createLoad>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-load-'));
  for (const [index, clip] of CLIPS.entries()) await writeFile(join(folder, `clip${index}.wav`), wavFile(clip));
  // The thread in one file, as it is in the built package.
  const worker = join(folder, 'worker.mjs');
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" };
  await build({ entryPoints: [join(import.meta.dirname, 'worker.ts')], bundle: true, platform: 'node', format: 'esm', target: 'node20', banner, conditions: ['@alice/source'], outfile: worker });
  load = createLoad(pathToFileURL(worker));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (url: string, extra: Parameters<typeof runStep>[1] = {}, options: Parameters<typeof runStep>[2] = {}): Promise<StepRun> =>
  runStep(load, { target: 'asr', clips: [{ audio: 'clip0.wav', reference: 'Hej Alice!', ...BOUNDS }, { audio: 'clip1.wav', reference: 'hej då alice', ...BOUNDS }], ...extra }, { targets: { asr: url }, files: folder, timeoutMs: 15_000, ...options });
const valuesOf = (result: StepRun, metric: string): readonly unknown[] => result.measurements.filter((sample) => sample.metric === metric).map(({ value, whole }) => (whole === undefined ? value : `${value}/${whole}`));
const rateOf = (result: StepRun, metric: string): string => {
  const values = valuesOf(result, metric);
  return `${values.filter((value) => value === 1).length}/${values.length}`;
};
/** The stream and turn, from 0, that a trace names. */
const placeOf = (trace: string): readonly [number, number] => {
  const [, id = ''] = trace.split('-');
  return [Number.parseInt(id.slice(16, 24), 16) - 1, Number.parseInt(id.slice(24), 16) - 1];
};
const hashes = CLIPS.map((clip) => createHash('sha256').update(Buffer.from(clip.buffer).subarray(0, 25 * 640)).digest('hex'));

/** Every stream of the load had its own clips, each frame once and in order. */
async function expectAudio(crowd: Crowd, streams: number, turns: number): Promise<void> {
  const { streams: seen } = await crowd.seen();
  const places = seen.map(({ trace }) => placeOf(trace));
  expect(places.map(([stream, turn]) => stream * turns + turn).sort((a, b) => a - b)).toEqual(Array.from({ length: streams * turns }, (_, index) => index));
  expect(seen.map(({ sha256 }) => sha256)).toEqual(places.map(([stream, turn]) => hashes[(stream + turn) % 2]));
  expect(seen.reduce((sum, { faults }) => sum + faults, 0)).toBe(0);
  expect(seen.every(({ pongs }) => pongs === 1)).toBe(true);
}

describe.each([['on the main thread', 0, 40], ['on two threads', 2, 40]])('a load %s', (_, workers, streams) => {
  it('says every clip bit for bit, hears every final, and tells how late it was itself', async () => {
    await using crowd = await startCrowd();
    const result = await run(crowd.url, { streams, turns: 2, rampMs: 400, workers });
    expect(result.error).toBeUndefined();
    expect(result.output).toMatchObject({ streams, turns: 2 * streams, finals: 2 * streams, missing: 0, refused: 0, broken: 0, errors: [] });
    await expectAudio(crowd, streams, 2);
    expect([rateOf(result, 'voice.refused'), rateOf(result, 'voice.missingFinal'), rateOf(result, 'voice.truncated')]).toEqual(['0/80', '0/80', '0/80']);
    // The two clips were said equally often; one of them was misheard by a word in three.
    expect(valuesOf(result, 'voice.wer').toSorted()).toEqual([...Array.from({ length: 40 }, () => '0/2'), ...Array.from({ length: 40 }, () => '1/3')]);
    expect(Object(result.output).wer).toBeCloseTo(40 / 200);
    const finals = valuesOf(result, 'voice.final').map(Number);
    expect(finals).toHaveLength(80);
    // The final comes with frame 30, speech ends in frame 25 (both counted from 1); a busy machine is later, never earlier.
    expect(Math.min(...finals)).toBeGreaterThanOrEqual(99);
    expect(valuesOf(result, 'voice.partial').map(Number).every((ms) => ms > 70)).toBe(true);

    const { lateness, workers: threads, driftMs, ramp, steady, drain } = Object(result.output);
    expect(threads).toHaveLength(Math.max(1, workers));
    expect(threads.map((each: { streams: number }) => each.streams)).toEqual(workers === 0 ? [40] : [20, 20]);
    expect(threads.reduce((sum: number, each: { frames: number }) => sum + each.frames, 0)).toBe(lateness.frames);
    expect(lateness.frames).toBeGreaterThanOrEqual(80 * 30);
    expect(lateness.p50Ms).toBeLessThanOrEqual(lateness.p99Ms);
    expect(lateness.maxMs).toBe(Math.max(...threads.map((each: { maxMs: number }) => each.maxMs)));
    expect(valuesOf(result, 'voice.senderLateness')).toHaveLength(80);
    expect(Math.abs(driftMs)).toBeLessThan(lateness.maxMs + 1);
    expect(ramp.turns + steady.turns + drain.turns).toBe(80);
    expect(result.measurements[0]?.labels).toMatchObject({ noise: 'none', streams: '40' });
  });

  it('cancels within a second, and nothing stays open', async () => {
    await using crowd = await startCrowd({ finalAt: 10_000 });
    const cancel = new AbortController();
    const running = run(crowd.url, { streams, tailMs: 30_000, workers }, { signal: cancel.signal });
    await until(async () => (await crowd.seen()).open === streams);
    const aborted = performance.now();
    cancel.abort();
    const result = await running;
    expect(performance.now() - aborted).toBeLessThan(1_500);
    expect(result.error?.code).toBe('REALOPS_CANCELLED');
    expect(result.warnings).toEqual([]);
    await until(async () => (await crowd.seen()).open === 0);
    expect(performance.now() - aborted).toBeLessThan(2_000);
  });

  it('counts what became of every turn when the recogniser dies', async () => {
    await using crowd = await startCrowd({ dieAtFrames: 2_000 });
    const result = await run(crowd.url, { streams, turns: 3, rampMs: 200, workers });
    const { turns, finals, missing, refused, errors } = Object(result.output);
    expect(turns).toBe(3 * streams);
    expect(finals).toBeGreaterThan(0);
    expect(missing).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(0);
    expect(finals + missing + refused).toBe(turns);
    expect(errors.reduce((sum: number, each: { count: number }) => sum + each.count, 0)).toBe(missing + refused);
    expect(rateOf(result, 'voice.refused')).toBe(`${refused}/${turns}`);
    expect(rateOf(result, 'voice.missingFinal')).toBe(`${missing}/${turns - refused}`);
    // Those that never came stand in the distribution.
    expect(valuesOf(result, 'voice.final').filter((value) => value === null)).toHaveLength(missing + refused);
    expect(valuesOf(result, 'voice.connect').filter((value) => value === null)).toHaveLength(refused);
  });
});

/** Waits until something holds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 5_000; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, 20))) if (await holds()) return;
  throw new Error('it did not come to hold within 5 s');
}
