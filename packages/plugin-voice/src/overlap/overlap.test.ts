import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkStepType, runStep, type StepRun } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWav } from '../audio/wav.js';
import { startRecogniser, type Script } from '../fixtures/recogniser.js';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';
import { PROTOCOLS } from '../protocols/index.js';
import { overlap } from './overlap.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-overlap-'));
  await writeFile(join(folder, 'anna.wav'), wavFile(padded(speechLike(0.6), 0.1, 0.1)));
  await writeFile(join(folder, 'bo.wav'), wavFile(padded(speechLike(0.5), 0.2, 0.1)));
});
afterAll(() => rm(folder, { recursive: true }));

const ANNA = { id: 'anna', audio: 'anna.wav', reference: 'tänd lampan', segments: [{ startMs: 100, endMs: 700 }] };
const BO = { id: 'bo', audio: 'bo.wav', reference: 'hur blir vädret', overlapMs: 300, segments: [{ startMs: 200, endMs: 700 }] };
/** The framing of the scripted recogniser, as a suite would describe it. */
const SPEAKING = { frame: '{"type":"audio","pcm_base64":"{base64}"}', end: ['{"type":"end"}'], final: "event = 'final' ? text", said: 'said' };
const run = (url: string, more: Parameters<typeof runStep>[1] = {}, options: Parameters<typeof runStep>[2] = {}): Promise<StepRun> =>
  runStep(overlap, { target: 'asr', speakers: [ANNA, BO], tailMs: 100, ...more }, { targets: { asr: url }, files: folder, timeoutMs: 8_000, ...options });
const ends = (...finals: readonly object[]): Script => ({ end: (caller) => finals.forEach((final) => caller.say({ event: 'final', ...final })) });
const ratio = (result: StepRun, metric: string): unknown => {
  const sample = result.measurements.find((each) => each.metric === metric);
  return sample === undefined ? undefined : `${Math.round(Number(sample.value))}/${Math.round(Number(sample.whole))}`;
};

describe('voice.overlap', () => {
  it('streams the mixture and counts everybody’s words, whoever said them', async () => {
    await using server = await startRecogniser(ends({ text: 'Tänd hur lampan blir vädret' }));
    const result = await run(server.url, { follow: 'anna' });
    expect(result.output).toMatchObject({
      text: 'Tänd hur lampan blir vädret', overlapWer: 0, wer: 3 / 2, cpWer: null, der: null, said: [], gain: 1, collarMs: 0, overlapMs: 300, durationMs: 1_000,
      truth: [{ speaker: 'anna', startMs: 100, endMs: 700 }, { speaker: 'bo', startMs: 400, endMs: 900 }], overlaps: [{ startMs: 400, endMs: 700 }],
      levels: [{ speaker: 'anna', levelDb: -26, takenFor: null }, { speaker: 'bo', levelDb: -26, takenFor: null }],
    });
    expect([ratio(result, 'voice.wer'), ratio(result, 'voice.overlapWer'), ratio(result, 'voice.cpWer'), ratio(result, 'voice.der')]).toEqual(['3/2', '0/5', undefined, undefined]);
    expect(result.measurements.find(({ metric }) => metric === 'voice.overlapWer')?.labels).toMatchObject({ speakers: '2', noise: 'none' });
    const audio = server.callers[0]?.audio() ?? Buffer.alloc(0);
    expect(audio.length).toBe(32 * 1_100 + ((640 - ((32 * 1_100) % 640)) % 640));
    expect(audio.subarray(32 * 400, 32 * 700).some((byte) => byte !== 0)).toBe(true);
  });

  it('gives words and time to speakers where the recogniser does', async () => {
    const said = [{ speaker: 0, startMs: 400, endMs: 800, text: 'hur blir väder' }, { speaker: 1, startMs: 0, endMs: 700, text: 'tänd lampan' }];
    await using server = await startRecogniser(ends({ text: 'tänd lampan', said: said[1] }, { text: 'hur blir väder', said: said[0] }));
    const result = await run(server.url, { protocol: SPEAKING });
    expect(result.error).toBeUndefined();
    expect(result.output).toMatchObject({ cpWer: 1 / 5, overlapWer: 1 / 5, der: 0.18, levels: [{ takenFor: '1' }, { takenFor: '0' }] });
    expect(result.pictures.map(({ lanes }) => lanes.map(({ name, spans }) => [name, ...spans.map(({ from_ms, to_ms }) => `${from_ms}–${to_ms}`)]))).toEqual([[['anna', '100–700'], ['bo', '400–900'], ['recogniser: 1', '0–700'], ['recogniser: 0', '400–800']]]);
    // 100 ms of anna made up, the last 100 ms of bo missed, of 1,100.
    expect([ratio(result, 'voice.cpWer'), ratio(result, 'voice.der')]).toEqual(['1/5', '200/1100']);
    expect(result.measurements.find(({ metric }) => metric === 'voice.der')?.labels).toMatchObject({ collar: '0' });
    const kinder = await run(server.url, { protocol: SPEAKING, collarMs: 100 });
    expect(kinder.output).toMatchObject({ collarMs: 100, der: 0 });
    expect([ratio(kinder, 'voice.der'), kinder.measurements.find(({ metric }) => metric === 'voice.der')?.labels]).toEqual(['0/300', expect.objectContaining({ collar: '100' })]);
    const nothing = await run(server.url, { protocol: SPEAKING, collarMs: 400 });
    expect([nothing.output, ratio(nothing, 'voice.der')]).toEqual([expect.objectContaining({ der: null }), undefined]);
  });

  it('counts the lead: the truth is that of the stream', async () => {
    await using server = await startRecogniser(ends({ text: 'x', said: { speaker: 'a', startMs: 300, endMs: 900, text: 'x' } }));
    const result = await run(server.url, { protocol: SPEAKING, leadMs: 200 });
    expect(result.output).toMatchObject({ truth: [{ startMs: 300, endMs: 900 }, { startMs: 600, endMs: 1_100 }], overlaps: [{ startMs: 600, endMs: 900 }] });
    expect(ratio(result, 'voice.der')).toBe('500/1100');
  });

  it('confuses nobody when two speakers are taken for one: the time of the other is missed', async () => {
    await using server = await startRecogniser(ends({ text: 'tänd lampan hur blir vädret', said: { speaker: 'x', startMs: 100, endMs: 900, text: 'tänd lampan hur blir vädret' } }));
    const result = await run(server.url, { protocol: SPEAKING });
    // Anna's 600 ms are right, bo's last 200 go to the wrong speaker, the 300 in which both speak are missed once.
    expect(ratio(result, 'voice.der')).toBe('500/1100');
    expect(ratio(result, 'voice.cpWer')).toBe('4/5');
  });

  it('takes a missing final for the loss of every word', async () => {
    await using server = await startRecogniser({ end: ({ socket }) => socket.close(1000) });
    const result = await run(server.url, { follow: 'bo' });
    expect(result.error).toMatchObject({ code: 'REALOPS_PROTOCOL' });
    expect([ratio(result, 'voice.overlapWer'), ratio(result, 'voice.wer')]).toEqual(['5/5', '3/3']);
    expect(result.measurements.find(({ metric }) => metric === 'voice.missingFinal')?.value).toBe(1);
    expect(result.measurements.find(({ metric }) => metric === 'voice.final')?.value).toBeNull();
  });

  it('measures without references what can be measured without them', async () => {
    await using server = await startRecogniser(ends({ text: 'något', said: { speaker: 'x', startMs: 100, endMs: 700, text: 'något' } }));
    const result = await run(server.url, { protocol: SPEAKING, speakers: [ANNA, { ...BO, reference: undefined }].map((each) => JSON.parse(JSON.stringify(each))) });
    expect(result.output).toMatchObject({ overlapWer: null, cpWer: null });
    expect(ratio(result, 'voice.der')).toBe('500/1100');
  });

  it.each([
    ['one name for two', { speakers: [ANNA, { ...BO, id: 'anna' }] }, 'REALOPS_WITH_INVALID', 'two speakers have the id "anna"'],
    ['two places for one', { speakers: [ANNA, { ...BO, startMs: 5 }] }, 'REALOPS_WITH_INVALID', 'the speaker bo has startMs and overlapMs'],
    ['an overlap with nobody', { speakers: [{ ...ANNA, overlapMs: 5 }, BO] }, 'REALOPS_WITH_INVALID', 'anna is the first speaker'],
    ['nobody to follow', { follow: 'cia' }, 'REALOPS_WITH_INVALID', 'there is no speaker "cia" to follow'],
    ['nothing to follow', { speakers: [{ id: 'x', audio: 'anna.wav' }, BO], follow: 'x' }, 'REALOPS_WITH_INVALID', 'what x says is not given'],
    ['a reference without words', { speakers: [{ ...ANNA, reference: '…' }, BO] }, 'REALOPS_INPUT_INVALID', 'holds no words'],
    ['a clip that is not there', { speakers: [ANNA, { ...BO, audio: 'none.wav' }] }, 'REALOPS_FILE_NOT_FOUND', 'none.wav cannot be read'],
    ['an overlap that is longer than what there is', { speakers: [ANNA, { ...BO, overlapMs: 3_000 }] }, 'REALOPS_INPUT_INVALID', 'would begin'],
  ])('refuses %s before anything is sent', async (_, more, code, message) => {
    await using server = await startRecogniser({});
    const result = await run(server.url, more);
    expect(result.error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(server.callers).toHaveLength(0);
  });

  it('refuses a recogniser that says who spoke in no form', async () => {
    await using server = await startRecogniser(ends({ text: 'x', said: { who: 'a' } }));
    expect((await run(server.url, { protocol: SPEAKING })).error).toMatchObject({ code: 'REALOPS_PROTOCOL', message: expect.stringContaining('not { speaker, startMs, endMs, text }') });
  });

  it('keeps the contract of step types', { timeout: 30_000 }, async () => {
    await using server = await startRecogniser(ends({ text: 'tänd lampan', confidence: 0.9 }));
    await using mute = await startRecogniser({});
    const openHandles = (): readonly string[] => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap' || name === 'TCPServerWrap');
    const speakers = [ANNA, BO];
    const broken = await checkStepType(overlap, { valid: { target: 'asr', speakers, tailMs: 0 }, stuck: { parameters: { target: 'mute', speakers } }, options: { targets: { asr: server.url, mute: mute.url }, files: folder }, openHandles });
    expect(broken).toEqual([]);
  });
});

describe('a diariser', () => {
  /** Answers every request with what `answer` makes of it. */
  async function startDiariser(answer: (request: IncomingMessage, body: Buffer) => { readonly status?: number; readonly text: string }): Promise<{ readonly url: string } & AsyncDisposable> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        const { status = 200, text } = answer(request, Buffer.concat(chunks));
        response.writeHead(status).end(text);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return { url: `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}/diarise`, [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) };
  }
  const SEGMENTS = 'segments.{ "speaker": who, "startMs": from * 1000, "endMs": to * 1000 }';
  const perfect = JSON.stringify({ segments: [{ who: 'A', from: 0.1, to: 0.7 }, { who: 'B', from: 0.4, to: 0.9 }] });
  const asking = (url: string, diariser: object, more: object = {}): Promise<StepRun> =>
    runStep(overlap, { speakers: [ANNA, BO], tailMs: 100, diariser: { url: 'diariser', segments: SEGMENTS, ...diariser }, ...more }, { targets: { diariser: url }, files: folder });

  it('gets the mixture as a WAV file, and is held against the truth without a recogniser', async () => {
    const got: { readonly type: string | undefined; readonly key: unknown; readonly clip: ReturnType<typeof readWav> }[] = [];
    await using server = await startDiariser(({ headers }, body) => (got.push({ type: headers['content-type'], key: headers['x-key'], clip: readWav(body) }), { text: perfect }));
    const result = await asking(server.url, { headers: { 'x-key': 'k' } });
    expect(result.output).toMatchObject({ text: '', overlapWer: null, der: null, diariserDer: 0, diarised: [{ speaker: 'A', startMs: 100, endMs: 700 }, { speaker: 'B', startMs: 400, endMs: 900 }], finalMs: null });
    expect(got).toMatchObject([{ type: 'audio/wav', key: 'k', clip: { durationMs: 1_100, source: { sampleRate: 16_000, channels: 1 } } }]);
    expect(result.measurements.map(({ metric, value, labels }) => [metric, value, labels['by']])).toEqual([['voice.der', 0, 'diariser']]);
  });

  it('may want a form', async () => {
    let form = '';
    await using server = await startDiariser(({ headers }, body) => {
      const boundary = /boundary=(\S+)/u.exec(headers['content-type'] ?? '')?.[1] ?? 'none';
      const [, part = ''] = body.toString('latin1').split(`--${boundary}\r\n`);
      form = part.slice(0, part.indexOf('\r\n\r\n'));
      const file = part.slice(part.indexOf('\r\n\r\n') + 4, part.lastIndexOf(`\r\n--${boundary}--`));
      return { text: readWav(Buffer.from(file, 'latin1')).durationMs === 1_100 ? perfect : '{}' };
    });
    expect((await asking(server.url, { field: 'file' })).output).toMatchObject({ diariserDer: 0 });
    expect(form.toLowerCase()).toContain('name="file"; filename="mixture.wav"');
  });

  it('finds nobody: all speech is missed', async () => {
    await using server = await startDiariser(() => ({ text: '{"segments":[]}' }));
    const result = await asking(server.url, {});
    expect([ratio(result, 'voice.der'), Object(result.output).diariserDer]).toEqual(['1100/1100', 1]);
  });

  it.each([
    ['fails', { status: 500, text: '{}' }, {}, 'REALOPS_TARGET_FAILED', 'the diariser answered with status 500'],
    ['answers with a page', { text: '<html>' }, {}, 'REALOPS_PROTOCOL', 'the diariser answered with 6 bytes that are not JSON'],
    ['answers with something else', { text: '{"segments":[{"who":"A"}]}' }, { segments: 'segments' }, 'REALOPS_PROTOCOL', 'the expression segments gives {"who":"A"}, not { speaker, startMs, endMs }'],
  ])('that %s is an error', async (_, answer, more, code, message) => {
    await using server = await startDiariser(() => answer);
    expect((await asking(server.url, more)).error).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('or a recogniser has to be there', async () => {
    const without = await runStep(overlap, { speakers: [ANNA, BO] }, { files: folder });
    expect(without.error).toMatchObject({ code: 'REALOPS_WITH_INVALID', message: 'nobody is asked' });
  });
});

describe('who said what, by Deepgram', () => {
  it('is told by the words of diarize, a pause making two of them', async () => {
    const session = PROTOCOLS.deepgram.start({ language: 'sv', config: { diarize: true }, audio: { encoding: 's16le', rate: 16_000 }, traceId: '' });
    const word = (text: string, start: number, end: number, speaker: number): object => ({ word: text, start, end, confidence: 0.9, speaker });
    const results = (words: readonly object[], last: boolean): Uint8Array => Buffer.from(JSON.stringify({ type: 'Results', is_final: true, speech_final: last, channel: { alternatives: [{ transcript: 'x', confidence: 1, words }] } }));
    await session.decode(results([word('tänd', 0.1, 0.4, 0), word('lampan', 0.4, 0.7, 0), word('hur', 0.5, 0.8, 1)], false), false);
    const events = await session.decode(results([word('blir', 0.9, 1.1, 1), word('vädret', 1.9, 2.2, 1)], true), false);
    expect(events).toMatchObject([{ kind: 'final', text: 'x x', said: [{ speaker: '0', startMs: 100, endMs: 700, text: 'tänd lampan' }, { speaker: '1', startMs: 500, endMs: 800, text: 'hur' }, { speaker: '1', startMs: 900, endMs: 1_100, text: 'blir' }, { speaker: '1', startMs: 1_900, endMs: 2_200, text: 'vädret' }] }]);
  });
});
