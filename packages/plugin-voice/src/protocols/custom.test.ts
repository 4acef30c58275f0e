import { Buffer } from 'node:buffer';
import { createServer } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, type StepRun } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CUSTOM, custom } from '../fixtures/peers/custom.js';
import { startPeer, type Behaviour } from '../fixtures/peers/peer.js';
import { padded, speechLike, wavFile } from '../fixtures/speech.js';
import { transcribe } from '../transcribe/transcribe.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-custom-'));
  await writeFile(join(folder, 'clip.wav'), wavFile(padded(speechLike(0.3), 0.1, 0.1)));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (url: string, protocol: object, extra: Parameters<typeof runStep>[1] = {}): Promise<StepRun> =>
  runStep(transcribe, { target: 'asr', audio: 'clip.wav', reference: 'hej alice', tailMs: 100, protocol: { ...protocol }, ...extra }, { targets: { asr: url }, files: folder, timeoutMs: 5_000 });
/** A server that sends these texts when audio comes for the first time. */
const saying = (...texts: readonly (string | Buffer)[]): (() => Behaviour) => () => {
  let left = [...texts];
  return { message: ({ socket }) => void left.splice(0).forEach((text) => socket.send(text)), cue: () => (left = []) };
};

describe('a protocol that the suite describes', () => {
  it('takes messages in the order in which they came, however long their meaning takes', async () => {
    const sizes = Array.from({ length: 60 }, (_, index) => JSON.stringify({ n: index, more: 'x'.repeat(index % 3 === 0 ? 60_000 : 1) }));
    await using peer = await startPeer(saying(...sizes));
    const result = await run(peer.url, { partial: 'n < 59 ? $string(n) & $string($length(more) > 9)', final: "n = 59 ? 'hej alice'" });
    expect(result.error).toBeUndefined();
    expect(result.notes.map(({ fields }) => String(fields['text']).replace(/\D+$/u, '')).slice(0, 59)).toEqual(Array.from({ length: 59 }, (_, index) => String(index)));
  });

  it('takes text as value where it is no JSON, and true for a message that has its text', async () => {
    await using peer = await startPeer(saying('PARTIAL hej', '{"done":true,"text":"hej alice"}'));
    const result = await run(peer.url, { partial: "value and $contains(value, 'PARTIAL') ? $substringAfter(value, ' ')", final: 'done = true' });
    expect(result.output).toMatchObject({ text: 'hej alice', firstPartial: 'hej' });
  });

  it('speaks lines over TCP', async () => {
    const heard: string[] = [];
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        if (heard.length === 0) setTimeout(() => (socket.write('0 200 he'), setTimeout(() => socket.write('j alice\r\n0 1'), 5)), 150);
        heard.push(data.toString('latin1'));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const result = await run(`tcp://127.0.0.1:${String(Reflect.get(Object(server.address()), 'port'))}`, { transport: 'tcp', final: "$substringAfter($substringAfter(value, ' '), ' ')" });
    await new Promise((resolve) => server.close(resolve));
    expect(result.error).toBeUndefined();
    expect(result.output).toMatchObject({ text: 'hej alice', wer: 0 });
  });

  it('keeps a quiet line open', async () => {
    await using peer = await startPeer(custom, [{ at: 'end', say: 'final', text: 'hej alice' }]);
    const result = await run(peer.url, CUSTOM, { tail: 'nothing', tailMs: 1_100 });
    expect(result.output).toMatchObject({ wer: 0, confidence: 0.5 });
    expect(peer.violations).toEqual([]);
    expect(peer.received.filter((text) => text === '{"op":"still-here"}').length).toBeGreaterThanOrEqual(4);
    expect(peer.audio().length).toBe(500 * 8);
  });

  it.each([
    ['bytes', saying(Buffer.from([1, 2, 3])), {}, 'sent a binary message of 3 bytes; with binary: ignore'],
    ['a final that is a number', saying('{"f":7}'), { final: 'f' }, 'the expression final gives 7, neither a text nor true'],
    ['a final without a text', saying('{"f":true}'), { final: 'f' }, 'sent a final without a text: {"f":true}'],
  ])('refuses %s', async (_, server, protocol, message) => {
    await using peer = await startPeer(server);
    const result = await run(peer.url, { final: 'text', ...protocol });
    expect(result.error).toMatchObject({ code: 'REALOPS_PROTOCOL', message: expect.stringContaining(message) });
  });

  it('leaves bytes out where the suite says so', async () => {
    await using peer = await startPeer(saying(Buffer.from([1, 2, 3]), '{"text":"hej alice"}'));
    expect((await run(peer.url, { final: 'text', binary: 'ignore' })).output).toMatchObject({ wer: 0 });
  });

  it('finds what stands for nothing before it connects', async () => {
    await using peer = await startPeer(saying());
    const result = await run(peer.url, { frame: '{"a":"{base46}"}', final: 'text' });
    expect(result.error).toMatchObject({ code: 'REALOPS_WITH_INVALID', message: expect.stringContaining('{base46} stands for nothing') });
    expect(peer.requests).toHaveLength(0);
    await expect(run(peer.url, { final: 'text', frme: 'x' })).rejects.toMatchObject({ code: 'REALOPS_WITH_INVALID', hint: expect.stringContaining('frame') });
    await expect(run(peer.url, {})).rejects.toMatchObject({ code: 'REALOPS_WITH_INVALID', message: expect.stringContaining('final') });
  });
});
