import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, type StepRun } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRecogniser, type Script } from '../fixtures/recogniser.js';
import { padded, speechLike, wavFile, whiteNoise } from '../fixtures/speech.js';
import { transcribe } from './transcribe.js';

/** 100 ms silence, 500 ms speech, 100 ms silence: speech lies in frames 6 to 30, counted from 1. */
const CLIP = padded(speechLike(0.5), 0.1, 0.1);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-connection-'));
  await writeFile(join(folder, 'clip.wav'), wavFile(CLIP));
  await writeFile(join(folder, 'noise.wav'), wavFile(whiteNoise(8_000, 3_000)));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (url: string, connection: object, extra: Parameters<typeof runStep>[1] = {}, seed = 1): Promise<StepRun> =>
  runStep(transcribe, { target: 'asr', audio: 'clip.wav', onsetMs: 100, endMs: 600, tailMs: 200, connection, ...extra } as Parameters<typeof runStep>[1], { targets: { asr: url }, files: folder, seed });
/** Says its final when the last frame of speech is there. */
const prompt = (frames: number): Script => ({ frame: (caller, frame) => void (frame === frames && caller.say({ event: 'final', text: 'hej' })) });
/** Twice where a machine that was busy has made our own sender late. */
async function punctual(make: () => Promise<StepRun>): Promise<StepRun> {
  let result = await make();
  for (let attempt = 0; attempt < 2 && Number(Object(result.output).senderLatenessP99Ms) > 10; attempt += 1) result = await make();
  return result;
}
const OURS_MS = 60;

describe('dropouts', () => {
  it('as silence are sent without sound, and are on the record', async () => {
    await using server = await startRecogniser({ end: (caller) => caller.say({ event: 'final', text: 'hej' }) });
    const result = await run(server.url, { dropout: { ms: 100, atMs: [200] } });
    const heard = server.callers[0]?.audio() ?? Buffer.alloc(0);
    const expected = Int16Array.from({ length: heard.length / 2 }, (_, index) => (index >= 3_200 && index < 4_800 ? 0 : (CLIP[index] ?? 0)));
    expect(heard.equals(Buffer.from(expected.buffer))).toBe(true);
    expect(result.output).toMatchObject({ dropoutMs: 100, heldMs: 0 });
    expect(result.measurements.find(({ metric }) => metric === 'voice.final')?.labels).toMatchObject({ condition: 'dropout=100' });
  });

  it('as nothing take their time without being sent, and what comes after is on time', async () => {
    await using server = await startRecogniser(prompt(30 - 10));
    const result = await punctual(() => run(server.url, { dropout: { ms: 200, atMs: [201], as: 'nothing' } }));
    const heard = server.callers.at(-1)?.audio() ?? Buffer.alloc(0);
    const left = Buffer.from(Int16Array.from([...CLIP.subarray(0, 10 * 320), ...CLIP.subarray(20 * 320, 30 * 320)]).buffer);
    expect(heard.subarray(0, left.length).equals(left)).toBe(true);
    expect(Object(result.output).truncated).toBe(false);
    expect(Object(result.output).finalMs).toBeLessThan(OURS_MS);
    expect(result.measurements.find(({ metric }) => metric === 'voice.final')?.labels).toMatchObject({ condition: 'dropout=200-nothing' });
  });

  it('outside the stream are refused before anything is sent', async () => {
    await using server = await startRecogniser({});
    const result = await run(server.url, { dropout: { ms: 100, atMs: [5_000] } });
    expect(result.error).toMatchObject({ code: 'REALOPS_INPUT_INVALID', message: 'a dropout at 5000 ms does not lie in a stream of 900 ms' });
    expect(server.callers).toHaveLength(0);
    await expect(run(server.url, { dropout: { ms: 100 } })).rejects.toMatchObject({ code: 'REALOPS_WITH_INVALID' });
  });
});

describe('jitter', () => {
  /** Nearly always as long as it may be. */
  const held = { jitter: { meanMs: 5_000, mostMs: 300 } };

  it('is a part of what the user waits, not lateness of the sender', async () => {
    await using server = await startRecogniser(prompt(30));
    const without = await punctual(() => run(server.url, {}));
    expect(Object(without.output).finalMs).toBeLessThan(OURS_MS);
    const result = await punctual(() => run(server.url, held));
    const { finalMs, partialMs, heldMs, senderLatenessP99Ms, truncated } = Object(result.output);
    expect(truncated).toBe(false);
    expect(finalMs).toBeGreaterThan(279);
    expect(finalMs).toBeLessThan(300 + OURS_MS);
    expect(partialMs - finalMs).toBeGreaterThan(400);
    expect(heldMs).toBe(300);
    expect(senderLatenessP99Ms).toBeLessThan(100);
    expect(result.measurements.find(({ metric }) => metric === 'voice.final')?.labels).toMatchObject({ condition: 'jitter=5000' });
    const sent = server.callers.at(-1)?.audio() ?? Buffer.alloc(0);
    expect(sent.subarray(0, 30 * 640).equals(Buffer.from(CLIP.buffer).subarray(0, 30 * 640))).toBe(true);
  });

  it('does not hide a final that came before the recogniser had the end of the speech', async () => {
    await using server = await startRecogniser(prompt(29));
    const { output } = await run(server.url, held);
    expect(output).toMatchObject({ truncated: true });
  });
});

describe('all conditions together', () => {
  const conditions = {
    noise: { file: 'noise.wav', snrDb: 5 }, speed: 1.1, reverb: { rt60Ms: 200, directDb: 6 }, pauses: [{ atMs: 300, ms: 40 }],
  };
  const connection = { gainDb: -3, codec: 'g711', loss: { percent: 20, burst: 2 }, dropout: { perMinute: 120, ms: 60, as: 'nothing' }, jitter: { meanMs: 10 } };
  const hashOf = async (seed: number): Promise<string> => {
    await using server = await startRecogniser({ end: (caller) => caller.say({ event: 'final', text: 'hej' }) });
    const result = await run(server.url, connection, conditions, seed);
    expect(result.error).toBeUndefined();
    return createHash('sha256').update(server.callers[0]?.audio() ?? '').digest('hex');
  };

  it('give the same bytes for the same seed, and others for another', async () => {
    const [one, again, other] = await Promise.all([hashOf(7), hashOf(7), hashOf(8)]);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });
});
