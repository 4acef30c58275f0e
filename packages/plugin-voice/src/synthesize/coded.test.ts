import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, type StepRun } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { converse } from '../converse/converse.js';
import { turnsIn } from '../fixtures/agent/hold.js';
import { startTalkPeer } from '../fixtures/peers/talk/index.js';
import { startRecogniser } from '../fixtures/recogniser.js';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';
import { synthesize } from './synthesize.js';

const missing = spawnSync('ffmpeg', ['-version']).status === 0 ? '' : ' (skipped: ffmpeg is not in PATH)';
const env = { PATH: process.env['PATH'] ?? '' };
/** 200 ms silence, 800 ms speech, 150 ms silence. */
const SPEECH = padded(speechLike(0.8), 0.2, 0.15);
/** The same, broken off in the middle of a syllable: 800 ms from the beginning. */
const CUT = SPEECH.subarray(0, 12_800);
const CLIPPED = SPEECH.map((sample) => Math.max(-32_768, Math.min(32_767, sample * 12)));
const FORMATS: readonly (readonly [name: string, coding: string, type: string, options: readonly string[]])[] = [
  ['mp3', 'MP3', 'audio/mpeg', ['-b:a', '64k']],
  ['mp3 as a stream, without a header', 'MP3', 'audio/mpeg', ['-b:a', '64k', '-write_xing', '0', '-id3v2_version', '0', '-f', 'mp3']],
  ['ogg vorbis', 'Ogg', 'audio/ogg; codecs=vorbis', ['-c:a', 'libvorbis', '-f', 'ogg']],
  ['ogg opus', 'Ogg', 'audio/opus', ['-c:a', 'libopus', '-b:a', '48k', '-f', 'ogg']],
  ['flac', 'FLAC', 'audio/flac', ['-f', 'flac']],
  ['aac', 'AAC', 'audio/aac', ['-c:a', 'aac', '-b:a', '64k', '-f', 'adts']],
  ['webm', 'Matroska', 'audio/webm', ['-c:a', 'libopus', '-b:a', '48k', '-f', 'webm']],
  ['mp4 in fragments', 'MP4', 'audio/mp4', ['-c:a', 'aac', '-b:a', '64k', '-movflags', 'frag_keyframe+empty_moov', '-f', 'mp4']],
  ['µ-law in WAV', 'WAV with µ-law', 'audio/wav', ['-c:a', 'pcm_mulaw', '-ar', '8000', '-f', 'wav']],
];

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'realops-coded-'))));
afterAll(() => rm(folder, { recursive: true }));
let files = 0;
/** The samples, coded by ffmpeg into a file: only so do headers that are written last get where they belong. */
async function coded(samples: Int16Array, options: readonly string[]): Promise<Buffer> {
  const name = join(folder, `${(files += 1)}`);
  await writeFile(`${name}.wav`, wavFile(samples));
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', '-i', `${name}.wav`, ...options, ...(options.includes('-f') ? [] : ['-f', 'mp3']), name]);
  return readFile(name);
}

async function serve(answer: (response: ServerResponse) => void): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String(Reflect.get(Object(server.address()), 'port'))}/tts`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
const whole = (bytes: Uint8Array, type: string) => (response: ServerResponse): void => void response.writeHead(200, type === '' ? {} : { 'content-type': type }).end(bytes);
async function said(answer: (response: ServerResponse) => void, more: Parameters<typeof runStep>[1] = {}, options: Parameters<typeof runStep>[2] = {}): Promise<StepRun> {
  await using server = await serve(answer);
  return await runStep(synthesize, { url: 'tts', text: 'Det är gjort.', ...more }, { timeoutMs: 15_000, env, ...options, targets: { tts: server.url, ...options.targets } });
}
const output = (result: StepRun): { readonly [name: string]: unknown } => {
  expect(result.error).toBeUndefined();
  return Object(result.output);
};

describe.skipIf(missing !== '')(`a synthesiser that answers with coded sound${missing}`, { timeout: 60_000 }, () => {
  it.each(FORMATS)('%s is heard, and kept as it came', async (_, coding, type, options) => {
    const bytes = await coded(SPEECH, options);
    const result = await said(whole(bytes, type));
    expect(output(result)).toMatchObject({ coding, silent: false, clipped: false, truncated: false, gapsMs: null });
    const { durationMs, activeDb, firstByteMs, firstAudibleMs, totalMs, leadingSilenceMs } = output(result);
    expect(Math.abs(Number(durationMs) - 1_150)).toBeLessThan(120);
    expect(Math.abs(Number(leadingSilenceMs) - 200)).toBeLessThan(70);
    expect(Number(activeDb)).toBeGreaterThan(-40);
    // Silence at the beginning is played; nothing of it could be before the first byte, nor must be after the last.
    expect(firstAudibleMs).toBeGreaterThanOrEqual(Number(firstByteMs) + Number(leadingSilenceMs) - 1);
    expect(firstAudibleMs).toBeLessThanOrEqual(Number(totalMs) + Number(leadingSilenceMs) + 1);
    expect(result.measurements.some(({ metric }) => metric === 'voice.ttsGaps')).toBe(false);
    const [[path, kept] = []] = [...result.artifacts];
    expect(path).toMatch(/speech\.(?:mp3|ogg|flac|aac|webm|m4a|wav)$/u);
    expect(Buffer.from(kept ?? '').equals(bytes)).toBe(true);
  });

  it.each(['', 'application/octet-stream', 'audio/wav', 'text/plain'])('believes the bytes where the type says otherwise: %j', async (type) => {
    const [, , , options] = FORMATS[2] ?? [];
    expect(output(await said(whole(await coded(SPEECH, options ?? []), type)))).toMatchObject({ coding: 'Ogg', silent: false });
    expect(output(await said(whole(wavFile(SPEECH), type === 'text/plain' ? 'audio/mpeg' : type)))).toMatchObject({ coding: null, durationMs: 1_150 });
  });

  it('believes the type where the bytes say nothing, and nothing where neither does', async () => {
    // Two bytes that are no sound are in front: no magic, but frames behind it.
    const bytes = Buffer.concat([Buffer.from([0, 0]), await coded(SPEECH, FORMATS[1]?.[3] ?? [])]);
    expect(output(await said(whole(bytes, 'audio/mpeg')))).toMatchObject({ coding: 'MP3', silent: false });
    expect((await said(whole(bytes, ''))).error).toMatchObject({ code: 'REALOPS_INPUT_INVALID', message: expect.stringContaining('the sound is not a WAV file') });
    expect((await said(whole(Buffer.from('{"error":"no voice of that name"}'), 'audio/mpeg'))).error).toMatchObject({ code: 'REALOPS_INPUT_INVALID', message: expect.stringContaining('the sound cannot be decoded') });
    expect((await said(whole(Buffer.alloc(0), 'audio/mpeg'))).error).toMatchObject({ code: 'REALOPS_INPUT_INVALID', message: expect.stringContaining('the sound is empty') });
  });

  it.each(FORMATS)('%s: silence, clipping and a word that breaks off are heard', async (name, _, type, options) => {
    const [silent, clipped, cut] = [await coded(new Int16Array(16_000), options), await coded(CLIPPED, options), await coded(CUT, options)];
    expect(output(await said(whole(silent, type)))).toMatchObject({ silent: true, truncated: false, firstAudibleMs: null, activeDb: null });
    expect(output(await said(whole(cut, type)))).toMatchObject({ silent: false, truncated: true });
    // µ-law has no value at full scale, and this coder of mp3 turns all down before it begins: what was clipped lies below it then, and cannot be told from what is loud.
    if (!/^(?:µ-law|mp3)/u.test(name)) expect(output(await said(whole(clipped, type)))).toMatchObject({ silent: false, clipped: true });
  });

  it('finds a coded sound in JSON, of which nothing is heard before all has come', async () => {
    const bytes = await coded(SPEECH, FORMATS[0]?.[3] ?? []);
    const { firstAudibleMs, totalMs, leadingSilenceMs, coding } = output(await said(whole(Buffer.from(JSON.stringify({ data: bytes.toString('base64') })), 'application/json'), { audio: 'data' }));
    expect([coding, firstAudibleMs]).toEqual(['MP3', Number(totalMs) + Number(leadingSilenceMs)]);
  });

  it.each([['flac', FORMATS[4]], ['mp3', FORMATS[0]]] as const)('a %s that says how long it is, and is not, is refused', async (_, format) => {
    const bytes = await coded(SPEECH, format?.[3] ?? []);
    const result = await said(whole(bytes.subarray(0, Math.floor(bytes.length * 0.5)), format?.[2] ?? ''));
    expect(result.error).toMatchObject({ code: 'REALOPS_INPUT_INVALID', message: expect.stringMatching(/the sound (?:is cut off or damaged: it should last 1\.\d+ s, but only 0\.\d+ s could be decoded|cannot be decoded)/u) });
    expect(result.measurements.some(({ value }) => value !== null)).toBe(false);
  });

  it.each([['mp3', FORMATS[1]], ['aac', FORMATS[5]]] as const)('a %s that does not say how long it is breaks off where it ends', async (_, format) => {
    const bytes = await coded(speechLike(4), format?.[3] ?? []);
    const ended = [0.3, 0.4, 0.5].map((share) => bytes.subarray(0, Math.floor(bytes.length * share)));
    const results = [];
    for (const body of ended) results.push(output(await said(whole(body, format?.[2] ?? ''))));
    expect(results.map(({ durationMs }) => Math.abs(Number(durationMs) - 4_000) < 1_500)).toEqual([false, false, false]);
    // Where it ends in a pause nobody can tell.
    expect(results.some(({ truncated }) => truncated)).toBe(true);
  });

  it('an answer whose connection ends in the middle is no sound', async () => {
    const bytes = await coded(SPEECH, FORMATS[0]?.[3] ?? []);
    const result = await said((response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg', 'content-length': String(bytes.length) });
      response.write(bytes.subarray(0, 2_000), () => response.destroy());
    });
    expect(result.error).toMatchObject({ code: 'REALOPS_PROTOCOL', message: expect.stringContaining('broke off after') });
  });

  it('is heard by a recogniser as what was said', async () => {
    const bytes = await coded(SPEECH, FORMATS[4]?.[3] ?? []);
    await using recogniser = await startRecogniser({ end: ({ say }) => say({ event: 'final', text: 'det är gjort', confidence: 0.9 }) });
    const result = await said(whole(bytes, 'audio/flac'), { recognise: { target: 'asr', tailMs: 0 } }, { targets: { asr: recogniser.url } });
    expect(output(result)).toMatchObject({ recognised: 'det är gjort', wer: 0 });
    expect(recogniser.callers[0]?.audio().subarray(0, SPEECH.byteLength).equals(Buffer.from(SPEECH.buffer, SPEECH.byteOffset, SPEECH.byteLength))).toBe(true);
  });

  it('speaks for a user of a conversation', async () => {
    await using tts = await serve(whole(await coded(SPEECH, FORMATS[4]?.[3] ?? []), 'audio/flac'));
    await using peer = await startTalkPeer('alice', [{ at: 1_600, act: 'reply', ms: 300 }]);
    const turns = [{ say: { text: 'Det är gjort.' }, start: { after: 'sessionStart', delayMs: 200 } }];
    const result = await runStep(converse, { target: 'talk', turns, hangUpMs: 200, synthesiser: { url: 'tts' } }, { targets: { talk: peer.url, tts: tts.url }, timeoutMs: 20_000, env });
    expect(result.error).toBeUndefined();
    await peer.quiet();
    expect(turnsIn(result)).toMatchObject([{ trigger: 'anchor' }]);
    expect(peer.heard().includes(Buffer.from(SPEECH.buffer, SPEECH.byteOffset, SPEECH.byteLength))).toBe(true);
  });
});

describe('an ffmpeg that hangs', () => {
  it('is killed when the step is called off, and leaves nothing of the sound behind', async () => {
    const temporary = await mkdtemp(join(folder, 'tmp-'));
    const program = join(folder, 'hangs');
    await writeFile(program, `#!/bin/sh\nif [ "$2" = -version ]; then echo "ffmpeg version 6.0"; echo "libavformat    60. 3.100"; exit 0; fi\nls ${temporary}/* > ${folder}/seen\necho $$ > ${folder}/pid\nexec sleep 60\n`);
    await chmod(program, 0o755);
    vi.stubEnv('TMPDIR', temporary);
    const cancel = new AbortController();
    try {
      const running = said(whole(Buffer.from('fLaC'), 'audio/flac'), {}, { env: { FFMPEG_PATH: program, PATH: '/bin:/usr/bin' }, signal: cancel.signal });
      await expect.poll(() => readFile(join(folder, 'pid'), 'utf8').catch(() => ''), { timeout: 10_000 }).not.toBe('');
      cancel.abort();
      expect((await running).error?.code).toBe('REALOPS_CANCELLED');
    } finally {
      vi.unstubAllEnvs();
    }
    const pid = (await readFile(join(folder, 'pid'), 'utf8')).trim();
    await expect.poll(() => spawnSync('kill', ['-0', pid]).status).toBe(1);
    expect((await readFile(join(folder, 'seen'), 'utf8')).trim()).toBe('sound');
    await expect.poll(() => readdir(temporary)).toEqual([]);
  });
});

describe('without an ffmpeg', () => {
  const MP3 = Buffer.concat([Buffer.from('ID3\x04'), Buffer.alloc(400)]);

  it('says what came and how to get one', async () => {
    const result = await said(whole(MP3, 'audio/mpeg'), {}, { env: {} });
    expect(result.error).toMatchObject({ code: 'REALOPS_INPUT_INVALID', message: 'the sound is MP3, and there is no ffmpeg to read it with', hint: expect.stringMatching(/apt-get install ffmpeg.*FFMPEG_PATH/u) });
    expect(result.measurements.some(({ value }) => value !== null)).toBe(false);
  });

  it('takes WAV and samples all the same; a coded answer is no samples, whatever the suite says', async () => {
    expect(output(await said(whole(wavFile(SPEECH), 'audio/mpeg'), {}, { env: {} }))).toMatchObject({ coding: null });
    const samples = Buffer.from(SPEECH.buffer, SPEECH.byteOffset, SPEECH.byteLength);
    expect(output(await said(whole(samples, 'audio/L16'), { pcm: { rate: 16_000 } }, { env: {} }))).toMatchObject({ coding: null, durationMs: 1_150 });
    expect((await said(whole(MP3, 'audio/mpeg'), { pcm: { rate: 16_000 } }, { env: {} })).error).toMatchObject({ code: 'REALOPS_PROTOCOL', message: 'the synthesiser answered with MP3 (audio/mpeg), not with samples without a header' });
  });
});
