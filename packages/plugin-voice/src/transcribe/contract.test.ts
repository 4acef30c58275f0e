import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkStepType } from '@alice/realops/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRecogniser } from '../fixtures/recogniser.js';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';
import { transcribe } from './transcribe.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-voice-contract-'));
  await writeFile(join(folder, 'clip.wav'), wavFile(padded(speechLike(0.5), 0.1, 0.1)));
});
afterAll(() => rm(folder, { recursive: true }));

/** Sockets and timers that keep a process alive. */
const openHandles = (): readonly string[] => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap' || name === 'TCPServerWrap');

it('voice.transcribe keeps the contract of step types', { timeout: 30_000 }, async () => {
  await using server = await startRecogniser({
    frame(caller, frame) {
      if (frame === 20) caller.say({ event: 'partial', text: 'hej', confidence: 0.5 });
      if (frame === 33) caller.say({ event: 'final', text: 'hej alice', confidence: 0.9, language: 'sv', duration_s: 0.5, processing_time_ms: 3 });
    },
  });
  await using mute = await startRecogniser({});
  const broken = await checkStepType(transcribe, {
    valid: { target: 'asr', audio: 'clip.wav', reference: 'hej alice' }, stuck: { parameters: { target: 'mute', audio: 'clip.wav' } },
    options: { targets: { asr: server.url, mute: mute.url }, files: folder }, openHandles,
  });
  expect(broken).toEqual([]);
});
