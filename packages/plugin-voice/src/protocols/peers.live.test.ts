import { createServer } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, type StepRun } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPeers } from '../fixtures/peers/index.js';
import type { Cue, Peer } from '../fixtures/peers/peer.js';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';
import { transcribe } from '../transcribe/transcribe.js';
import { PROTOCOL_NAMES } from './index.js';

/** 100 ms silence, 500 ms speech, 100 ms silence. */
const CLIP = padded(speechLike(0.5), 0.1, 0.1);
/** The others say their finals while audio comes; this one when it has stopped. */
const LATER = new Set(['wyoming']);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-peers-'));
  await writeFile(join(folder, 'clip.wav'), wavFile(CLIP));
});
afterAll(() => rm(folder, { recursive: true }));

const names = [...PROTOCOL_NAMES, 'custom'].filter((name) => name !== 'alice');
const run = (name: string, url: string, extra: Parameters<typeof runStep>[1] = {}, options: Parameters<typeof runStep>[2] = {}): Promise<StepRun> =>
  runStep(transcribe, { target: 'asr', audio: 'clip.wav', onsetMs: 100, endMs: 600, reference: 'hej alice', tailMs: 300, headers: { authorization: 'Token key-of-a-test' }, ...startPeers[name]?.parameters, ...extra }, { targets: { asr: url }, files: folder, timeoutMs: 5_000, ...options });
const start = async (name: string, cues: readonly Cue[]): Promise<Peer> => {
  const peer = await startPeers[name]?.start(cues);
  if (peer === undefined) throw new Error(`no peer for ${name}`);
  return peer;
};
const valueOf = (result: StepRun, metric: string): unknown => result.measurements.find((each) => each.metric === metric)?.value;
const whole = (name: string): readonly Cue[] => [
  { at: 200, say: 'partial', text: 'hej' },
  { at: 240, say: 'partial', text: 'hej' },
  { at: LATER.has(name) ? 'end' : 700, say: 'final', text: 'hej alice' },
];

describe.each(names)('%s, as its documentation has it', (name) => {
  it('hears the clip, and is heard', async () => {
    await using peer = await start(name, whole(name));
    const result = await run(name, peer.url);
    expect(result.error).toBeUndefined();
    expect(peer.violations).toEqual([]);
    expect(result.output).toMatchObject({ wer: 0, firstPartial: 'hej', truncated: false });
    expect(Object(result.output).text).toMatch(/^hej alice$/iu);
    // What is equal to what was shown before is not counted again.
    expect(result.notes.filter((note) => note.name === 'asr_partial' && note.fields['text'] === 'hej')).toHaveLength(1);
    // 200 ms are complete once the frame that begins 20 ms (or 50) earlier is sent, and speech begins at 100 ms: 80 ms later (or 50), give or take a timer.
    expect(valueOf(result, 'voice.partial')).toBeGreaterThan(name === 'assemblyai' ? 35 : 65);
    expect(result.warnings).toEqual([]);
    await peer.quiet();
    startPeers[name]?.expectAudio(peer.audio(), CLIP);
  });

  it('gives its final once the audio has ended', async () => {
    await using peer = await start(name, [{ at: 'end', say: 'final', text: 'hej alice' }]);
    const result = await run(name, peer.url);
    expect(result.error).toBeUndefined();
    expect(peer.violations).toEqual([]);
    expect(result.output).toMatchObject({ wer: 0 });
    expect(valueOf(result, 'voice.missingFinal')).toBe(0);
  });

  it.each<readonly [string, Cue, string, string]>([
    ['reports an error', { at: 200, say: 'error' }, 'REALOPS_TARGET_FAILED', 'the model is gone'],
    ['sends junk', { at: 200, say: 'junk' }, 'REALOPS_PROTOCOL', 'sent '],
    ['closes early', { at: 200, say: 'close', code: 1011 }, '', 'closed the connection'],
    ['drops the connection', { at: 200, say: 'drop' }, 'REALOPS_CONNECTION', ''],
  ])('%s: an error, and a final that is missing', async (_, cue, code, message) => {
    if (name === 'custom' && cue.say === 'junk') return;
    await using peer = await start(name, [cue]);
    const result = await run(name, peer.url);
    expect(result.error).toMatchObject({ code: code === '' ? expect.stringMatching(/PROTOCOL|CONNECTION/u) : code, message: expect.stringContaining(message) });
    expect(valueOf(result, 'voice.missingFinal')).toBe(1);
    expect(valueOf(result, 'voice.wer')).toBe(2);
    expect(result.durationMs).toBeLessThan(2_000);
    await peer.quiet();
  });

  it('is not there', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const port = Reflect.get(Object(server.address()), 'port');
    await new Promise((resolve) => server.close(resolve));
    const result = await run(name, `${name === 'wyoming' ? 'tcp' : 'ws'}://127.0.0.1:${String(port)}/v1`);
    expect(result.error).toMatchObject({ code: 'REALOPS_CONNECTION', message: expect.stringContaining('ECONNREFUSED') });
    expect(valueOf(result, 'voice.missingFinal')).toBeUndefined();
  });
});
