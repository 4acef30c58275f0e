import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkStepType } from '@alice/realops/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tone } from '../fixtures/agent/virtual.js';
import { startTalkPeer } from '../fixtures/peers/talk/index.js';
import { wavFile } from '../fixtures/speech.js';
import { converse } from './converse.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-converse-contract-'));
  await writeFile(join(folder, 'say.wav'), wavFile(tone(300)));
});
afterAll(() => rm(folder, { recursive: true }));

/** Sockets and timers that keep a process alive. */
const openHandles = (): readonly string[] => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap' || name === 'TCPServerWrap');

it('voice.converse keeps the contract of step types', { timeout: 40_000 }, async () => {
  await using peer = await startTalkPeer('alice', [{ at: 'connect', act: 'greet', ms: 200 }, { at: 1_200, act: 'reply', ms: 300 }]);
  await using mute = await startTalkPeer('alice', []);
  const turns = [{ say: { file: 'say.wav' }, start: { delayMs: 300 } }];
  const broken = await checkStepType(converse, {
    valid: { target: 'talk', turns, hangUpMs: 100 }, stuck: { parameters: { target: 'mute', turns: [...turns, ...turns] } },
    options: { targets: { talk: peer.url, mute: mute.url }, files: folder }, openHandles,
  });
  expect(broken).toEqual([]);
});
