import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { checkStepType, runStep, type StepRun } from '@alice/realops/testing';
import { describe, expect, it } from 'vitest';
import { startRecogniser } from '../fixtures/recogniser.js';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';
import { synthesize } from './synthesize.js';

/** 200 ms silence, 800 ms speech, 100 ms silence. */
const SPEECH = padded(speechLike(0.8), 0.2, 0.1);
const WAV = wavFile(SPEECH);

interface Synthesiser extends AsyncDisposable {
  readonly url: string;
  readonly asked: { readonly body: unknown; readonly headers: IncomingMessage['headers'] }[];
}
async function start(answer: (response: ServerResponse, count: number) => void): Promise<Synthesiser> {
  const asked: { readonly body: unknown; readonly headers: IncomingMessage['headers'] }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    request.on('end', () => {
      asked.push({ body: JSON.parse(text), headers: request.headers });
      answer(response, asked.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String(Reflect.get(Object(server.address()), 'port'))}/api/tts`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
const run = (url: string, extra: Parameters<typeof runStep>[1] = {}, options: Parameters<typeof runStep>[2] = {}): Promise<StepRun> =>
  runStep(synthesize, { url: 'tts', text: 'Det är gjort.', ...extra }, { targets: { tts: url }, timeoutMs: 5_000, ...options });
const valueOf = (result: StepRun, metric: string): number => result.measurements.find((each) => each.metric === metric)?.value ?? NaN;
const paced = (response: ServerResponse, bytes: Buffer, size: number, everyMs: number): void => {
  let at = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(at, (at += size)));
    if (at >= bytes.length) {
      clearInterval(timer);
      response.end();
    }
  }, everyMs);
};

describe('voice.synthesize', () => {
  it('tells when sound that comes in pieces is heard', async () => {
    // 100 ms of sound every 50 ms: faster than it is heard.
    await using server = await start((response) => paced(response, WAV, 3_200, 50));
    const result = await run(server.url, { headers: { authorization: 'Bearer key' }, json: { text: 'Det är gjort.', voice: 'anna' } });
    expect(result.error).toBeUndefined();
    expect(result.output).toMatchObject({ status: 200, characters: 13, durationMs: 1_100, silent: false, clipped: false, truncated: false, cache: 'unknown', file: expect.stringMatching(/speech\.wav$/u) });
    expect(server.asked).toMatchObject([{ body: { text: 'Det är gjort.', voice: 'anna' }, headers: { authorization: 'Bearer key', traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-/u) } }]);
    const [first, audible, total] = ['voice.ttsFirstByte', 'voice.ttsFirstAudible', 'voice.ttsTotal'].map((metric) => valueOf(result, metric));
    // The sound begins with 200 ms of silence, which whoever listens has to wait for.
    expect(Number(audible) - Number(first)).toBeGreaterThan(185);
    expect(Number(audible) - Number(first)).toBeLessThan(260);
    expect(total).toBeGreaterThan(500);
    expect(valueOf(result, 'voice.ttsGaps')).toBeLessThan(30);
    expect(result.measurements.every(({ labels }) => labels?.['cache'] === 'unknown')).toBe(true);
  });

  it('hears gaps where sound comes slower than it is played', async () => {
    await using server = await start((response) => paced(response, WAV, 3_200, 150));
    const result = await run(server.url);
    // Eleven pieces and a bit of 100 ms, 150 ms apart.
    expect(valueOf(result, 'voice.ttsGaps')).toBeGreaterThan(400);
    expect(result.measurements.find(({ metric }) => metric === 'voice.ttsRealTime')).toMatchObject({ whole: 1_100 });
  });

  it('finds sound in JSON, and whether it came from a cache', async () => {
    await using server = await start((response, count) => response.end(JSON.stringify({ audio_data: WAV.toString('base64'), cache: count === 1 ? 'MISS' : 'HIT' })));
    const parameters = { audio: 'audio_data', cached: "body.cache = 'HIT'" };
    const [one, two] = [await run(server.url, parameters), await run(server.url, parameters)];
    expect([one, two].map((result) => Object(result.output).cache)).toEqual(['miss', 'hit']);
    // Nothing is heard before all of it is there.
    expect(valueOf(one, 'voice.ttsFirstAudible')).toBeGreaterThan(valueOf(one, 'voice.ttsTotal') + 185);
    expect(server.asked[0]?.body).toEqual({ text: 'Det är gjort.' });
  });

  it('takes samples without a header', async () => {
    await using server = await start((response) => response.end(Buffer.from(SPEECH.buffer)));
    expect((await run(server.url, { pcm: { rate: 16_000 } })).output).toMatchObject({ durationMs: 1_100, silent: false });
  });

  it('hears silence, clipping and a cut word', async () => {
    const bad = [new Int16Array(16_000), Int16Array.from(SPEECH).fill(32_767, 8_000, 8_010), SPEECH.subarray(0, SPEECH.findIndex((sample) => Math.abs(sample) > 6_000) + 800)];
    await using server = await start((response, count) => response.end(wavFile(bad[count - 1] ?? SPEECH)));
    const results = [await run(server.url), await run(server.url), await run(server.url)];
    expect(results.map((result) => ['voice.ttsSilent', 'voice.ttsClipped', 'voice.ttsTruncated'].map((metric) => valueOf(result, metric)))).toEqual([[1, 0, 0], [0, 1, 0], [0, 0, 1]]);
    expect(results[0]?.output).toMatchObject({ firstAudibleMs: null, activeDb: null });
    expect(results[0]?.measurements.some(({ metric }) => metric === 'voice.ttsFirstAudible')).toBe(false);
  });

  it('has the sound recognised, and counts the words that do not come back', async () => {
    await using server = await start((response) => response.end(WAV));
    await using recogniser = await startRecogniser({ end: ({ say }) => say({ event: 'final', text: 'det är gjord', confidence: 0.9 }) });
    const targets = { tts: server.url, asr: recogniser.url };
    const result = await run(server.url, { recognise: { target: 'asr', tailMs: 0 } }, { targets });
    expect(result.error).toBeUndefined();
    expect(result.output).toMatchObject({ recognised: 'det är gjord', wer: 1 / 3 });
    expect(result.measurements.find(({ metric }) => metric === 'voice.ttsWer')).toMatchObject({ value: 1, whole: 3, labels: { cache: 'unknown' } });
    expect(result.measurements.some(({ metric }) => metric === 'voice.wer')).toBe(false);
    // What was sent is what was synthesised.
    const heard = recogniser.callers[0]?.audio() ?? Buffer.alloc(0);
    expect(heard.subarray(0, SPEECH.length * 2).equals(Buffer.from(SPEECH.buffer, SPEECH.byteOffset, SPEECH.byteLength))).toBe(true);
  });

  it('counts every word of a silent sound, and none where the recogniser fails', async () => {
    await using silent = await start((response) => response.end(wavFile(new Int16Array(16_000))));
    await using deaf = await startRecogniser({ end: ({ socket }) => socket.close(1000) });
    const nothing = await run(silent.url, { recognise: { target: 'asr' } }, { targets: { tts: silent.url, asr: deaf.url } });
    expect(nothing.measurements.find(({ metric }) => metric === 'voice.ttsWer')).toMatchObject({ value: 3, whole: 3 });
    expect([nothing.output, deaf.callers.length]).toMatchObject([{ recognised: '', wer: 1, silent: true }, 0]);
    await using server = await start((response) => response.end(WAV));
    const failed = await run(server.url, { recognise: { target: 'asr', tailMs: 0 } }, { targets: { tts: server.url, asr: deaf.url } });
    expect(failed.error).toMatchObject({ code: 'REALOPS_PROTOCOL' });
    expect(failed.measurements.some(({ metric }) => metric === 'voice.ttsWer')).toBe(false);
  });

  it('keeps the sound only with consent', async () => {
    await using server = await start((response) => response.end(WAV));
    const result = await run(server.url, {}, { consents: [] });
    expect(result.output).toMatchObject({ file: null });
    expect(result.artifacts.size).toBe(0);
  });

  it.each<{ it: string; answer: (response: ServerResponse) => void; code: string; message: string; extra?: { readonly audio: string } }>([
    { it: 'answers with a status', answer: (response) => response.writeHead(503).end('Det är gjort.'), code: 'REALOPS_TARGET_FAILED', message: 'answered with status 503' },
    { it: 'redirects', answer: (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), code: 'REALOPS_TARGET_FAILED', message: 'answered with status 302' },
    { it: 'answers with a page', answer: (response) => response.end('<html>ok</html>'), code: 'REALOPS_INPUT_INVALID', message: 'the sound is not a WAV file' },
    { it: 'answers with nothing', answer: (response) => response.end(), code: 'REALOPS_INPUT_INVALID', message: 'the sound is empty' },
    { it: 'breaks off', answer: (response) => (response.writeHead(200, { 'content-length': WAV.length }).write(WAV.subarray(0, 900)), setTimeout(() => response.destroy(), 30)), code: 'REALOPS_PROTOCOL', message: 'broke off after 900 bytes' },
    { it: 'hangs up', answer: (response) => void response.destroy(), code: 'REALOPS_CONNECTION', message: 'no answer from http://127.0.0.1' },
    { it: 'never answers', answer: () => undefined, code: 'REALOPS_TIMEOUT', message: 'did not finish within 400 ms' },
    { it: 'has no JSON', answer: (response) => response.end(WAV), code: 'REALOPS_PROTOCOL', message: 'bytes that are not JSON', extra: { audio: 'audio' } },
    { it: 'has no sound in its JSON', answer: (response) => response.end('{"audio":null}'), code: 'REALOPS_PROTOCOL', message: 'the expression audio gives null', extra: { audio: 'audio' } },
    { it: 'has something else in its JSON', answer: (response) => response.end('{"audio":"aGVq"}'), code: 'REALOPS_INPUT_INVALID', message: 'the sound is not a WAV file', extra: { audio: 'audio' } },
  ])('$it', async ({ answer, code, message, extra = {} }) => {
    await using server = await start(answer);
    const result = await run(server.url, { ...extra }, { timeoutMs: 400 });
    expect(result.error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(JSON.stringify([result.error?.message, result.error?.hint])).not.toContain('Det är gjort');
    expect(result.durationMs).toBeLessThan(1_500);
    expect(result.measurements.find(({ metric }) => metric === 'voice.ttsTotal')?.value ?? null).toBeNull();
  });

  it('refuses a target of another kind', async () => {
    expect((await run('ws://127.0.0.1:1')).error).toMatchObject({ code: 'REALOPS_WITH_INVALID' });
  });

  it('keeps the contract of step types', { timeout: 30_000 }, async () => {
    await using server = await start((response) => response.end(WAV));
    await using mute = await start(() => undefined);
    const broken = await checkStepType(synthesize, {
      valid: { url: 'tts', text: 'hej' }, stuck: { parameters: { url: 'mute', text: 'hej' } }, options: { targets: { tts: server.url, mute: mute.url } },
      openHandles: () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap'),
    });
    expect(broken).toEqual([]);
  });
});
