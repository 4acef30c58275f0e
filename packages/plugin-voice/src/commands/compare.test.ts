import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandContext } from '@alice/realops/plugin';
import { manualClock } from '@alice/realops/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../fixtures/random.js';
import { compare } from './compare.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'realops-compare-'))));
afterAll(() => rm(folder, { recursive: true }));

interface Row {
  readonly errors: number;
  readonly words?: number;
  readonly scenario?: string;
  readonly row?: number;
}

/** A log with these utterances, as a run writes it. */
async function log(name: string, rows: readonly Row[], more: readonly object[] = []): Promise<string> {
  const events = [
    { event: 'run_start', seq: 1 },
    ...rows.flatMap(({ errors, words = 8, scenario = 'asr', row }, index) => {
      const place = { scenario, row: row ?? index + 1 };
      return [{ event: 'test_start', ...place }, { event: 'measured', ...place, step: 'asr', attempt: 1, metric: 'voice.wer', kind: 'ratio', value: errors, whole: words }, { event: 'measured', ...place, step: 'asr', attempt: 1, metric: 'voice.final', kind: 'distribution', value: 500, whole: null }];
    }),
    ...more,
  ];
  const file = join(folder, name);
  await writeFile(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return file;
}

async function call(parameters: object): Promise<{ readonly code: number; readonly result: { readonly [name: string]: unknown } }> {
  let text = '';
  const output = { write: (part: string) => void (text += part), interactive: false, color: false, columns: 80 };
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined };
  const context: CommandContext = { signal: new AbortController().signal, clock: manualClock(), cwd: folder, env: {}, out: output, error: output, log: quiet, progress: () => undefined, random: randomFrom(1) };
  const code = await compare.run({ metric: 'voice.wer', gate: false, json: true, ...parameters } as never, context);
  return { code, result: text.startsWith('{') ? (JSON.parse(text) as { [name: string]: unknown }) : { text } };
}

const every = (count: number, errors: (index: number) => number): readonly Row[] => Array.from({ length: count }, (_, index) => ({ errors: errors(index) }));

describe('realops voice compare', () => {
  it('proves a difference that is there, and fails the gate', async () => {
    const [first, second] = [await log('good', every(40, (index) => Number(index % 8 === 0))), await log('bad', every(40, (index) => Number(index % 2 === 0)))];
    const { code, result } = await call({ first, second, gate: true });
    expect(code).toBe(1);
    expect(result).toMatchObject({ utterances: 40, leftOut: 0, first: { errors: 5, words: 320, rate: 0.015625 }, second: { errors: 20, rate: 0.0625 }, difference: 0.046875, verdict: 'second is worse' });
    expect(result['p']).toBeLessThan(0.001);
    const { low, high } = result['interval'] as { readonly low: number; readonly high: number };
    expect(low).toBeGreaterThan(0.02);
    expect(high).toBeLessThan(0.08);
    expect(await call({ first: second, second: first, gate: true })).toMatchObject({ code: 0, result: { verdict: 'second is better', difference: -0.046875 } });
  });

  it('proves none between equals, whatever the gate', async () => {
    const first = await log('same', every(30, (index) => Number(index % 3 === 0)));
    expect(await call({ first, second: first, gate: true })).toMatchObject({ code: 0, result: { difference: 0, p: 1, verdict: 'no difference proven', interval: { low: 0, high: 0 } } });
  });

  it('pairs the same row of the same scenario, and leaves out what is in one alone', async () => {
    const first = await log('more', [...every(25, () => 1), { errors: 5, scenario: 'other', row: 1 }]);
    const second = await log('fewer', [...every(24, () => 1), { errors: 0, words: 4, row: 25 }]);
    expect((await call({ first, second })).result).toMatchObject({ utterances: 24, leftOut: 3, difference: 0 });
    const across = await log('two', [...every(20, () => 0), ...every(20, () => 1).map((each, index) => ({ ...each, scenario: 'noisy', row: index + 1 }))]);
    expect((await call({ first: across, second: across, scenario: 'asr', other: 'noisy' })).result).toMatchObject({ utterances: 20, difference: 0.125, verdict: 'second is worse' });
  });

  it('takes the newest pass of a row that ran again', async () => {
    const again = every(20, () => 0).flatMap((_, index) => [{ event: 'test_start', scenario: 'asr', row: index + 1 }, { event: 'measured', scenario: 'asr', row: index + 1, step: 'asr', attempt: 1, metric: 'voice.wer', kind: 'ratio', value: 0, whole: 8 }]);
    const healed = await log('healed', every(20, () => 3), again);
    expect((await call({ first: healed, second: healed })).result).toMatchObject({ utterances: 20, first: { errors: 0 } });
  });

  it('shows it to people', async () => {
    const first = await log('shown', every(20, () => 1));
    expect((await call({ first, second: first, json: false })).result['text']).toContain('no difference proven: p = 1.000 (paired permutation test');
  });

  it('refuses what cannot be compared', async () => {
    const [few, enough] = [await log('few', every(19, () => 1)), await log('enough', every(20, () => 1))];
    await expect(call({ first: few, second: enough })).rejects.toThrow('19 utterances are in both (19 in the first, 20 in the second)');
    await expect(call({ first: enough, second: enough, scenario: 'asd' })).rejects.toMatchObject({ code: 'REALOPS_VALUE_INVALID', hint: expect.stringContaining('asr') });
    await expect(call({ first: enough, second: enough, metric: 'voice.final' })).rejects.toThrow('voice.final is a distribution');
    await expect(call({ first: enough, second: join(folder, 'nothing') })).rejects.toMatchObject({ code: 'REALOPS_FILE_NOT_FOUND' });
    await writeFile(join(folder, 'junk'), 'junk\n');
    await expect(call({ first: join(folder, 'junk'), second: enough })).rejects.toMatchObject({ code: 'REALOPS_LOG_INVALID' });
    await writeFile(join(folder, 'hole'), '{"event":"run_start"}\n{"event":"measured"\n{"event":"run_end"}\n');
    await expect(call({ first: join(folder, 'hole'), second: enough })).rejects.toMatchObject({ code: 'REALOPS_LOG_INVALID', message: expect.stringContaining('line 2') });
  });

  it('reads the log of a run that was killed', async () => {
    const whole = await log('whole', every(20, () => 1));
    const torn = await log('torn2', every(20, () => 1));
    await writeFile(torn, '{"event":"measured","scen', { flag: 'a' });
    expect((await call({ first: torn, second: whole })).result).toMatchObject({ utterances: 20 });
  });
});
