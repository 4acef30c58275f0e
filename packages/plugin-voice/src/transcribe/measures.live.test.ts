import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, type StepRun } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPeers } from '../fixtures/peers/index.js';
import { startRecogniser, type Script } from '../fixtures/recogniser.js';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';
import { transcribe } from './transcribe.js';

/** 100 ms silence, 500 ms speech, 100 ms silence: speech lies in frames 5 to 29. */
const CLIP = padded(speechLike(0.5), 0.1, 0.1);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-measures-'));
  await writeFile(join(folder, 'clip.wav'), wavFile(CLIP));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (url: string, extra: Parameters<typeof runStep>[1] = {}): Promise<StepRun> =>
  runStep(transcribe, { target: 'asr', audio: 'clip.wav', onsetMs: 100, endMs: 600, reference: 'Tänd lampan i vardagsrummet klockan tio', headers: { authorization: 'Token key-of-a-test' }, ...extra }, { targets: { asr: url }, files: folder, timeoutMs: 5_000 });
const samples = (result: StepRun, metric: string): readonly unknown[] => result.measurements.filter((sample) => sample.metric === metric).map(({ value, whole }) => (whole === undefined ? value : `${value}/${whole}`));
const sayAt = (frames: { readonly [frame: number]: { readonly [key: string]: unknown } }): Script => ({
  frame(caller, frame) {
    const event = frames[frame];
    if (event !== undefined) caller.say(event);
  },
});

it.concurrent('puts the labels of the suite on everything, and its own over them', async () => {
  await using server = await startRecogniser(sayAt({ 35: { event: 'final', text: 'tänd lampan' } }));
  const result = await run(server.url, { labels: { timeout: 700, room: 'köket', noise: 'mine' } });
  expect(result.measurements.length).toBeGreaterThan(5);
  for (const { labels } of result.measurements) expect(labels).toMatchObject({ timeout: 700, room: 'köket', noise: 'none' });
  await using silent = await startRecogniser({ end: ({ socket }) => socket.close(1000) });
  const missing = await run(silent.url, { labels: { timeout: 700 }, tailMs: 0 });
  expect(missing.measurements.find(({ metric }) => metric === 'voice.wer')?.labels).toMatchObject({ timeout: 700, final: 'missing' });
});

describe.concurrent('what was wrong', () => {
  it('counts compounds, keywords and numbers apart', async () => {
    await using server = await startRecogniser(sayAt({ 35: { event: 'final', text: 'tänd lamporna i vardags rummet klockan två', confidence: 0.8 } }));
    const result = await run(server.url, { keywords: ['lampan', 'vardagsrummet', 'Klockan tio'] });
    expect(result.output).toMatchObject({ words: { hits: 2, substitutions: 3, insertions: 1 }, wer: 4 / 5, werCompound: 2 / 5 });
    expect(samples(result, 'voice.werCompound')).toEqual(['2/5']);
    expect(samples(result, 'voice.keywordErrors')).toEqual(['3/3']);
    expect(samples(result, 'voice.numberErrors')).toEqual(['2/1']);
    expect(samples(result, 'voice.brier')).toEqual([0.8 ** 2]);
  });

  it('takes the way of writing it with the fewest errors, by the normaliser that is asked for', async () => {
    await using server = await startRecogniser(sayAt({ 35: { event: 'final', text: 'släck taket kl 10' } }));
    const alternatives = ['Släck taket, kl. 10', 'släck tak'];
    expect((await run(server.url, { alternatives })).output).toMatchObject({ wer: 0 });
    expect((await run(server.url, { reference: 'släck taket klockan tio', normaliser: 'leaderboard-ml' })).output).toMatchObject({ wer: 1 / 4 });
    expect((await run(server.url, { reference: 'Släck taket kl 10!', normaliser: 'kblab' })).output).toMatchObject({ wer: 0 });
    expect((await run(server.url, { reference: 'Släck taket kl 10!', normaliser: 'none' })).output).toMatchObject({ wer: 1 / 2, werStrict: 1 / 2 });
    expect((await run(server.url, { alternatives: ['!'] })).error).toMatchObject({ code: 'REALOPS_INPUT_INVALID', message: expect.stringContaining('"!" holds no words') });
  });

  it('counts keywords of a final that never came as missed', async () => {
    await using server = await startRecogniser({ end: ({ socket }) => socket.close(1000) });
    const result = await run(server.url, { keywords: ['lampan'], tailMs: 0 });
    expect(samples(result, 'voice.keywordErrors')).toEqual(['1/1']);
    expect(samples(result, 'voice.werCompound')).toEqual(['5/5']);
    expect(samples(result, 'voice.brier')).toEqual([]);
  });

  it('measures the first text that was right so far, not the first text', async () => {
    await using server = await startRecogniser(sayAt({ 12: { event: 'partial', text: 'ta' }, 20: { event: 'partial', text: 'tänd' }, 35: { event: 'final', text: 'tänd', confidence: 0.5 } }));
    const result = await run(server.url);
    const [first, right] = [Number(samples(result, 'voice.partial')[0]), Number(samples(result, 'voice.partialCorrect')[0])];
    expect(right - first).toBeGreaterThan(120);
    expect(right - first).toBeLessThan(300);
  });
});

describe.concurrent('when the turn ends', () => {
  it('is where the recogniser ended it by itself, also when it cut the speaker off', async () => {
    await using late = await startRecogniser(sayAt({ 35: { event: 'final', text: 'tänd' } }));
    const onTime = await run(late.url);
    const [[after], [lateness]] = [samples(onTime, 'voice.endpoint'), samples(onTime, 'voice.senderLateness')];
    // The end of speech that we sent late ourselves came so much nearer to the final, which the recogniser gives at a later frame.
    expect(after).toBeGreaterThan(80 - Number(lateness));
    await using early = await startRecogniser(sayAt({ 20: { event: 'final', text: 'tänd' } }));
    const cut = await run(early.url);
    expect(samples(cut, 'voice.endpoint')[0]).toBeLessThan(-150);
    expect(Object(cut.output).endpointMs).toBe(samples(cut, 'voice.endpoint')[0]);
  });

  it('is nowhere when the end message ended it', async () => {
    await using server = await startRecogniser({ end: (caller) => caller.say({ event: 'final', text: 'tänd' }) });
    const result = await run(server.url, { tailMs: 0 });
    expect(samples(result, 'voice.endpoint')).toEqual([]);
    expect(result.output).toMatchObject({ endpointMs: null });
  });

  it('is where the recogniser said that speech has ended, before its transcript', async () => {
    const peer = await startPeers['openai-realtime']?.start([{ at: 200, say: 'speechStart' }, { at: 680, say: 'speechStop' }, { at: 900, say: 'final', text: 'tänd' }]);
    if (peer === undefined) throw new Error('no peer');
    await using _ = peer;
    const result = await run(peer.url, { protocol: 'openai-realtime' });
    const [endpoint, final, start, stop] = ['voice.endpoint', 'voice.final', 'voice.vadStart', 'voice.vadStop'].map((metric) => Number(samples(result, metric)[0]));
    expect(endpoint).toBe(stop);
    expect(Number(final) - Number(endpoint)).toBeGreaterThan(180);
    expect(start).toBeGreaterThan(60);
    expect(start).toBeLessThan(160);
    expect(result.notes.map(({ name }) => name)).toEqual(['asr_speech_start', 'asr_speech_stop', 'asr_final']);
  });
});

it.concurrent('tells of words that come after the recogniser had said that the turn is over', async () => {
  const protocol = { frame: '{"type":"audio","pcm_base64":"{base64}"}', end: ['{"type":"end"}'], final: "event = 'final' ? text", turnEnd: "event = 'over'" };
  const late = async (after: { readonly [frame: number]: { readonly [key: string]: unknown } }): Promise<readonly unknown[]> => {
    await using server = await startRecogniser(sayAt({ 25: { event: 'over' }, 33: { event: 'final', text: 'tänd' }, ...after }));
    return samples(await run(server.url, { protocol, finals: 'all', tailMs: 300 }), 'voice.finalLate');
  };
  expect(await late({ 36: { event: 'over' }, 42: { event: 'final', text: 'lampan' } })).toEqual([1]);
  expect(await late({ 36: { event: 'over' } })).toEqual([0]);
  // Said while somebody still spoke, it says nothing of what comes later.
  expect(await late({ 42: { event: 'final', text: 'lampan' } })).toEqual([]);
});

describe.concurrent('pauses in the speech', () => {
  it('are silence, move the end, and are cut or not', async () => {
    // 300 ms of silence at 350 ms: the first final falls into it, the second comes after it.
    await using server = await startRecogniser(sayAt({ 25: { event: 'final', text: 'tänd' }, 58: { event: 'final', text: 'lampan' } }));
    const result = await run(server.url, { pauses: [{ atMs: 350, ms: 300 }, { atMs: 500, ms: 200 }], finals: 'all', tailMs: 100 });
    expect(result.output).toMatchObject({ onsetMs: 100, endMs: 1_100, durationMs: 700 });
    expect(result.measurements.filter(({ metric }) => metric === 'voice.pauseCut').map(({ value, labels }) => [value, labels?.['pause']])).toEqual([[1, '300'], [0, '200']]);
    const sent = server.callers[0]?.audio() ?? Buffer.alloc(0);
    expect(sent.subarray(350 * 32, 650 * 32).every((byte) => byte === 0)).toBe(true);
    expect(sent.subarray(300 * 32, 340 * 32).some((byte) => byte !== 0)).toBe(true);
    expect(sent.length).toBe(1_300 * 32);
  });

  it('that lie beyond the clip are refused before anything is sent', async () => {
    await using server = await startRecogniser({});
    const result = await run(server.url, { pauses: [{ atMs: 701, ms: 10 }] });
    expect(result.error).toMatchObject({ code: 'REALOPS_INPUT_INVALID' });
    expect(server.callers).toHaveLength(0);
  });
});

describe.concurrent('conditions', () => {
  it('move speech as they move its sound, and are a label', async () => {
    await using server = await startRecogniser({ end: (caller) => caller.say({ event: 'final', text: 'tänd' }) });
    const result = await run(server.url, { speed: 1.25, pauses: [{ atMs: 350, ms: 100 }], reverb: { rt60Ms: 200 }, connection: { codec: 'g711', loss: { percent: 100 } }, tailMs: 40 });
    expect(result.output).toMatchObject({ onsetMs: 80, endMs: 580, durationMs: 700, lostPackets: 45 });
    expect(result.measurements.every(({ metric, labels }) => metric === 'voice.senderLateness' || labels?.['condition'] === 'speed=1.25,reverb=200,codec=g711,loss=100')).toBe(true);
    // 560 ms of speech, 100 of pause, 200 of room, 40 of tail: all of it lost.
    const sent = server.callers[0]?.audio() ?? Buffer.alloc(0);
    expect(sent.length).toBe(900 * 32);
    expect(sent.every((byte) => byte === 0)).toBe(true);
  });

  it('are the same for the same seed', async () => {
    await using server = await startRecogniser({ end: (caller) => caller.say({ event: 'final', text: 'tänd' }) });
    for (let time = 0; time < 2; time += 1) await run(server.url, { connection: { loss: { percent: 30 } }, tailMs: 0 });
    const [one, other] = server.callers.map((caller) => caller.audio());
    expect(one?.equals(other ?? Buffer.alloc(0))).toBe(true);
    expect(one?.equals(Buffer.from(CLIP.buffer))).toBe(false);
  });
});
