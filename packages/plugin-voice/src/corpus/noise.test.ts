import { Buffer } from 'node:buffer';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activeSpeechLevel } from '../audio/level.js';
import { mixNoise } from '../audio/mix-noise.js';
import { padded, speechLike, wavFile, whiteNoise } from '../fixtures/speech.js';
import { realClock } from '../fixtures/tools.js';
import { manifestLevels } from './manifest-levels.js';
import { noiseProfiles, profileOf, type NoiseOptions } from './noise.js';
import { recordedAt } from './recorded-at.js';

/** A chunk of a RIFF file. */
const chunk = (id: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(8);
  head.write(id, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
};
/** A WAV with more chunks before its data, which begin at byte 36. */
const withChunk = (wav: Buffer, more: Buffer): Buffer => {
  const all = Buffer.concat([wav.subarray(0, 36), more, wav.subarray(36)]);
  all.writeUInt32LE(all.length - 8, 4);
  return all;
};

const steady = whiteNoise(16_000 * 4, 3_000);
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'realops-noise-'));
  await writeFile(join(dir, 'steady.wav'), withChunk(wavFile(steady), chunk('LIST', Buffer.concat([Buffer.from('INFO'), chunk('ICMT', Buffer.from('odd')), chunk('ICRD', Buffer.from('2026-11-01\0'))]))));
  await writeFile(join(dir, 'bursts.wav'), wavFile(Int16Array.from([...whiteNoise(16_000 * 2, 100), ...whiteNoise(16_000 * 2, 9_000)])));
  await utimes(join(dir, 'bursts.wav'), new Date('2026-10-01T12:00:00Z'), new Date('2026-10-01T12:00:00Z'));
  await writeFile(join(dir, 'silent.wav'), wavFile(new Int16Array(16_000)));
});
afterAll(() => rm(dir, { recursive: true }));
const options = (more: Partial<NoiseOptions> = {}): NoiseOptions => ({ dir, clips: [], snrsDb: [10], maxAgeDays: 30, tools: { env: {}, clock: realClock(() => new Date('2026-11-20T00:00:00Z')), signal: new AbortController().signal }, ...more });

describe('recordings of noise', () => {
  it('are told apart by steadiness and age', async () => {
    const { profiles, faults } = await noiseProfiles(options());
    expect(profiles.map(({ path, steady: is, recorded, recordedBy, ageDays, stale, durationMs }) => [path, is, recorded, recordedBy, ageDays, stale, durationMs])).toEqual([
      ['bursts.wav', false, '2026-10-01', 'time of the file', 49, true, 4_000],
      ['steady.wav', true, '2026-11-01', 'file itself', 19, false, 4_000],
    ]);
    expect(faults).toEqual([{ place: { file: 'silent.wav', line: 1 }, message: 'is silent, so that no ratio can be made with it' }]);
    await expect(noiseProfiles(options({ dir: join(dir, 'gone') }))).rejects.toThrow('there is no folder');
  });

  it('know when they were made, by ICRD or bext, whatever else lies in the file', () => {
    const bext = Buffer.alloc(602);
    bext.write('2025-12-24', 320, 'latin1');
    bext.write('18:00:00', 330, 'latin1');
    expect(recordedAt(withChunk(wavFile(steady), chunk('bext', bext)))).toEqual(new Date('2025-12-24'));
    expect(recordedAt(withChunk(wavFile(steady), chunk('LIST', Buffer.concat([Buffer.from('INFO'), chunk('ICRD', Buffer.from('yesterday'))]))))).toBeUndefined();
    expect(recordedAt(wavFile(steady))).toBeUndefined();
    for (let length = 0; length < 120; length += 7) expect(recordedAt(withChunk(wavFile(steady), chunk('bext', bext)).subarray(0, length))).toBeUndefined();
  });

  it('take the gain that the mixer really gives them', () => {
    const speech = padded(speechLike(1.5), 0.2, 0.2);
    const { activeDb } = activeSpeechLevel(speech);
    const [report] = profileOf(steady, { clips: [{ activeDb, peakDb: -12 }], snrsDb: [7] }).ratios;
    const mix = mixNoise(speech, steady, { snrDb: 7, seed: 3, leadSamples: 16_000 });
    // The lead holds noise alone.
    const lead = mix.samples.subarray(0, 16_000);
    const [mixed, plain] = [lead, steady].map((samples) => 10 * Math.log10(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length));
    expect(report?.gainDb.median).toBeCloseTo((mixed ?? 0) - (plain ?? 0), 0);
    expect(report).toMatchObject({ snrDb: 7, turnedDown: 0, clips: 1 });
  });

  it('that would go above full scale are counted', () => {
    const [near, far] = profileOf(steady, { clips: [{ activeDb: -8, peakDb: -0.5 }, { activeDb: -26, peakDb: -14 }], snrsDb: [0, 40] }).ratios;
    expect([near?.turnedDown, far?.turnedDown]).toEqual([1, 0]);
  });

  it('are held against a manifest, whose lines must be of one', async () => {
    await writeFile(join(dir, 'manifest.jsonl'), '{"activeDb":-26.5,"peakDb":-8}\n\n{"activeDb":-20}\n');
    await expect(manifestLevels(join(dir, 'manifest.jsonl'), new AbortController().signal)).rejects.toThrow(/manifest\.jsonl:3 is no line of a manifest/u);
    await writeFile(join(dir, 'manifest.jsonl'), '{"activeDb":-26.5,"peakDb":-8}\n');
    expect(await manifestLevels(join(dir, 'manifest.jsonl'), new AbortController().signal)).toEqual([{ activeDb: -26.5, peakDb: -8 }]);
    await expect(manifestLevels(join(dir, 'gone.jsonl'), new AbortController().signal)).rejects.toThrow('cannot be read');
  });
});
