import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, type StepRun } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { converse } from '../../converse/converse.js';
import { turnsIn } from '../../fixtures/agent/hold.js';
import { tone } from '../../fixtures/agent/virtual.js';
import { startTalkPeer, TALK_PEERS, type Act } from '../../fixtures/peers/talk/index.js';
import { wavFile } from '../../fixtures/speech.js';

let files: string;
beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'realops-talk-'));
  await writeFile(join(files, 'say.wav'), wavFile(tone(400)));
});
afterAll(() => rm(files, { recursive: true }));

const say = { file: 'say.wav', onsetMs: 0, endMs: 400 };
const first = { say, start: { after: 'sessionStart', delayMs: 200 } };
const run = (name: string, url: string, turns: readonly object[], more: object = {}): Promise<StepRun> =>
  runStep(converse, { target: 'talk', turns, hangUpMs: 400, ...TALK_PEERS[name]?.parameters, ...more } as never, { targets: { talk: url }, files, timeoutMs: 20_000 });

describe.each(Object.keys(TALK_PEERS))('%s, as its documentation has it', { timeout: 30_000 }, (name) => {
  it.concurrent('greets before any audio was sent, hears every sample, and a whole reply in a moment is played as it lasts', async () => {
    // The turn is said from 800 ms on, after the greeting; the reply comes at 1.6 s of the microphone.
    await using peer = await startTalkPeer(name, [{ at: 'connect', act: 'greet', ms: 300 }, { at: 2_000, act: 'reply', ms: 900 }]);
    const result = await run(name, peer.url, [{ say, start: { after: 'sessionStart', delayMs: 800 }, ...TALK_PEERS[name]?.asks }]);
    expect(result.error).toBeUndefined();
    await peer.quiet();
    expect(peer.violations).toEqual([]);
    expect(turnsIn(result)).toMatchObject([{ verdict: 'pass', reason: '' }]);
    const { answerMs, latencyMs, latencyArrivalMs } = Object(turnsIn(result)[0]) as { readonly [key: string]: number };
    expect(Math.abs(Number(answerMs) - 900)).toBeLessThanOrEqual(20);
    expect(latencyArrivalMs).toBe(latencyMs);
    expect(Object(result.output).greetingMs).toBeLessThan(800);
    expectHeard(name, peer.heard());
  });

  it.concurrent('has what was not played taken back', async () => {
    await using peer = await startTalkPeer(name, [{ at: 1_000, act: 'reply', ms: 8_000 }, { at: 2_400, act: 'clear' }, { at: 3_400, act: 'reply', ms: 500 }]);
    const result = await run(name, peer.url, [first, { say, expect: 'stop', start: { after: 'agentSpeechStart', delayMs: 1_000 } }]);
    expect(result.error).toBeUndefined();
    await peer.quiet();
    expect(peer.violations).toEqual([]);
    expect(turnsIn(result)).toMatchObject([{ verdict: 'pass' }, { verdict: 'pass' }]);
    // It stops about 400 ms after the user began; what it had sent came more than a second before that.
    const { stopMs, stopArrivalMs } = Object(turnsIn(result)[1]) as { readonly [key: string]: number };
    expect(stopMs).toBeGreaterThan(100);
    expect(stopMs).toBeLessThan(900);
    expect(stopArrivalMs).toBeLessThan(-500);
    // Who wants to know how much was heard is told once, of the one reply that was cut.
    expect(peer.received.filter((text) => text.includes('truncate'))).toHaveLength(name === 'openai-realtime' ? 1 : 0);
  });

  it.concurrent.each<readonly [string, Act['act'], string, string]>([
    ['reports an error', 'error', name === 'twilio-media' ? 'REALOPS_CONNECTION' : 'REALOPS_TARGET_FAILED', name === 'twilio-media' ? 'application error' : 'the assistant reported an error: the model is gone'],
    ['sends junk', 'junk', 'REALOPS_PROTOCOL', 'the other side sent '],
    ['closes early', 'close', 'REALOPS_CONNECTION', 'the assistant closed the connection (code 1011, "as planned") after turn 2 of 9'],
    ['dies', 'drop', 'REALOPS_CONNECTION', ''],
  ])('%s after turn 2: an error at once, and no figures', async (_, act, code, message) => {
    const acts: readonly Act[] = [{ at: 800, act: 'reply', ms: 400 }, { at: 2_200, act: 'reply', ms: 400 }, { at: 2_500, act }];
    await using peer = await startTalkPeer(name, acts);
    const result = await run(name, peer.url, [first, ...Array.from({ length: 8 }, () => ({ say }))]);
    expect(result.error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect(result.measurements).toEqual([]);
    expect(result.durationMs).toBeLessThan(4_500);
    expect([...result.artifacts.keys()].filter((path) => path.endsWith('timeline.json'))).toHaveLength(1);
    await peer.quiet();
  });

  it.concurrent('answers pings in a long silence', async () => {
    await using peer = await startTalkPeer(name, [{ at: 4_400, act: 'reply', ms: 300 }]);
    let asked = 0;
    const asking = setInterval(() => {
      peer.ping();
      asked += 1;
    }, 300);
    const result = await run(name, peer.url, [first]);
    clearInterval(asking);
    expect(result.error).toBeUndefined();
    expect(peer.pongs.count).toBeGreaterThanOrEqual(asked - 1);
    expect(asked).toBeGreaterThan(8);
    expect(turnsIn(result)).toMatchObject([{ verdict: 'pass' }]);
  });

  it.concurrent('is not there', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const port: unknown = Reflect.get(Object(server.address()), 'port');
    await new Promise((resolve) => server.close(resolve));
    const result = await run(name, `ws://127.0.0.1:${String(port)}/v1`, [first]);
    expect(result.error).toMatchObject({ code: 'REALOPS_CONNECTION', message: expect.stringContaining('ECONNREFUSED') });
    expect(result.measurements).toEqual([]);
  });
});

/** 800 ms after the connection was open, of which the microphone was open a little less: it waits until it may be heard. */
function expectPlace(ms: number): void {
  expect(ms % 20).toBe(0);
  expect(ms).toBeGreaterThan(600);
  expect(ms).toBeLessThanOrEqual(800);
}

/** Silence, the clip once, silence: in the form in which the protocol has it. */
function expectHeard(name: string, audio: Buffer): void {
  const clip = tone(400);
  if (name === 'alice') {
    const bytes = Buffer.from(clip.buffer);
    const at = audio.indexOf(bytes);
    expectPlace(at / 32);
    expect(audio.subarray(0, at).every((byte) => byte === 0) && audio.subarray(at + bytes.length).every((byte) => byte === 0)).toBe(true);
    return;
  }
  const isMuLaw = name !== 'openai-realtime';
  const [bytesPerMs, rate] = isMuLaw ? [8, 8_000] : [48, 24_000];
  const sampleAt = (index: number): number => {
    if (!isMuLaw) return audio.readInt16LE(index * 2);
    const byte = ~(audio[index] ?? 0) & 0xff;
    const magnitude = (((byte & 15) * 8 + 132) << ((byte >> 4) & 7)) - 132;
    return byte < 128 ? magnitude : -magnitude;
  };
  // The clip is a sine, so what it must be at any rate is known; a step of µ-law is a sixteenth of its value.
  const from = audio.findIndex((_, index) => index % (bytesPerMs * 20) === 0 && audio.subarray(index, index + bytesPerMs * 20).some((byte) => byte !== (isMuLaw ? 0xff : 0))) / (isMuLaw ? 1 : 2);
  expectPlace((from / rate) * 1_000);
  let worst = 0;
  for (let index = rate / 20; index < (rate * 350) / 1_000; index += 1) {
    const value = 8_000 * Math.sin((2 * Math.PI * 300 * index) / rate);
    worst = Math.max(worst, Math.abs(sampleAt(from + index) - value) - (isMuLaw ? Math.abs(value) / 16 : 0));
  }
  expect(worst).toBeLessThan(80);
  expect(audio.subarray((from / rate) * 1_000 * bytesPerMs + 420 * bytesPerMs).every((byte) => byte === (isMuLaw ? 0xff : 0))).toBe(true);
}
