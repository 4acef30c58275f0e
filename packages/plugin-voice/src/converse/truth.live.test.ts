import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hold, pairsOf, timelineIn, tooBusy, turnsIn, type Pair } from '../fixtures/agent/hold.js';
import { brokenLimits, DEAD, GOOD, MUTATIONS, SCRIPT } from '../fixtures/agent/misbehaviours.js';
import type { AgentScript } from '../fixtures/agent/script.js';
import { hurry } from '../fixtures/agent/start.js';
import { holdVirtually, planOf, tone } from '../fixtures/agent/virtual.js';
import { wavFile } from '../fixtures/speech.js';
import { conversationFiguresOf } from './measure.js';

let files: string;
beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'realops-truth-'));
  await writeFile(join(files, 'say.wav'), wavFile(tone(600)));
  for (const { id, ms, amplitude } of SCRIPT) await writeFile(join(files, `${id}.wav`), wavFile(tone(ms, amplitude)));
  hurry();
  // Code that runs for the first time is slow.
  await holdVirtually({ delayMs: 500 }, [planOf('warm', tone(600)), planOf('up', tone(600))]);
});
afterAll(() => rm(files, { recursive: true }));

const say = { file: 'say.wav', onsetMs: 0, endMs: 600 };
const ask = { say };
/** All within 20 ms of the truth, and half of them within 5; of at least three at whose moments the machine let us listen. */
function expectTrue(pairs: readonly Pair[], least = 3): void {
  const text = pairs.map(({ measured, truth }) => `${measured} is ${truth.toFixed(1)}`).join(', ');
  const errors = pairs.map(({ measured, truth }) => Math.abs(measured - truth)).sort((a, b) => a - b);
  if (pairs.length < least) throw tooBusy(text);
  expect(errors.at(-1), text).toBeLessThanOrEqual(20);
  expect(errors[Math.floor((errors.length - 1) / 2)], text).toBeLessThanOrEqual(5);
}
/** What the assistant really did is the truth, and no other delay than the one it was told, give or take a busy machine. */
function expectTold(did: readonly number[], toldMs: number, count: number): void {
  expect(did).toHaveLength(count);
  for (const ms of did) expect(ms).toBeGreaterThanOrEqual(toldMs - 2);
}

describe('the truth of what is measured, against an assistant in another process', { timeout: 200_000 }, () => {
  it.concurrent.for([0, 100, 300, 800, 2_000])('an answer after %d ms', async (delayMs, context) => {
    await hold({ delayMs, exactFrames: 30, replyMs: 300 }, Array.from({ length: 5 }, () => ask), { files }, context, ({ result, did }) => {
      expect(result.error).toBeUndefined();
      expectTold(did.answer, delayMs, 5);
      expectTrue(pairsOf(result, 'latencyMs', did.answer, 'endMs'));
      expect(result.output).toMatchObject({ passed: 5, failed: 0, inconclusive: 0 });
      // What was measured is what anybody finds in the timeline again.
      const again = conversationFiguresOf(timelineIn(result)).measurements.map(({ metric, value }) => [metric, typeof value === 'boolean' ? Number(value) : typeof value === 'object' && value !== null ? value.part : value]);
      expect(result.measurements.filter(({ metric }) => metric !== 'voice.senderLateness').map(({ metric, value }) => [metric, value])).toEqual(again);
    });
  });

  it.concurrent.for([
    [100, 'paced'], [300, 'paced'], [900, 'paced'], [100, 'burst'], [300, 'burst'], [900, 'burst'],
  ] as const)('an assistant that stops after %d ms, %s', async ([stopDelayMs, playback], context) => {
    const cut = { say, expect: 'stop', lastsMs: 2_500, start: { delayMs: 600 } };
    await hold({ delayMs: 900, eosMs: 600, replyMs: 2_500, stopDelayMs, playback }, [ask, cut, cut, cut], { files }, context, ({ result, did }) => {
      expect(result.error).toBeUndefined();
      expect(result.output).toMatchObject({ passed: 4 });
      expectTold(did.stop, stopDelayMs, 3);
      expectTrue(pairsOf(result, 'stopMs', did.stop, 'onsetMs'), 2);
      expectTrue(pairsOf(result, 'latencyMs', did.answer, 'endMs'), 2);
    });
  });

  it.concurrent.for(['paced', 'burst'] as const)('where its speech begins and ends, %s', async (playback, context) => {
    await hold({ exactFrames: 30, delayMs: 400, leadMs: 300, replyMs: 1_000, playback }, [ask, ask, ask, ask, ask], { files }, context, ({ result, did }) => {
      expect(result.error).toBeUndefined();
      expectTrue(pairsOf(result, 'leadingSilenceMs', [300, 300, 300, 300, 300], 'endMs'));
      expectTrue(pairsOf(result, 'answerMs', did.speech, 'endMs'));
      expectTrue(pairsOf(result, 'latencyMs', did.answer.map((ms) => ms + 300), 'endMs'));
      // The speech itself is among what came at once, when all did.
      expectTrue(pairsOf(result, 'latencyArrivalMs', did.answer.map((ms) => (playback === 'burst' ? ms : ms + 300)), 'endMs'));
    });
  });
});

/** A reply of 4 s is cut into at 2 s, and the assistant reacts 200 ms later. A paced one that stops does so at the end of a frame. */
const CASES: readonly (readonly [string, AgentScript, arrivalMs: number, stopMs: number, isPass: boolean])[] = [
  ['paced', { clears: false }, 190, 210, true],
  ['paced, and ignores the user', { misbehave: { deaf: true } }, 1_980, 2_000, false],
  ['all at once, and never clears', { playback: 'burst', clears: false }, -2_000, 2_000, false],
  ['all at once, and clears', { playback: 'burst' }, -2_000, 200, true],
  ['three times as fast, "cancels" and never clears', { playback: 'fast', clears: false }, -673, 2_000, false],
  ['three times as fast, and clears', { playback: 'fast' }, -1_270, 200, true],
];

describe('when an assistant in another process has stopped', { timeout: 200_000 }, () => {
  it.concurrent.for(CASES)('%s', async ([, script, arrivalMs, stopMs, isPass], context) => {
    const cut = { say, expect: 'stop', lastsMs: 4_000, start: { delayMs: 2_000 } };
    await hold({ delayMs: 2_000, eosMs: 600, replyMs: 4_000, stopDelayMs: 200, ...script }, [ask, cut], { files, windows: { stopMs: 1_000 } }, context, ({ result }) => {
      expect(result.error).toBeUndefined();
      expect(turnsIn(result)[1]).toMatchObject({ verdict: isPass ? 'pass' : 'fail' });
      const [stop, arrival] = ['voice.bargeInStop', 'voice.bargeInStopArrival'].map((name) => result.measurements.find(({ metric }) => metric === name)?.value);
      expect(Math.abs(Number(stop) - stopMs), `${String(stop)} ms, not ${stopMs}`).toBeLessThanOrEqual(20);
      expect(Math.abs(Number(arrival) - arrivalMs), `${String(arrival)} ms, not ${arrivalMs}`).toBeLessThanOrEqual(20);
      expect(result.measurements.find(({ metric }) => metric === 'voice.bargeInYield')?.value).toBe(Number(isPass));
    });
  });
});

const script = SCRIPT.map(({ id, ms, pauses = [], turn }) => ({ id, say: { file: `${id}.wav`, onsetMs: 0, endMs: ms, pauses }, ...turn }));

describe('the script of misbehaviour.test.ts over sockets, with assistants in other processes', { timeout: 250_000 }, () => {
  it.concurrent.for([{ name: 'does everything right', script: {}, moves: [], fails: [] }, ...MUTATIONS])('one that $name', async ({ script: own, moves, fails }, context) => {
    await hold({ ...GOOD, ...own }, script, { files }, context, ({ result }) => {
      expect(result.error).toBeUndefined();
      expect(turnsIn(result).map(({ id, verdict }) => [id, verdict])).toEqual(SCRIPT.map(({ id }) => [id, fails.includes(id) ? 'fail' : 'pass']));
      expect(brokenLimits(result.measurements)).toEqual([...moves].sort());
      expect(result.warnings).toEqual([]);
    });
  });

  it.concurrent('one whose line is dead after two answers: an error, and no sample of anything', async (context) => {
    await hold(DEAD, script, { files }, context, ({ result }) => {
      expect(result.error).toMatchObject({ code: 'REALOPS_TARGET_FAILED', message: expect.stringContaining('turns since then had no answer: ask, last') });
      expect(result.measurements).toEqual([]);
      expect([...result.artifacts.keys()].some((path) => path.endsWith('timeline.json'))).toBe(true);
    });
  });
});
