import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkStepType, runStep, type StepRun } from '@alice/realops/testing';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCrowd, type Crowd } from '../fixtures/crowd/start.js';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';
import { createLoad } from './load.js';
import { workerClock } from './worker-clock.js';

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
    expect(result.notes.map(({ name }) => name)).toEqual(['load_begins', 'load_ends']);
    expect(result.notes[1]?.fields).toMatchObject({ lateness, workers: threads, drift_ms: driftMs });
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
    // In good order, not because a thread was ended.
    expect(new Set((await crowd.seen()).streams.map(({ closed }) => closed))).toEqual(new Set([1_000]));
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

describe('a load', () => {
  it('begins its streams over the ramp', async () => {
    await using crowd = await startCrowd();
    const result = await run(crowd.url, { streams: 30, rampMs: 1_500 });
    const { streams: seen } = await crowd.seen();
    const first = Math.min(...seen.map(({ atMs }) => atMs));
    const [lateness, begun] = [Object(result.output).lateness.maxMs, seen.map(({ trace, atMs }) => [placeOf(trace)[0], atMs - first] as const)];
    // Stream n begins in the n-th part of the ramp, 50 ms long; how late this machine was comes on top.
    for (const [stream, atMs] of begun) expect(Math.abs(atMs - stream * 50)).toBeLessThan(400 + lateness);
    expect(Object(result.output).ramp.turns).toBeGreaterThan(10);
    expect(Object(result.output).steady.turns + Object(result.output).drain.turns).toBeGreaterThan(5);
    expect(result.measurements.filter(({ metric }) => metric === 'voice.final').map(({ labels }) => labels['phase'])).toContain('ramp');
  });

  it('goes on for as long as it is told, and then finishes what it has begun', async () => {
    await using crowd = await startCrowd();
    const result = await run(crowd.url, { streams: 10, rampMs: 200, durationMs: 1_500 });
    const { turns, finals, steady } = Object(result.output);
    // A turn takes at least 500 ms, so nearly all have two or three, and none has more than four.
    expect(turns).toBeGreaterThanOrEqual(15);
    expect(turns).toBeLessThanOrEqual(40);
    expect(finals).toBe(turns);
    expect(steady.turns).toBeGreaterThan(0);
    expect(result.durationMs).toBeGreaterThan(1_600);
    expect((await crowd.seen()).mostOpen).toBeLessThanOrEqual(20);
  });

  it('counts those that are refused', async () => {
    await using crowd = await startCrowd({ refuse: 2 });
    const result = await run(crowd.url, { streams: 20, turns: 2 });
    expect(result.error).toBeUndefined();
    expect(result.output).toMatchObject({ turns: 40, finals: 20, refused: 20, missing: 0, errors: [{ code: 'REALOPS_PROTOCOL', count: 20, message: expect.stringContaining('503') }] });
    expect(rateOf(result, 'voice.refused')).toBe('20/40');
    expect(rateOf(result, 'voice.missingFinal')).toBe('0/20');
    expect(valuesOf(result, 'voice.final')).toHaveLength(40);
    expect(valuesOf(result, 'voice.connect').filter((value) => value === null)).toHaveLength(20);
    expect(result.notes.filter(({ name }) => name === 'load_error')).toHaveLength(1);
  });

  it('does not ask more often because it is refused', async () => {
    await using crowd = await startCrowd({ refuse: 1 });
    const result = await run(crowd.url, { streams: 3, turns: 3 });
    expect(result.error).toMatchObject({ code: 'REALOPS_CONNECTION', message: expect.stringContaining('none of 9 turns got a final') });
    // Each turn takes its 500 ms all the same, but for the last.
    expect(result.durationMs).toBeGreaterThan(1_000);
  });

  it('gives up what never ends: a recogniser that stops reading', async () => {
    await using crowd = await startCrowd({ deafAt: 5 });
    const result = await run(crowd.url, { streams: 10, tailMs: 200, answerMs: 400 });
    expect(result.error).toMatchObject({ code: 'REALOPS_TARGET_FAILED', message: 'none of 10 turns got a final: no final came within 400 ms of the end of the audio' });
    expect(rateOf(result, 'voice.missingFinal')).toBe('10/10');
    expect(valuesOf(result, 'voice.wer')).toHaveLength(10);
    expect(result.measurements.filter(({ metric }) => metric === 'voice.wer').every(({ value, whole, labels }) => value === whole && labels['final'] === 'missing')).toBe(true);
    expect(result.durationMs).toBeLessThan(4_000);
    expect(result.warnings).toEqual([]);
  });

  it('is an error when nobody is there, and says why', async () => {
    const crowd = await startCrowd();
    await crowd[Symbol.asyncDispose]();
    const result = await run(crowd.url, { streams: 5 });
    expect(result.error).toMatchObject({ code: 'REALOPS_CONNECTION', message: expect.stringContaining('none of 5 turns got a final: no connection to') });
    expect(rateOf(result, 'voice.refused')).toBe('5/5');
    expect(rateOf(result, 'voice.missingFinal')).toBe('0/0');
  });

  it('leaves latencies of a late sender unjudged, and counts them from when they were due', async () => {
    // A machine whose timers end 25 ms late: of two frames the first waits for its own, and the second goes with it.
    const lagging = { ...workerClock, after: (ms: number, call: () => void) => workerClock.after(ms + 25, call) };
    await using crowd = await startCrowd();
    const result = await run(crowd.url, { streams: 1, turns: 2 }, { clock: lagging });
    expect(result.output).toMatchObject({ finals: 2, invalid: 2 });
    const finals = result.measurements.filter(({ metric }) => metric === 'voice.final');
    expect(finals.map(({ invalid }) => /^sender late: p99 \d+ ms$/u.test(invalid ?? ''))).toEqual([true, true]);
    expect(result.measurements.filter(({ metric }) => metric === 'voice.missingFinal').every(({ invalid }) => invalid === undefined)).toBe(true);
    const { lateness, steady, drain } = Object(result.output);
    expect(lateness.p99Ms).toBeGreaterThan(20);
    // Also the frame that goes with the other is 5 ms late.
    const { finalMs, finalSentMs } = steady.turns > 0 ? steady : drain;
    expect(finalMs.max - finalSentMs.max).toBeGreaterThan(4);
  });

  it('does not call a final missing that it kept waiting itself', async () => {
    // The timers of frames end 1.5 s late, that of the answer when it should.
    const lagging = { ...workerClock, after: (ms: number, call: () => void) => workerClock.after(ms < 50 ? ms + 1_500 : ms, call) };
    await using crowd = await startCrowd();
    const result = await run(crowd.url, { streams: 1, tailMs: 0, answerMs: 500 }, { clock: lagging });
    expect(result.error).toBeUndefined();
    expect(result.output).toMatchObject({ finals: 1, invalid: 1 });
  });

  it('keeps what it has measured when its time is over', async () => {
    await using crowd = await startCrowd();
    const result = await run(crowd.url, { streams: 10, durationMs: 60_000 }, { timeoutMs: 2_500 });
    expect(result.error?.code).toBe('REALOPS_TIMEOUT');
    expect(result.durationMs).toBeLessThan(3_500);
    expect(valuesOf(result, 'voice.final').length).toBeGreaterThanOrEqual(10);
  });

  it('is an error when a thread dies, and ends the others', async () => {
    const dying = join(folder, 'dying.mjs');
    await writeFile(dying, "import { parentPort } from 'node:worker_threads';\nparentPort.on('message', () => setTimeout(() => { throw new Error('out of memory'); }, 50));\nparentPort.postMessage({ kind: 'ready' });\n");
    await using crowd = await startCrowd();
    const result = await runStep(createLoad(pathToFileURL(dying)), { target: 'asr', clips: ['clip0.wav'], streams: 4, workers: 2 }, { targets: { asr: crowd.url }, files: folder });
    expect(result.error).toMatchObject({ code: 'REALOPS_STEP_FAILED', message: 'a thread of the load failed: out of memory' });
    expect(result.durationMs).toBeLessThan(3_000);
    expect(result.warnings).toEqual([]);
  });

  it.each([0, 1])('sends bytes as they are (%i threads), and evaluates what a suite says of a protocol', async (workers) => {
    await using crowd = await startCrowd();
    const protocol = { final: "event = 'final' ? text", partial: "event = 'partial' ? text" };
    const result = await run(crowd.url, { streams: 20, workers, protocol });
    expect(result.error).toBeUndefined();
    expect(result.output).toMatchObject({ finals: 20 });
    await expectAudio(crowd, 20, 1);
  });

  it('makes the frames of each stream where they differ', async () => {
    await using crowd = await startCrowd({ finalAt: 28 });
    const protocol = { frame: '{"type":"audio","n":{sequence},"pcm_base64":"{base64}","timestamp":{seconds}}', final: "event = 'final' ? text" };
    const result = await run(crowd.url, { streams: 10, protocol });
    expect(result.output).toMatchObject({ finals: 10 });
    await expectAudio(crowd, 10, 1);
  });

  it('reads its clips from a table', async () => {
    await writeFile(join(folder, 'clips.tsv'), 'path\tsentence\tonsetMs\tendMs\r\nclip0.wav\tHej Alice!\t100\t500\r\n');
    await writeFile(join(folder, 'clips.jsonl'), '{"audio":"clip0.wav","reference":"Hej Alice!","onsetMs":100,"endMs":500}\n');
    await using crowd = await startCrowd();
    for (const clips of ['clips.tsv', 'clips.jsonl']) {
      const result = await run(crowd.url, { streams: 2, clips });
      expect(result.output).toMatchObject({ finals: 2, wer: 0 });
    }
  });

  it.each([
    ['both turns and a duration', { streams: 1, turns: 1, durationMs: 5 }, 'REALOPS_WITH_INVALID', 'either turns or durationMs'],
    ['a missing clip', { streams: 1, clips: ['none.wav'] }, 'REALOPS_FILE_NOT_FOUND', 'none.wav cannot be read'],
    ['a table that is no table', { streams: 1, clips: 'clip0.wav' }, 'REALOPS_INPUT_INVALID', 'ends in .tsv or .jsonl'],
    ['a table that leads elsewhere', { streams: 1, clips: 'out.jsonl' }, 'REALOPS_INPUT_INVALID', '../../secret.wav is outside the folder of the table'],
    ['a table without files', { streams: 1, clips: 'bare.tsv' }, 'REALOPS_INPUT_INVALID', 'names no file'],
    ['an empty table', { streams: 1, clips: 'empty.tsv' }, 'REALOPS_INPUT_INVALID', 'holds no clips'],
    ['a time that is none', { streams: 1, clips: 'time.jsonl' }, 'REALOPS_INPUT_INVALID', 'onsetMs must be a number of milliseconds, got "soon"'],
    ['a protocol that wants another target', { streams: 1, protocol: 'wyoming' }, 'REALOPS_WITH_INVALID', 'needs a target of tcp://'],
  ])('refuses %s before anybody is asked', async (_, extra, code, message) => {
    await writeFile(join(folder, 'out.jsonl'), '{"audio":"../../secret.wav"}\n');
    await writeFile(join(folder, 'bare.tsv'), 'file\nclip0.wav\n');
    await writeFile(join(folder, 'empty.tsv'), 'path\tsentence\n');
    await writeFile(join(folder, 'time.jsonl'), '{"audio":"clip0.wav","onsetMs":"soon"}\n');
    await using crowd = await startCrowd();
    const result = await run(crowd.url, extra);
    expect(result.error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect((await crowd.seen()).streams).toEqual([]);
    expect(result.measurements.every(({ value }) => value === null)).toBe(true);
  });

  it.each([0, 2])('keeps the contract of step types (%i threads)', { timeout: 40_000 }, async (workers) => {
    await using crowd = await startCrowd();
    await using mute = await startCrowd({ finalAt: 10_000 });
    const broken = await checkStepType(load, {
      valid: { target: 'asr', clips: ['clip0.wav'], streams: 4, workers }, stuck: { parameters: { target: 'mute', clips: ['clip0.wav'], streams: 4, workers } },
      options: { targets: { asr: crowd.url, mute: mute.url }, files: folder },
      openHandles: () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap' || name === 'TCPServerWrap' || name === 'Worker' || name === 'MessagePort'),
    });
    expect(broken).toEqual([]);
  });
});

/** Waits until something holds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 5_000; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, 20))) if (await holds()) return;
  throw new Error('it did not come to hold within 5 s');
}
