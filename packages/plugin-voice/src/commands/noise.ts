import { resolve } from 'node:path';
import { defineCommand, RealopsError, type CommandContext } from '@alice/realops/plugin';
import type { NoiseProfile } from '../corpus/noise.js';

/** `realops voice noise`: what recordings of noise are good for. */
export const noise = defineCommand({
  name: 'noise',
  description: 'Looks at a folder of noise recordings: length, levels, steadiness and age, and which gain each ratio to the speech of a prepared corpus takes.',
  with: {
    type: 'object',
    properties: {
      dir: { type: 'string', minLength: 1, description: 'The folder of the recordings.' },
      manifest: { type: 'string', minLength: 1, description: 'The manifest.jsonl of a prepared corpus, for the ratios.' },
      snr: { type: 'array', items: { type: 'string' }, default: ['20', '10', '5', '0'], description: 'A ratio of speech to noise in dB.' },
      maxAge: { type: 'integer', minimum: 1, default: 30, description: 'Days after which a recording should be made again.' },
      json: { type: 'boolean', default: false, description: 'Print one JSON object.' },
    },
    required: ['dir'],
  },
  positionals: ['dir'],
  examples: ['realops voice noise datasources/noise', 'realops voice noise datasources/noise --manifest corpus/.realops-prepared/manifest.jsonl --snr 10 --snr=-5'],
  async run({ dir, manifest, snr, maxAge, json }, context) {
    const snrsDb = snr.map((text) => {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      if (value >= -20 && value <= 60) return value;
      throw new RealopsError('REALOPS_VALUE_INVALID', `--snr takes a number of −20 to 60 dB, got ${JSON.stringify(text)}`);
    });
    const [{ noiseProfiles }, { manifestLevels }] = await Promise.all([import('../corpus/noise.js'), import('../corpus/manifest-levels.js')]);
    const { cwd, env, signal, clock } = context;
    const clips = manifest === undefined ? [] : await manifestLevels(resolve(cwd, manifest), signal);
    const { profiles, faults } = await noiseProfiles({ dir: resolve(cwd, dir), clips, snrsDb, maxAgeDays: maxAge, tools: { env, clock, signal } });
    if (json) context.out.write(`${JSON.stringify({ profiles, faults: faults.map(({ place: { file }, message }) => ({ file, message })) }, null, 2)}\n`);
    else for (const profile of profiles) show(profile, context);
    for (const { place: { file }, message } of json ? [] : faults) context.error.write(`${file}  ${message}\n`);
    return faults.length === 0 ? 0 : 3;
  },
});

function show({ path, durationMs, rmsDb, activeDb, peakDb, spreadDb, steady, recorded, recordedBy, ageDays, stale, ratios }: NoiseProfile, { out }: CommandContext): void {
  const lines = [
    path,
    `  ${(durationMs / 1_000).toFixed(1)} s, level ${rmsDb} dB, active ${activeDb} dB (P.56), peak ${peakDb} dB of full scale`,
    `  ${steady ? 'steady' : 'not steady'}: its half seconds lie ${spreadDb} dB apart${steady ? '' : '; two mixes of the same ratio may sound very different'}`,
    `  recorded ${recorded} (${recordedBy}), ${ageDays} days ago${stale ? ': record it again, rooms and machines change' : ''}`,
    ...ratios.map(({ snrDb, gainDb: { least, median, most }, turnedDown, clips }) => `  ${String(snrDb).padStart(4)} dB   gain ${median} dB (${least} to ${most})${turnedDown === 0 ? '' : `, at most ${turnedDown} of ${clips} mixes are turned down to stay under full scale`}`),
  ];
  out.write(`${lines.join('\n')}\n`);
}
