import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, type StepRun } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deepgram } from '../fixtures/peers/deepgram.js';
import { startPeers } from '../fixtures/peers/index.js';
import { startPeer, type Cue } from '../fixtures/peers/peer.js';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';
import { transcribe } from '../transcribe/transcribe.js';

/** Longer than a server waits for a client that says nothing. */
const SILENCE_MS = 11_000;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-silence-'));
  await writeFile(join(folder, 'clip.wav'), wavFile(padded(speechLike(0.3), 0.1, 0.1)));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (url: string, parameters: Parameters<typeof runStep>[1]): Promise<StepRun> =>
  runStep(transcribe, { target: 'asr', audio: 'clip.wav', reference: 'hej alice', headers: { authorization: 'Token key-of-a-test' }, ...parameters }, { targets: { asr: url }, files: folder, timeoutMs: SILENCE_MS + 5_000 });

describe('a long silence', () => {
  it.concurrent.each(Object.keys(startPeers))('%s: pings are answered, and the line stays open', { timeout: SILENCE_MS + 10_000 }, async (name) => {
    const peer = await startPeers[name]?.start([{ at: 'end', say: 'final', text: 'hej alice' }]);
    if (peer === undefined) throw new Error(`no peer for ${name}`);
    await using _ = peer;
    let asked = 0;
    const asking = setInterval(() => {
      peer.ping();
      asked += 1;
    }, 1_000);
    const result = await run(peer.url, { ...startPeers[name]?.parameters, tail: 'nothing', tailMs: SILENCE_MS });
    clearInterval(asking);
    expect(result.error).toBeUndefined();
    expect(result.output).toMatchObject({ wer: 0 });
    expect(peer.violations).toEqual([]);
    expect(asked).toBeGreaterThanOrEqual(SILENCE_MS / 1_000 - 2);
    expect(peer.pongs.count).toBeGreaterThanOrEqual(asked - 1);
    // Speech alone was sent; what kept the line open was not audio.
    const keepAlives = peer.received.filter((text) => text === '{"type":"KeepAlive"}').length;
    if (name !== 'deepgram') expect(keepAlives).toBe(0);
    else expect([0, 1]).toContain(Math.floor(SILENCE_MS / 4_000) - keepAlives);
  });

  it('deepgram hangs up on a client that forgets to say that it is there', async () => {
    await using peer = await startPeer(() => deepgram(700), []);
    const result = await run(peer.url, { protocol: 'deepgram', tail: 'nothing', tailMs: 3_000 });
    expect(result.error).toMatchObject({ code: 'REALOPS_CONNECTION', message: expect.stringContaining('(code 1011, "NET-0001")') });
  });
});

describe('what comes late', () => {
  const both: readonly Cue[] = [{ at: 300, say: 'final', text: 'hej' }, { at: 'end', say: 'final', text: 'alice' }];

  it.each(['vosk', 'deepgram', 'assemblyai', 'openai-realtime', 'whisperlive'])('%s: a segment after the end of the audio belongs to the text', async (name) => {
    const peer = await startPeers[name]?.start(both);
    if (peer === undefined) throw new Error(`no peer for ${name}`);
    await using _ = peer;
    const result = await run(peer.url, { ...startPeers[name]?.parameters, finals: 'all', tailMs: 400 });
    expect(result.error).toBeUndefined();
    expect(result.output).toMatchObject({ wer: 0, words: { hits: 2, insertions: 0 } });
    // The text was complete when the last segment came, after the end of the audio.
    expect(Object(result.output).finalMs).toBeGreaterThan(400);
  });

  it('a segment that comes again formatted replaces the first, and its words are not late for it', async () => {
    const peer = await startPeers['assemblyai']?.start([{ at: 500, say: 'final', text: 'hej alice' }]);
    if (peer === undefined) throw new Error('no peer');
    await using _ = peer;
    const result = await run(peer.url, { protocol: 'assemblyai', finals: 'all', tailMs: 300 });
    expect(result.output).toMatchObject({ text: 'Hej alice.', wer: 0 });
    expect(result.notes.filter(({ name }) => name === 'asr_final').map(({ fields }) => fields['text'])).toEqual(['hej alice', 'Hej alice.']);
    expect(Object(result.output).finalMs).toBeLessThan(300);
  });

  it('a whole answer before any audio cuts the speech off', async () => {
    await using peer = await startPeer(() => ({ connected: (client) => client.json({ event: 'final', text: 'hej alice' }), message: () => undefined, cue: () => undefined }));
    const result = await run(peer.url, {});
    expect(result.output).toMatchObject({ text: 'hej alice', truncated: true });
    expect(result.measurements.some(({ metric }) => metric === 'voice.final')).toBe(false);
  });
});
