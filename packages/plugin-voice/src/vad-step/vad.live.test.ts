import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkStepType, runStep, type StepRun } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPeers } from '../fixtures/peers/index.js';
import { startRecogniser, type Script } from '../fixtures/recogniser.js';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';
import { vad } from './vad.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-vad-'));
  const [one, two] = [padded(speechLike(0.5), 0.1, 0.6), padded(speechLike(0.5), 0, 0.1)];
  const clip = new Int16Array(one.length + two.length);
  clip.set(one);
  clip.set(two, one.length);
  await writeFile(join(folder, 'clip.wav'), wavFile(clip));
});
afterAll(() => rm(folder, { recursive: true }));

/** Speech in frames 6 to 30 and 61 to 85, counted from 1. */
const SEGMENTS = [{ startMs: 100, endMs: 600 }, { startMs: 1_200, endMs: 1_700 }];
const SAYS = { frame: '{"type":"audio","pcm_base64":"{base64}"}', end: ['{"type":"end"}'], speechStart: "event = 'start' ? (at ? at : true)", speechStop: "event = 'stop' ? (at ? at : true)", final: "event = 'final' ? text" };
const sayAt = (frames: { readonly [frame: number]: object }): Script => ({ frame: (caller, frame) => void (frames[frame] !== undefined && caller.say({ ...frames[frame] })) });
const run = (url: string, more: Parameters<typeof runStep>[1] = {}): Promise<StepRun> =>
  runStep(vad, { target: 'asr', audio: 'clip.wav', segments: SEGMENTS, protocol: SAYS, tailMs: 500, ...more }, { targets: { asr: url }, files: folder, timeoutMs: 8_000 });
/** Again where a machine that was busy has made our own sender late. */
async function punctual(make: () => Promise<StepRun>): Promise<StepRun> {
  let result = await make();
  for (let attempt = 0; attempt < 2 && Number(Object(result.output).senderLatenessP99Ms) > 10; attempt += 1) result = await make();
  return result;
}
const values = (result: StepRun, metric: string): readonly unknown[] => result.measurements.filter((each) => each.metric === metric).map(({ value }) => value);
const share = (result: StepRun, metric: string): number => {
  const sample = result.measurements.find((each) => each.metric === metric);
  return Number(sample?.value) / Number(sample?.whole);
};

describe.concurrent('voice.vad', () => {
  it('measures signed errors of each stretch, from the samples sent', async () => {
    await using server = await startRecogniser(sayAt({ 11: { event: 'start' }, 41: { event: 'stop' }, 58: { event: 'start' }, 81: { event: 'stop' } }));
    const result = await punctual(() => run(server.url));
    expect(result.error).toBeUndefined();
    const [[firstStart, secondStart], [firstStop, secondStop]] = [values(result, 'voice.vadStart'), values(result, 'voice.vadStop')].map((list) => list.map(Number)) as [[number, number], [number, number]];
    // The frame after which it is said, against the frame that holds the first, and the last, sample.
    for (const [value, wanted] of [[firstStart, 100], [firstStop, 220], [secondStart, -60], [secondStop, -80]] as const) expect(Math.abs(value - wanted - 10)).toBeLessThan(50);
    expect(result.output).toMatchObject({ misses: 0, falseAlarms: 0, truthSource: 'given', truth: [{ startMs: 100, endMs: 600, missed: false, startErrorMs: firstStart }, { missed: false, endErrorMs: secondStop }], durationMs: 2_300 });
    expect([values(result, 'voice.vadMiss'), values(result, 'voice.vadFalseAlarm')]).toEqual([[0, 0], [0, 0]]);
    // 100 of the first 500 ms, and the last 80 of the second.
    expect(Math.abs(share(result, 'voice.vadMissedTime') - 0.18)).toBeLessThan(0.08);
    expect(Math.abs(share(result, 'voice.vadFalseTime') - 0.2)).toBeLessThan(0.08);
    expect(result.measurements.find(({ metric }) => metric === 'voice.vadFalseTime')?.labels).toMatchObject({ time: 'arrival', collar: '0', noise: 'none' });
    expect(result.notes.map(({ name }) => name)).toEqual(['asr_speech_start', 'asr_speech_stop', 'asr_speech_start', 'asr_speech_stop']);
  });

  it('tells what was missed, and what was heard where nobody spoke', async () => {
    await using server = await startRecogniser(sayAt({ 9: { event: 'start' }, 30: { event: 'stop' }, 100: { event: 'start' }, 110: { event: 'stop' } }));
    const result = await run(server.url, { toleranceMs: 100 });
    expect(result.output).toMatchObject({ misses: 1, falseAlarms: 1 });
    expect([values(result, 'voice.vadMiss'), values(result, 'voice.vadFalseAlarm')]).toEqual([[0, 1], [0, 1]]);
  });

  it('a recogniser that hears nothing has missed everything, and is no error', async () => {
    await using server = await startRecogniser({ end: ({ socket }) => socket.close(1000) });
    const result = await run(server.url);
    expect(result.output).toMatchObject({ found: [], misses: 2, missedShare: 1, falseShare: 0 });
    expect([values(result, 'voice.vadStart'), values(result, 'voice.vadFalseAlarm')]).toEqual([[], []]);
  });

  it('takes the places that the recogniser claims, when asked to', async () => {
    await using server = await startRecogniser(sayAt({ 20: { event: 'start', at: 120 }, 50: { event: 'stop', at: 590 }, 85: { event: 'start', at: 1_190 }, 100: { event: 'stop', at: 1_750 } }));
    const result = await run(server.url, { time: 'claim' });
    expect(result.output).toMatchObject({ truth: [{ startErrorMs: 20, endErrorMs: -10 }, { startErrorMs: -10, endErrorMs: 50 }], missedShare: 0.03 });
    expect(result.measurements.find(({ metric }) => metric === 'voice.vadStart')).toMatchObject({ value: 20, labels: { time: 'claim' } });
    await using silent = await startRecogniser(sayAt({ 20: { event: 'start' } }));
    expect((await run(silent.url, { time: 'claim' })).error).toMatchObject({ code: 'REALOPS_WITH_INVALID', message: 'the protocol custom does not tell where in the stream speech began' });
  });

  it('finds the truth in the clean clip, whatever noise is put under it', async () => {
    await using server = await startRecogniser(sayAt({ 11: { event: 'start' }, 90: { event: 'stop' } }));
    const { output } = await runStep(vad, { target: 'asr', audio: 'clip.wav', protocol: SAYS, tailMs: 200, leadMs: 200, noise: { file: 'clip.wav', snrDb: 0 } }, { targets: { asr: server.url }, files: folder });
    const { truth, truthSource, snrDb } = Object(output);
    expect([truthSource, truth.length, Math.round(snrDb)]).toEqual(['vad', 2, 0]);
    expect(Math.abs(truth[0].startMs - 300)).toBeLessThanOrEqual(20);
    expect(Math.abs(truth[1].startMs - 1_400)).toBeLessThanOrEqual(20);
  });

  it('asks a recogniser that says nothing of speech by its texts', async () => {
    await using server = await startRecogniser(sayAt({ 12: { event: 'partial', text: 'hej' }, 20: { event: 'partial', text: 'hej alice' }, 40: { event: 'final', text: 'hej alice' }, 68: { event: 'partial', text: 'vad' }, 95: { event: 'final', text: 'vad' } }));
    const result = await punctual(() => run(server.url, { protocol: 'alice', by: 'texts' }));
    expect(result.output).toMatchObject({ misses: 0, falseAlarms: 0 });
    expect(Math.abs(Number(values(result, 'voice.vadStart')[0]) - 130)).toBeLessThan(60);
    expect(Math.abs(Number(values(result, 'voice.vadStop')[1]) - 210)).toBeLessThan(60);
  });

  it('understands OpenAI Realtime', async () => {
    const peer = await startPeers['openai-realtime']?.start([{ at: 200, say: 'speechStart' }, { at: 900, say: 'speechStop' }, { at: 1_000, say: 'final', text: 'hej' }]);
    if (peer === undefined) throw new Error('no peer');
    await using _ = peer;
    const result = await run(peer.url, { protocol: 'openai-realtime' });
    expect(result.output).toMatchObject({ misses: 1, falseAlarms: 0, truth: [{ missed: false }, { missed: true }] });
  });

  it.each([
    ['a recogniser that says nothing of speech', { protocol: 'alice' }, 'REALOPS_WITH_INVALID', 'the protocol alice does not say when speech begins and ends'],
    ['a protocol of its own without an end of speech', { protocol: { final: 'text', speechStart: 'start' } }, 'REALOPS_WITH_INVALID', 'the protocol custom does not say'],
    ['claims of texts', { protocol: 'alice', by: 'texts', time: 'claim' }, 'REALOPS_WITH_INVALID', 'texts do not claim where speech is'],
    ['speech beyond the clip', { segments: [{ startMs: 100, endMs: 9_000 }] }, 'REALOPS_INPUT_INVALID', 'speech of the clip from 100 to 9000 ms does not fit it'],
    ['speech that is not in order', { segments: [...SEGMENTS].reverse() }, 'REALOPS_INPUT_INVALID', 'begins before the one before it has ended'],
  ])('refuses %s before anything is sent', async (_, more, code, message) => {
    await using server = await startRecogniser({});
    expect((await run(server.url, more)).error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(server.callers).toHaveLength(0);
  });

  it('is an error when the recogniser hangs up or reports one', async () => {
    await using closing = await startRecogniser({ frame: ({ socket }, frame) => void (frame === 9 && socket.close(1000)) });
    expect((await run(closing.url)).error).toMatchObject({ code: 'REALOPS_PROTOCOL', message: expect.stringContaining('before the audio had ended') });
    await using dying = await startRecogniser({ frame: ({ raw }, frame) => void (frame === 9 && raw.resetAndDestroy()) });
    expect((await run(dying.url)).error).toMatchObject({ code: 'REALOPS_CONNECTION' });
  });

  it('keeps the contract of step types', { timeout: 30_000, concurrent: false }, async () => {
    await using server = await startRecogniser(sayAt({ 11: { event: 'start' }, 41: { event: 'stop' } }));
    const openHandles = (): readonly string[] => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap' || name === 'TCPServerWrap');
    const valid = { target: 'asr', audio: 'clip.wav', protocol: SAYS, tailMs: 0 };
    const broken = await checkStepType(vad, { valid, stuck: { parameters: { ...valid, tailMs: 60_000 } }, options: { targets: { asr: server.url }, files: folder }, openHandles });
    expect(broken).toEqual([]);
  });
});
