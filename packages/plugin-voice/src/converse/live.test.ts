import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepRun } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hold, turnsIn } from '../fixtures/agent/hold.js';
import { brokenLimits, DEAD, GOOD, MUTATIONS, SCRIPT } from '../fixtures/agent/misbehaviours.js';
import type { AgentScript } from '../fixtures/agent/script.js';
import { tone } from '../fixtures/agent/virtual.js';
import { wavFile } from '../fixtures/speech.js';

let files: string;
beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'realops-live-'));
  for (const { id, ms, amplitude } of SCRIPT) await writeFile(join(files, `${id}.wav`), wavFile(tone(ms, amplitude)));
});
afterAll(() => rm(files, { recursive: true }));

const turns = SCRIPT.map(({ id, ms, pauses = [], turn }) => ({ id, say: { file: `${id}.wav`, onsetMs: 0, endMs: ms, pauses }, ...turn }));
const speakWith = (script: AgentScript, check: (result: StepRun) => void): Promise<void> => hold({ ...GOOD, ...script }, turns, { files }, ({ result }) => check(result));

describe('the same script over sockets, with assistants in other processes', { timeout: 250_000 }, () => {
  it.concurrent.each([{ name: 'does everything right', script: {}, moves: [], fails: [] }, ...MUTATIONS].map((each) => [each.name, each] as const))('one that %s', async (_, { script, moves, fails }) => {
    await speakWith(script, (result) => {
      expect(result.error).toBeUndefined();
      expect(turnsIn(result).map(({ id, verdict }) => [id, verdict])).toEqual(SCRIPT.map(({ id }) => [id, fails.includes(id) ? 'fail' : 'pass']));
      expect(brokenLimits(result.measurements)).toEqual([...moves].sort());
      expect(result.warnings).toEqual([]);
    });
  });

  it.concurrent('one whose line is dead after two answers: an error, and no sample of anything', async () => {
    await speakWith(DEAD, (result) => {
      expect(result.error).toMatchObject({ code: 'REALOPS_TARGET_FAILED', message: expect.stringContaining('turns since then had no answer: ask, last') });
      expect(result.measurements).toEqual([]);
      expect([...result.artifacts.keys()].some((path) => path.endsWith('timeline.json'))).toBe(true);
    });
  });
});
