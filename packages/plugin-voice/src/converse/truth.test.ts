import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, type StepRun } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentScript } from '../fixtures/agent/script.js';
import { startAgent } from '../fixtures/agent/start.js';
import { wavFile } from '../fixtures/speech.js';
import { converse } from './converse.js';

/** A steady tone: every one of its frames is loud, so both sides agree about where it ends. */
const tone = (ms: number): Int16Array => Int16Array.from({ length: ms * 16 }, (_, index) => Math.round(8_000 * Math.sin((2 * Math.PI * 300 * index) / 16_000)));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-converse-'));
  await writeFile(join(folder, 'say.wav'), wavFile(tone(600)));
});
afterAll(() => rm(folder, { recursive: true }));

const file = { file: 'say.wav', onsetMs: 0, endMs: 600 };
async function hold(script: AgentScript, turns: readonly object[], extra: object = {}): Promise<StepRun> {
  await using agent = await startAgent(script);
  return await runStep(converse, { target: 'talk', turns: turns as never, ...extra }, { targets: { talk: agent.url }, files: folder, timeoutMs: 60_000 });
}
const turnsOf = ({ output }: StepRun): readonly { readonly [name: string]: number & string }[] => Reflect.get(Object(output), 'turns');
const valuesOf = ({ measurements }: StepRun, metric: string): readonly (number | null)[] => measurements.filter((each) => each.metric === `voice.${metric}`).map(({ value }) => value);

describe('the truth of what is measured, against an assistant in another process', () => {
  it.concurrent.each([0, 100, 300, 800, 2_000])('an answer after %d ms', { timeout: 60_000 }, async (delayMs) => {
    const result = await hold({ delayMs, exactFrames: 30, replyMs: 300 }, Array.from({ length: 5 }, () => ({ say: file })));
    expect(result.error).toBeUndefined();
    const errors = turnsOf(result).map(({ latencyMs }) => Math.abs(Number(latencyMs) - delayMs));
    expect(errors).toHaveLength(5);
    expect(Math.max(...errors)).toBeLessThan(20);
    expect([...errors].sort((a, b) => a - b)[2]).toBeLessThanOrEqual(5);
    expect(valuesOf(result, 'turnMissed')).toEqual([0, 0, 0, 0, 0]);
  });
});
