import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, type StepRun } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { turnsIn } from '../fixtures/agent/hold.js';
import { tone } from '../fixtures/agent/virtual.js';
import { startTalkPeer, type TalkPeer } from '../fixtures/peers/talk/index.js';
import { CUSTOM_TALK } from '../fixtures/peers/talk/custom.js';
import { padded, wavFile } from '../fixtures/speech.js';
import { converse } from './converse.js';

let files: string;
let peer: TalkPeer;
let synthesiser: Server;
const asked: string[] = [];
beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'realops-input-'));
  await writeFile(join(files, 'say.wav'), wavFile(tone(400)));
  await writeFile(join(files, 'silent.wav'), wavFile(new Int16Array(8_000)));
  await writeFile(join(files, 'broken.wav'), 'RIFF, but no');
  peer = await startTalkPeer('alice', [{ at: 1_600, act: 'reply', ms: 400 }]);
  synthesiser = createServer((request, response) => {
    request.on('data', (data: Buffer) => void asked.push(data.toString('utf8')));
    request.on('end', () => response.writeHead(request.url === '/none' ? 500 : 200).end(request.url === '/none' ? 'no' : JSON.stringify({ sound: wavFile(padded(tone(500), 0.1, 0.1)).toString('base64') })));
  });
  await new Promise<void>((resolve) => synthesiser.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await peer[Symbol.asyncDispose]();
  await new Promise((resolve) => synthesiser.close(resolve));
  await rm(files, { recursive: true });
});

const run = (turns: readonly object[], more: object = {}): Promise<StepRun> =>
  runStep(converse, { target: 'talk', turns, ...more } as never, { targets: { talk: peer.url, tts: `http://127.0.0.1:${String(Reflect.get(Object(synthesiser.address()), 'port'))}` }, files, timeoutMs: 10_000 });
const say = { file: 'say.wav' };
const custom = { ...CUSTOM_TALK, agentText: undefined, intent: undefined };
const plain = JSON.parse(JSON.stringify(custom)) as object;

describe('bad input is an error before anything is sent, never clean audio', () => {
  it.each<readonly [string, readonly object[], object, string, string]>([
    ['a missing file', [{ say: { file: 'gone.wav' } }], {}, 'REALOPS_FILE_NOT_FOUND', 'turn1: gone.wav cannot be read'],
    ['a file that is no WAV', [{ say }, { id: 'broken', say: { file: 'broken.wav' } }], {}, 'REALOPS_INPUT_INVALID', 'broken: broken.wav'],
    ['a silent clip', [{ say: { file: 'silent.wav' } }], {}, 'REALOPS_INPUT_INVALID', 'turn1: the clip is silent'],
    ['a silent clip whose speech is given', [{ say: { file: 'silent.wav', onsetMs: 0, endMs: 300 } }], {}, 'REALOPS_INPUT_INVALID', 'turn1: the clip is silent'],
    ['speech beyond the clip', [{ say: { file: 'say.wav', onsetMs: 100, endMs: 900 } }], {}, 'REALOPS_INPUT_INVALID', 'turn1: speech from 100 to 900 ms does not fit a clip of 400 ms'],
    ['a pause beyond the clip', [{ say: { ...say, pauses: [{ atMs: 900, ms: 100 }] } }], {}, 'REALOPS_INPUT_INVALID', 'turn1: a pause at 900 ms does not lie in a clip of 400 ms'],
    ['keys without keys', [{ say: { digits: '1' } }], {}, 'REALOPS_WITH_INVALID', 'turn1: the protocol alice has no keys'],
    ['an event without its name', [{ say, start: { after: 'event' } }], {}, 'REALOPS_WITH_INVALID', 'turn1: after: event needs the name of the event'],
    ['a name without its event', [{ say, start: { event: 'tool' } }], {}, 'REALOPS_WITH_INVALID', 'turn1: an event is only waited for with after: event'],
    ['an event that never comes by the protocol', [{ say, start: { after: 'event', event: 'tool' } }], { protocol: 'twilio-media' }, 'REALOPS_WITH_INVALID', 'turn1: by the protocol twilio-media no event "tool" ever comes'],
    ['an event that the description has no word for', [{ say, start: { after: 'event', event: 'tool' } }], { protocol: plain }, 'REALOPS_WITH_INVALID', 'turn1: by the protocol custom no event "tool" ever comes'],
    ['words that the protocol does not tell', [{ say, text: ['hej'] }], { protocol: 'twilio-media' }, 'REALOPS_WITH_INVALID', 'turn1: the protocol twilio-media does not tell the words of a reply'],
    ['an intent that the protocol does not tell', [{ say, intents: ['light.on'] }], { protocol: 'openai-realtime' }, 'REALOPS_WITH_INVALID', 'turn1: the protocol openai-realtime does not tell what the assistant took the user to mean'],
    ['a text without a synthesiser', [{ say: { text: 'Hej' } }], {}, 'REALOPS_WITH_INVALID', 'turn1: a text needs somebody who says it'],
    ['a synthesiser that fails', [{ say: { text: 'Hej' } }], { synthesiser: { url: 'tts' }, }, '', 'turn1: '],
    ['two turns of one name', [{ id: 'a', say }, { id: 'a', say }], {}, 'REALOPS_WITH_INVALID', 'two turns have the id "a"'],
    ['a missing noise file', [{ say }], { noise: { file: 'gone.wav', snrDb: 10 } }, 'REALOPS_FILE_NOT_FOUND', 'gone.wav cannot be read'],
    ['a silent noise file', [{ say }], { noise: { file: 'silent.wav', snrDb: 10 } }, 'REALOPS_INPUT_INVALID', 'the noise file is silent'],
    ['a protocol without a voice', [{ say }], { protocol: {} }, 'REALOPS_WITH_INVALID', 'the protocol does not say where the voice of the assistant comes'],
    ['a target of another kind', [{ say }], { protocol: { transport: 'tcp', agentAudio: 'value' } }, 'REALOPS_WITH_INVALID', 'the protocol custom needs a target of tcp://'],
  ])('%s', async (_, turns, more, code, message) => {
    const before = peer.requests.length;
    const result = await run(turns, more);
    expect(result.error).toMatchObject({ ...(code === '' ? {} : { code }), message: expect.stringContaining(message) });
    expect(result.measurements).toEqual([]);
    expect(peer.requests).toHaveLength(before);
  });

  it.each<readonly [string, object, string, string]>([
    ['a turn that says nothing', { turns: [{}] }, 'needs "say"', 'say: What the user says or does.'],
    ['a turn that says two things', { turns: [{ say: { file: 'say.wav', text: 'Hej' } }] }, 'is not a key here', 'keys: file'],
    ['no turns', { turns: [] }, 'must not be empty', 'What the user does'],
    ['an unknown expectation', { turns: [{ say, expect: 'wait' }] }, 'must be one of respond, stop, ignore, got "wait"', 'ignore: it goes on'],
    ['keys that no telephone has', { turns: [{ say: { digits: 'x' } }] }, 'does not have the right form, got "x"', 'In quotes'],
    ['a misspelt name', { turns: [{ say, withinMS: 5 }] }, 'is not a key here', 'did you mean "withinMs"?'],
  ])('%s does not load', async (_, more, message, hint) => {
    await expect(runStep(converse, { target: 'talk', ...more }, {})).rejects.toMatchObject({ code: 'REALOPS_WITH_INVALID', message: expect.stringContaining(message), hint: expect.stringContaining(hint) });
  });
});

describe('a text', () => {
  it('is said by the synthesiser', async () => {
    const result = await run([{ say: { text: 'Vad är klockan?' }, start: { delayMs: 200 } }], { synthesiser: { url: 'tts', json: { voice: 'anna' }, audio: 'sound' }, hangUpMs: 100 });
    expect(result.error).toBeUndefined();
    expect(JSON.parse(asked.at(-1) ?? '')).toEqual({ voice: 'anna', text: 'Vad är klockan?' });
    expect(turnsIn(result)).toMatchObject([{ verdict: 'pass' }]);
    // What was said is known from the sound: 500 ms of speech after 100 ms of silence.
    const { turns } = JSON.parse(String([...result.artifacts].find(([path]) => path.endsWith('timeline.json'))?.[1])) as { readonly turns: readonly { readonly onsetMs: number; readonly endMs: number }[] };
    expect(Math.abs((turns[0]?.endMs ?? 0) - (turns[0]?.onsetMs ?? 0) - 500)).toBeLessThanOrEqual(40);
    expect(JSON.stringify([...result.artifacts.values()])).not.toContain('klockan');
  });
});

describe('what is kept', () => {
  const turns = [{ say, start: { delayMs: 200 } }];
  it('is no sound without the consent to it, and both tracks with it', async () => {
    const options = { targets: { talk: peer.url }, files, timeoutMs: 10_000 };
    const without = await runStep(converse, { target: 'talk', turns, hangUpMs: 100 }, { ...options, consents: [] });
    expect(without.error).toBeUndefined();
    expect(without.output).toMatchObject({ recording: null });
    expect([...without.artifacts.keys()]).toEqual([expect.stringMatching(/timeline\.json$/u)]);
    const recorded = await runStep(converse, { target: 'talk', turns, hangUpMs: 100 }, { ...options, consents: ['audio:store'] });
    const wav = [...recorded.artifacts].find(([path]) => path.endsWith('conversation.wav'))?.[1];
    if (!(wav instanceof Uint8Array)) throw new Error('no recording');
    const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
    expect([view.getUint16(22, true), view.getUint32(24, true)]).toEqual([2, 16_000]);
    // The user is on the left at 200 ms, the assistant on the right after 1.6 s, and neither on the other side.
    const peak = (channel: number, fromMs: number, toMs: number): number => {
      let most = 0;
      for (let at = fromMs * 16; at < toMs * 16; at += 1) most = Math.max(most, Math.abs(view.getInt16(44 + at * 4 + channel * 2, true)));
      return most;
    };
    expect([peak(0, 200, 560) > 7_000, peak(1, 200, 560), peak(0, 1_650, 1_950), peak(1, 1_650, 1_950) > 5_000]).toEqual([true, 0, 0, true]);
  });
});
