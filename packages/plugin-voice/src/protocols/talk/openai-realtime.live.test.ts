import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep } from '@alice/realops/testing';
import { expect, it } from 'vitest';
import { converse } from '../../converse/converse.js';
import { timelineIn, turnsIn } from '../../fixtures/agent/hold.js';
import { tone } from '../../fixtures/agent/virtual.js';
import { openaiRealtime, type Truncated } from '../../fixtures/peers/talk/openai-realtime.js';
import { startPeer } from '../../fixtures/peers/peer.js';
import { wavFile } from '../../fixtures/speech.js';

const FRAME_MS = 20;
const ATTEMPTS = 3;

/** One conversation with a server that sends a reply of two items at once, and says 1.2 s later that the user speaks. */
async function hold(files: string): Promise<{ readonly truncated: readonly Truncated[]; readonly latestMs: number }> {
  const truncated: Truncated[] = [];
  await using peer = await startPeer(() => {
    const words = openaiRealtime((each) => void truncated.push(each));
    let heardMs = 0;
    const sound = Array.from({ length: 10 }, () => tone(200).subarray(0, 2_400));
    return {
      connected: (client) => words.connected?.(client),
      message(client, data, isBinary) {
        const audio = words.take(client, data, isBinary);
        if (audio === undefined) return;
        const before = heardMs;
        heardMs += audio.length / words.bytesPerMs;
        const passes = (ms: number): boolean => before < ms && heardMs >= ms;
        if (passes(900)) {
          // 500 ms, which are over when the user cuts in, and 1500 ms, which are not.
          for (const piece of sound.slice(0, 5)) words.voice(client, piece);
          words.said?.(client, 'Ett.', '');
          for (const piece of [...sound, ...sound.slice(0, 5)]) words.voice(client, piece);
          words.said?.(client, 'Två.', '');
        }
        if (passes(2_100)) words.clear(client);
      },
      cue: () => undefined,
    };
  });
  const say = { file: 'say.wav', onsetMs: 0, endMs: 400 };
  const turns = [{ say, start: { after: 'sessionStart', delayMs: 200 } }, { say, expect: 'stop', start: { after: 'agentSpeechStart', delayMs: 800 } }];
  const result = await runStep(converse, { target: 'talk', protocol: 'openai-realtime', turns, hangUpMs: 300, windows: { respondMs: 1_000 } }, { targets: { talk: peer.url }, files, timeoutMs: 20_000 });
  expect(result.error).toBeUndefined();
  await peer.quiet();
  expect(peer.violations).toEqual([]);
  expect(turnsIn(result)).toMatchObject([{ verdict: 'pass' }, { trigger: 'anchor' }]);
  // What the playout clock says, in whole ms: of the second item, after the five pieces of the first.
  const timeline = timelineIn(result);
  const played = timeline.chunks.slice(5).reduce((sum, { playedMs }) => sum + playedMs, 0);
  expect(truncated.map(({ item }) => item)).toEqual(['item_1']);
  expect(Math.abs((truncated[0]?.endMs ?? NaN) - played)).toBeLessThanOrEqual(1);
  expect(truncated[0]?.endMs).toBeGreaterThan(100);
  return { truncated, latestMs: Math.max(...timeline.sentMs.map((at, index) => at - (timeline.sentMs[0] ?? 0) - index * FRAME_MS)) };
}

it("tells the server how much was heard: within a frame of what the server's own clock says", { timeout: 60_000 }, async ({ skip }) => {
  const files = await mkdtemp(join(tmpdir(), 'realops-truncate-'));
  try {
    await writeFile(join(files, 'say.wav'), wavFile(tone(400)));
    for (let attempt = 1; ; attempt += 1) {
      const { truncated: [first], latestMs } = await hold(files);
      const off = Math.abs((first?.endMs ?? NaN) - (first?.playedMs ?? NaN));
      if (off <= FRAME_MS) return;
      // Both clocks are in this process: who is held up hears late.
      if (latestMs < FRAME_MS) expect(off).toBeLessThanOrEqual(FRAME_MS);
      if (attempt === ATTEMPTS) return skip(`the machine is too busy to tell: our own frames were up to ${latestMs.toFixed(0)} ms late`);
    }
  } finally {
    await rm(files, { recursive: true });
  }
});
