import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineStep } from '@alice/realops/plugin';
import { runStep } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activeSpeechLevel, rmsLevel } from '../audio/level.js';
import { padded, speechLike, whiteNoise, wavFile } from '../fixtures/speech.js';
import { noiseUnder, type Under } from './noise.js';
import type { ConverseParameters, TurnPlan } from './script.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'realops-under-'));
  await writeFile(join(folder, 'cafe.wav'), wavFile(whiteNoise(16_000, 3_000)));
  await writeFile(join(folder, 'silent.wav'), wavFile(new Int16Array(8_000)));
});
afterAll(() => rm(folder, { recursive: true }));

const SPEECH = padded(speechLike(1.5), 2, 3);
const plan = (samples: Int16Array, kind: 'speech' | 'sound' = 'speech'): TurnPlan => ({
  id: 'a', act: { kind, utterance: { samples, onset: 0, end: samples.length, pauses: [] } }, start: { after: 'sessionStart', event: undefined, delayMs: 0, timeoutMs: 1 },
  expect: 'respond', class: 'speech', label: undefined, withinMs: 1, lastsMs: undefined, text: [], intents: [],
});
/** What comes of it, or the error, inside of a step as it is at work. */
async function under(plans: readonly TurnPlan[], noise: ConverseParameters['noise'], rate = 16_000, seed = 1): Promise<Under | string> {
  let found: Under | undefined;
  const step = defineStep({
    use: 'test.noise', description: 'Puts noise under turns.', with: { type: 'object', properties: {} },
    run: async (_, context) => void (found = await noiseUnder(plans, { noise, atMostMs: 20_000 } as ConverseParameters, rate, context)),
  });
  const { error } = await runStep(step, {}, { files: folder, seed });
  return error === undefined && found !== undefined ? found : `${error?.code ?? ''} ${error?.message ?? ''}`;
}
const good = async (...given: Parameters<typeof under>): Promise<Under> => {
  const found = await under(...given);
  if (typeof found === 'string') throw new Error(found);
  return found;
};

describe('noiseUnder', () => {
  it.each([-5, 0, 10, 20])('lies %d dB under the active level of what is said, silence around it left out', async (snrDb) => {
    const { plans, samples, snrDb: found, labels } = await good([plan(SPEECH)], { file: 'cafe.wav', snrDb });
    const [first] = plans;
    if (samples === undefined || first?.act.kind !== 'speech') throw new Error('no noise');
    expect(Math.abs(activeSpeechLevel(first.act.utterance.samples).activeDb - rmsLevel(samples) - snrDb)).toBeLessThan(0.1);
    expect(Math.abs((found ?? NaN) - snrDb)).toBeLessThan(0.1);
    expect(labels).toEqual({ noise: 'cafe', snr: String(snrDb) });
    expect(samples.length).toBeGreaterThanOrEqual(20 * 16_000);
    const peak = (all: Int16Array): number => all.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(peak(samples) + peak(first.act.utterance.samples)).toBeLessThan(32_768);
  });

  it('turns down all that is said by one gain where both together would be too loud', async () => {
    const loud = speechLike(1.5, 25_000);
    const { plans } = await good([plan(loud), plan(speechLike(0.5, 4_000), 'sound')], { file: 'cafe.wav', snrDb: -15 });
    const rmsOf = (each: TurnPlan | undefined): number => (each?.act.kind === 'speech' || each?.act.kind === 'sound' ? rmsLevel(each.act.utterance.samples) : NaN);
    const [speech, sound] = [rmsOf(plans[0]) - rmsLevel(loud), rmsOf(plans[1]) - rmsLevel(speechLike(0.5, 4_000))];
    expect(speech).toBeLessThan(-1);
    expect(sound).toBeCloseTo(speech, 1);
  });

  it('is the same for the same seed, and its own for each seed', async () => {
    const at = async (seed: number, own?: number): Promise<string> => Array.from((await good([plan(SPEECH)], { file: 'cafe.wav', snrDb: 5, ...(own === undefined ? {} : { seed: own }) }, 16_000, seed)).samples ?? []).slice(0, 99).join();
    expect(await at(1)).toBe(await at(1));
    expect(await at(1)).not.toBe(await at(2));
    expect(await at(1, 7)).toBe(await at(2, 7));
  });

  it('leaves everything as it is without noise', async () => {
    const plans = [plan(SPEECH)];
    expect(await good(plans, undefined)).toEqual({ plans, samples: undefined, snrDb: null, labels: { noise: 'none' } });
  });

  it.each<readonly [string, readonly TurnPlan[], string, string]>([
    ['a file that is not there', [plan(SPEECH)], 'gone.wav', 'REALOPS_FILE_NOT_FOUND gone.wav cannot be read'],
    ['a file that is silent', [plan(SPEECH)], 'silent.wav', 'REALOPS_INPUT_INVALID the noise file is silent'],
    ['nothing that is said', [plan(speechLike(0.3), 'sound')], 'cafe.wav', 'REALOPS_INPUT_INVALID no turn says anything, so there is no level to mix noise against'],
  ])('is an error for %s, never clean audio', async (_, plans, file, message) => {
    expect(await under(plans, { file, snrDb: 10 })).toContain(message);
  });
});
