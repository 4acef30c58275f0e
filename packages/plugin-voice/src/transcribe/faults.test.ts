import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, type StepRun } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRecogniser, startTcp, type Caller, type Script } from '../fixtures/recogniser.js';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';
import { transcribe } from './transcribe.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-voice-'));
  await writeFile(join(folder, 'clip.wav'), wavFile(padded(speechLike(0.4), 0.1, 0.1)));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (url: string, options: Parameters<typeof runStep>[2] = {}): Promise<StepRun> =>
  runStep(transcribe, { target: 'asr', audio: 'clip.wav', reference: 'hej alice', tailMs: 100 }, { targets: { asr: url }, files: folder, timeoutMs: 1_500, ...options });
const valueOf = (result: StepRun, metric: string): unknown => {
  const sample = result.measurements.find((each) => each.metric === metric);
  return sample === undefined ? undefined : sample.whole === undefined ? sample.value : `${sample.value}/${sample.whole}`;
};
const atFrame = (at: number, act: (caller: Caller) => void): Script => ({ frame: (caller, frame) => void (frame === at && act(caller)) });

describe('a recogniser that was reached and fails', () => {
  it.each<readonly [string, Script, string, string]>([
    ['never answers', {}, 'REALOPS_TIMEOUT', 'did not finish within 1500 ms'],
    ['gives only partials', atFrame(9, (caller) => caller.say({ event: 'partial', text: 'hej' })), 'REALOPS_TIMEOUT', 'did not finish'],
    ['closes in the middle with a code', atFrame(9, ({ socket }) => socket.close(1011, 'out of memory')), 'REALOPS_CONNECTION', 'closed the connection (code 1011, "out of memory") before the final transcript'],
    ['closes politely without a final', { end: ({ socket }) => socket.close(1000) }, 'REALOPS_PROTOCOL', 'closed the connection (code 1000) before the final'],
    ['drops the connection', atFrame(9, ({ raw }) => raw.resetAndDestroy()), 'REALOPS_CONNECTION', ''],
    ['sends junk text', atFrame(9, ({ socket }) => socket.send('<html>502 Bad Gateway</html>')), 'REALOPS_PROTOCOL', 'sent text that is not JSON: <html>502'],
    ['sends JSON that is no object', atFrame(9, ({ socket }) => socket.send('[1]')), 'REALOPS_PROTOCOL', 'sent JSON that is not an object: [1]'],
    ['sends a message without an event', atFrame(9, ({ socket }) => socket.send('{"text":"hej"}')), 'REALOPS_PROTOCOL', 'sent a message without an event: {"text":"hej"}'],
    ['sends junk bytes', atFrame(9, ({ socket }) => socket.send(Buffer.from([0, 255, 1, 254]))), 'REALOPS_PROTOCOL', 'sent a binary message of 4 bytes'],
    ['sends broken UTF-8 as text', atFrame(9, ({ raw }) => void raw.write(Buffer.from([0x81, 0x02, 0xff, 0xfe]))), 'REALOPS_PROTOCOL', 'broke the WebSocket protocol'],
    ['sends junk below the WebSocket', atFrame(9, ({ raw }) => void raw.write(Buffer.from('HTTP/1.1 400 no\r\n\r\n'))), 'REALOPS_PROTOCOL', 'broke the WebSocket protocol'],
    ['sends 100 MB', atFrame(3, ({ socket }) => socket.send(Buffer.alloc(100_000_000))), 'REALOPS_PROTOCOL', 'sent a message of more than 1024 KiB'],
    ['reports an error', atFrame(9, (caller) => (caller.say({ event: 'error', error: "'pcm_base64'" }), caller.socket.close(1000))), 'REALOPS_TARGET_FAILED', "reported an error: 'pcm_base64'"],
    ['sends a final whose text is a number', atFrame(9, (caller) => caller.say({ event: 'final', text: 7 })), 'REALOPS_PROTOCOL', 'sent a final whose text must be a string, got 7'],
    ['sends a final without a text', atFrame(9, (caller) => caller.say({ event: 'final' })), 'REALOPS_PROTOCOL', 'got nothing'],
    ['sends a confidence that is a text', atFrame(9, (caller) => caller.say({ event: 'final', text: 'hej', confidence: 'high' })), 'REALOPS_PROTOCOL', 'confidence must be a number, got "high"'],
  ])('%s', async (_, script, code, message) => {
    await using server = await startRecogniser(script);
    const result = await run(server.url);
    expect(result.error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(result.durationMs).toBeLessThan(3_500);
    expect(valueOf(result, 'voice.missingFinal')).toBe(1);
    expect(valueOf(result, 'voice.wer')).toBe('2/2');
    expect(valueOf(result, 'voice.cer')).toBe('9/9');
    expect(valueOf(result, 'voice.final')).toBeNull();
    expect(result.measurements.find(({ metric }) => metric === 'voice.wer')?.labels).toMatchObject({ final: 'missing' });
    expect(result.notes.some(({ name }) => name === 'final_missing')).toBe(true);
    expect(result.warnings).toEqual([]);
    await server.quiet();
  });
});

describe('a recogniser that was not reached', () => {
  const isNotCounted = (result: StepRun): void => {
    expect(valueOf(result, 'voice.wer')).toBeUndefined();
    expect(valueOf(result, 'voice.missingFinal')).toBeUndefined();
    expect(valueOf(result, 'voice.final')).toBeNull();
    expect(valueOf(result, 'voice.partial')).toBeNull();
  };

  it('does not answer the upgrade', async () => {
    await using server = await startTcp(() => undefined);
    const result = await run(server.url, { timeoutMs: 300 });
    expect(result.error).toMatchObject({ code: 'REALOPS_TIMEOUT' });
    expect(result.durationMs).toBeLessThan(1_500);
    isNotCounted(result);
  });

  it('answers the upgrade with a page', async () => {
    await using server = await startTcp((socket) => void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<html>hi</html>'));
    const result = await run(server.url);
    expect(result.error).toMatchObject({ code: 'REALOPS_PROTOCOL', message: expect.stringContaining('is not a WebSocket endpoint: it answered the upgrade with status 200') });
    isNotCounted(result);
  });

  it('refuses the key', async () => {
    await using server = await startTcp((socket) => void socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'));
    const result = await run(server.url);
    expect(result.error).toMatchObject({ code: 'REALOPS_PROTOCOL', message: expect.stringContaining('refused the upgrade with status 401'), hint: expect.stringContaining('headers') });
    isNotCounted(result);
  });

  it.each([
    ['a target of another kind', { protocol: 'wyoming' }, 'the protocol wyoming needs a target of tcp://, got ws://'],
    ['an encoding that the protocol does not have', { encoding: 'f32le' }, 'the protocol alice cannot be given speech as f32le'],
  ])('has %s', async (_, more, message) => {
    await using server = await startRecogniser({});
    const result = await runStep(transcribe, { target: 'asr', audio: 'clip.wav', ...more }, { targets: { asr: server.url }, files: folder });
    expect(result.error).toMatchObject({ code: 'REALOPS_WITH_INVALID', message });
    expect(server.callers).toHaveLength(0);
    isNotCounted(result);
  });

  it('hangs up during the upgrade', async () => {
    await using server = await startTcp((socket) => socket.destroy());
    const result = await run(server.url);
    expect(result.error).toMatchObject({ code: 'REALOPS_CONNECTION' });
    isNotCounted(result);
  });

  it('is not there', async () => {
    const server = await startTcp(() => undefined);
    await server[Symbol.asyncDispose]();
    const result = await run(server.url);
    expect(result.error).toMatchObject({ code: 'REALOPS_CONNECTION', message: expect.stringContaining('ECONNREFUSED') });
    isNotCounted(result);
  });
});

describe('cancelling', () => {
  it.each<readonly [string, Script]>([['in the middle of the audio', {}], ['while the final is awaited', { end: () => undefined }]])('%s closes the connection within a second', async (where) => {
    await using server = await startRecogniser({});
    const cancel = new AbortController();
    const running = run(server.url, { signal: cancel.signal, timeoutMs: 10_000 });
    await new Promise((resolve) => setTimeout(resolve, where.startsWith('in') ? 250 : 1_000));
    const started = performance.now();
    cancel.abort();
    const result = await running;
    await server.quiet();
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(result.error?.code).toBe('REALOPS_CANCELLED');
    expect(result.measurements).toEqual([]);
  });

  it('closes the connection of a client that no longer reads', async () => {
    await using server = await startRecogniser(atFrame(3, ({ raw }) => raw.pause()));
    const result = await run(server.url, { timeoutMs: 700 });
    expect(result.error?.code).toBe('REALOPS_TIMEOUT');
    expect(result.durationMs).toBeLessThan(1_700);
    server.callers[0]?.raw.resume();
    await server.quiet();
  });
});
