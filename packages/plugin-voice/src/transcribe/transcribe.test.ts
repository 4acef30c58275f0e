import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, type StepRun } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRecogniser, type Script } from '../fixtures/recogniser.js';
import { padded, speechLike, wavFile, whiteNoise } from '../fixtures/speech.js';
import { transcribe } from './transcribe.js';

/** 0.1 s silence, 0.5 s speech, 0.1 s silence: 35 frames. */
const CLIP = padded(speechLike(0.5), 0.1, 0.1);
const REFERENCE = 'Hej Alice, möte klockan tio!';
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-voice-'));
  await writeFile(join(folder, 'clip.wav'), wavFile(CLIP));
  await writeFile(join(folder, 'cafe.wav'), wavFile(whiteNoise(8_000, 2_000)));
  await writeFile(join(folder, 'silence.wav'), wavFile(new Int16Array(8_000)));
  await writeFile(join(folder, 'notes.txt'), 'not audio');
});
afterAll(() => rm(folder, { recursive: true }));

const run = (url: string, extra: Parameters<typeof runStep>[1] = {}, options: Parameters<typeof runStep>[2] = {}): Promise<StepRun> =>
  runStep(transcribe, { target: 'asr', audio: 'clip.wav', onsetMs: 100, endMs: 600, ...extra }, { targets: { asr: url }, files: folder, timeoutMs: 5_000, ...options });
const valuesOf = (result: StepRun, metric: string): readonly unknown[] => result.measurements.filter((sample) => sample.metric === metric).map(({ value, whole }) => (whole === undefined ? value : `${value}/${whole}`));

/** Partials while speech goes on, the final 5 frames (100 ms) after its end. */
const dialogue: Script = {
  frame(caller, frame) {
    if (frame === 12) caller.say({ event: 'partial', text: '', confidence: 0.1 });
    if (frame === 15 || frame === 16) caller.say({ event: 'partial', text: 'hej', confidence: 0.5, timestamp: 1 });
    if (frame === 22) caller.say({ event: 'partial', text: 'hej malin möte', confidence: 0.6 });
    if (frame === 35) caller.say({ event: 'final', text: 'hej alice möte 10:00', confidence: 0.9, language: 'sv', duration_s: 0.5, processing_time_ms: 3 });
  },
};

describe('voice.transcribe', () => {
  it('streams the clip bit for bit, times what comes back and counts the errors', async () => {
    await using server = await startRecogniser(dialogue);
    const result = await run(server.url, { reference: REFERENCE });
    expect(result.error).toBeUndefined();
    expect(result.output).toMatchObject({
      text: 'hej alice möte 10:00', confidence: 0.9, partials: 2, firstPartial: 'hej', wer: 0, cer: 0, werStrict: 4 / 5, words: { hits: 4, substitutions: 0, deletions: 0, insertions: 0 },
      truncated: false, snrDb: null, onsetMs: 100, endMs: 600, boundsSource: 'given', durationMs: 700,
    });
    const sent = server.callers[0]?.audio() ?? Buffer.alloc(0);
    const clip = Buffer.from(CLIP.buffer);
    expect(sent.subarray(0, clip.length).equals(clip)).toBe(true);
    expect(sent.length % 640).toBe(0);
    expect(sent.subarray(clip.length).every((byte) => byte === 0)).toBe(true);
    expect(server.callers[0]?.messages.every((message) => /^\{"type":"audio","pcm_base64":"[\w+/]{852,854}=*","timestamp":\d{10}(?:\.\d+)?\}$/u.test(message))).toBe(true);

    // Frame 15 follows the onset (frame 6) by 180 ms, frame 35 the end (frame 30) by 100 ms; a busy machine is later, never earlier.
    const { partialMs, finalMs } = Object(result.output);
    expect(partialMs).toBeGreaterThan(170);
    expect(finalMs).toBeGreaterThan(90);
    expect(valuesOf(result, 'voice.partial')).toEqual([partialMs]);
    expect(Number(valuesOf(result, 'voice.final')[0])).toBeCloseTo(finalMs, 1);
    expect(valuesOf(result, 'voice.wer')).toEqual(['0/4']);
    expect(valuesOf(result, 'voice.werStrict')).toEqual(['4/5']);
    expect(valuesOf(result, 'voice.cer')).toEqual(['0/20']);
    expect(valuesOf(result, 'voice.truncated')).toEqual([0]);
    expect(valuesOf(result, 'voice.missingFinal')).toEqual([0]);
    expect(valuesOf(result, 'voice.revision')).toEqual(['1/4']);
    expect(valuesOf(result, 'voice.senderLateness')).toHaveLength(1);
    expect(result.measurements.find(({ metric }) => metric === 'voice.wer')?.labels).toMatchObject({ noise: 'none' });
    expect(result.notes.map(({ name, fields }) => [name, fields['text']])).toEqual([['asr_partial', 'hej'], ['asr_partial', 'hej malin möte'], ['asr_final', 'hej alice möte 10:00']]);
    const [picture] = result.pictures;
    const lasts = (name: string): unknown => picture?.lanes.find((lane) => lane.name === name)?.spans.map(({ from_ms, to_ms }) => Math.round(to_ms - from_ms));
    expect(picture?.lanes.map(({ name }) => name)).toEqual(['speech', 'recogniser', 'to the first text', 'to the final']);
    expect([lasts('to the first text'), lasts('to the final')]).toEqual([[Math.round(partialMs)], [Math.round(finalMs)]]);
    expect(picture?.lanes[1]?.marks.map(({ label }) => label)).toEqual(['partial', 'partial', 'final']);
    expect(JSON.stringify(result.pictures)).not.toMatch(/hej|möte/);
    await server.quiet();
  });

  it('puts noise under the whole stream and says which', async () => {
    await using server = await startRecogniser(dialogue);
    const result = await run(server.url, { reference: REFERENCE, noise: { file: 'cafe.wav', snrDb: 10, seed: 3 }, leadMs: 40, tailMs: 400 });
    expect(result.error).toBeUndefined();
    expect(Object(result.output).snrDb).toBeCloseTo(10, 1);
    expect(result.measurements[0]?.labels).toMatchObject({ noise: 'cafe', snr: '10' });
    const sent = server.callers[0]?.audio() ?? Buffer.alloc(0);
    expect(sent.subarray(0, 1_280).some((byte) => byte !== 0)).toBe(true);
  });

  it('sends the settings first', async () => {
    let config: unknown;
    await using server = await startRecogniser({ ...dialogue, config: (caller, value) => void ((config = value), caller.say({ event: 'config_updated', config: {} })) });
    const result = await run(server.url, { config: { vad_start_threshold: 0.4 } });
    expect(result.outcome).toBe('passed');
    expect(config).toEqual({ language: 'sv', vad_start_threshold: 0.4 });
    expect(server.callers[0]?.messages[0]).toContain('config');
    expect(valuesOf(result, 'voice.wer')).toEqual([]);
    expect(result.output).toMatchObject({ wer: null, werStrict: null, cer: null });
  });

  it('calls a final in the middle of speech truncated and gives it no latency', async () => {
    await using server = await startRecogniser({ frame: (caller, frame) => void (frame === 15 && caller.say({ event: 'final', text: 'hej', confidence: 0.4 })) });
    const result = await run(server.url, { reference: REFERENCE });
    expect(result.output).toMatchObject({ text: 'hej', truncated: true, words: { hits: 1, deletions: 3 } });
    expect(Object(result.output).finalMs).toBeLessThan(0);
    expect(valuesOf(result, 'voice.truncated')).toEqual([1]);
    expect(valuesOf(result, 'voice.final')).toEqual([]);
    expect(valuesOf(result, 'voice.partial')).toHaveLength(1);
    expect(server.callers[0]?.messages.length).toBeLessThan(30);
  });

  it('asks for the final with the end message when silence alone does not bring it', async () => {
    await using server = await startRecogniser({ end: (caller) => caller.say({ event: 'final', text: 'hej alice' }) });
    const result = await run(server.url, { tailMs: 60 });
    expect(result.output).toMatchObject({ text: 'hej alice', confidence: null, partials: 0, truncated: false });
    expect(server.callers[0]?.messages.at(-1)).toBe('{"type":"end"}');
    expect(server.callers[0]?.messages).toHaveLength(39);
  });

  it('joins all finals when asked to', async () => {
    await using server = await startRecogniser({
      frame(caller, frame) {
        if (frame === 10) caller.say({ event: 'final', text: 'hej' });
        if (frame === 20) caller.say({ event: 'partial', text: 'alice vad' });
      },
      end: (caller) => void setTimeout(() => caller.say({ event: 'final', text: 'alice vad är klockan', confidence: 0.7 }), 50),
    });
    const result = await run(server.url, { finals: 'all', tailMs: 0, reference: 'hej alice vad är klockan' });
    expect(result.output).toMatchObject({ text: 'hej alice vad är klockan', wer: 0, truncated: false, confidence: 0.7 });
  });

  it('ends a collection of finals when the recogniser closes', async () => {
    await using server = await startRecogniser({ end: (caller) => (caller.say({ event: 'final', text: 'hej' }), caller.socket.close(1000)) });
    const result = await run(server.url, { finals: 'all', tailMs: 0 });
    expect(result.output).toMatchObject({ text: 'hej' });
  });

  it('marks latencies of a late sender invalid', async () => {
    const block = (ms: number): void => {
      for (const until = performance.now() + ms; performance.now() < until; );
    };
    await using server = await startRecogniser({ frame: (caller, frame) => (frame === 8 && block(150), dialogue.frame?.(caller, frame)) });
    const result = await run(server.url, {});
    expect(result.measurements.find(({ metric }) => metric === 'voice.final')?.invalid).toMatch(/^sender late: p99 \d+ ms$/u);
    expect(result.measurements.find(({ metric }) => metric === 'voice.truncated')?.invalid).toBeUndefined();
    expect(Object(result.output).senderLatenessP99Ms).toBeGreaterThan(20);
  });

  it.each([
    ['a missing clip', { audio: 'none.wav' }, 'REALOPS_FILE_NOT_FOUND', 'none.wav cannot be read'],
    ['something else than audio', { audio: 'notes.txt' }, 'REALOPS_INPUT_INVALID', 'notes.txt is not a WAV file'],
    ['a silent clip', { audio: 'silence.wav', onsetMs: 0, endMs: 100, noise: { file: 'cafe.wav', snrDb: 5 } }, 'REALOPS_INPUT_INVALID', 'holds no speech'],
    ['missing noise', { noise: { file: 'rain.wav', snrDb: 5 } }, 'REALOPS_FILE_NOT_FOUND', 'rain.wav cannot be read'],
    ['silent noise', { noise: { file: 'silence.wav', snrDb: 5 } }, 'REALOPS_INPUT_INVALID', 'noise file is silent'],
    ['an empty reference', { reference: ' ' }, 'REALOPS_INPUT_INVALID', 'the reference transcript " " holds no words'],
    ['a reference of punctuation', { reference: '…' }, 'REALOPS_INPUT_INVALID', 'holds no words'],
    ['speech beyond the clip', { endMs: 9_000 }, 'REALOPS_INPUT_INVALID', 'does not fit a clip of 700 ms'],
  ])('refuses %s before anything is sent', async (_, extra, code, message) => {
    await using server = await startRecogniser(dialogue);
    const result = await run(server.url, extra);
    expect(result.error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(server.callers).toHaveLength(0);
    expect(valuesOf(result, 'voice.missingFinal')).toEqual([]);
  });

  it('refuses unknown and impossible parameters', async () => {
    await expect(run('ws://127.0.0.1:1', { protocol: 'morse' })).rejects.toMatchObject({ code: 'REALOPS_WITH_INVALID' });
    await expect(run('ws://127.0.0.1:1', { noise: { file: 'cafe.wav', snr: 5 } })).rejects.toMatchObject({ code: 'REALOPS_WITH_INVALID' });
  });
});
