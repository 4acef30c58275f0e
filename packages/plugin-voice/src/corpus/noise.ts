import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RealopsError, type Millis } from '@alice/realops/plugin';
import { activeSpeechLevel, rmsLevel } from '../audio/level.js';
import { SAMPLE_RATE } from '../audio/wav.js';
import { filesBelow } from './detect.js';
import { SOUND } from './folder.js';
import { locate } from './inside.js';
import type { Finding } from './model.js';
import { recordedAt } from './recorded-at.js';
import { decodeSource, type Tools } from './source.js';

/** A recording of noise, as a condition for speech. Levels in dB of full scale. */
export interface NoiseProfile {
  readonly path: string;
  readonly durationMs: Millis;
  readonly rmsDb: number;
  /** ITU-T P.56. */
  readonly activeDb: number;
  readonly peakDb: number;
  /** How far its loudest tenth of half seconds is above its quietest tenth. */
  readonly spreadDb: number;
  readonly steady: boolean;
  /** When it was recorded, by its own word or by the time of its file. */
  readonly recorded: string;
  readonly recordedBy: 'file itself' | 'time of the file';
  readonly ageDays: number;
  readonly stale: boolean;
  readonly ratios: readonly RatioReport[];
}

/** What a ratio of speech to noise asks of this noise, over the clips of a prepared corpus. */
export interface RatioReport {
  readonly snrDb: number;
  /** What the noise is multiplied with, in dB: of the softest clip, the median one, and the loudest. */
  readonly gainDb: { readonly least: number; readonly median: number; readonly most: number };
  /** Clips whose mix would go above full scale, if the peaks of both fell together: such a mix is turned down as a whole. */
  readonly turnedDown: number;
  readonly clips: number;
}

/** Levels of clips, as a manifest has them. */
export interface ClipLevels {
  readonly activeDb: number;
  readonly peakDb: number;
}

/** What is looked at. */
export interface NoiseOptions {
  readonly dir: string;
  readonly clips: readonly ClipLevels[];
  readonly snrsDb: readonly number[];
  readonly maxAgeDays: number;
  readonly tools: Tools;
}

/** A noise whose half seconds differ by more than this is another one at each place that a mix begins. */
const STEADY_DB = 10;
/** A mix goes no higher than this. */
const PEAK_DB = 20 * Math.log10(0.99);
const DAY_MS = 86_400_000;

/** Looks at every recording of a folder. Those that cannot be used are faults. */
export async function noiseProfiles(options: NoiseOptions): Promise<{ readonly profiles: readonly NoiseProfile[]; readonly faults: readonly Finding[] }> {
  const found = await stat(options.dir).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new RealopsError('REALOPS_FILE_NOT_FOUND', `there is no folder ${options.dir}`, { hint: 'name the folder that holds the recordings of noise' });
  const root = await realpath(options.dir);
  const paths = (await filesBelow(root)).filter((name) => SOUND.test(name));
  if (paths.length === 0) throw new RealopsError('REALOPS_DATA_INVALID', `${options.dir} holds no recordings`);
  const profiles: NoiseProfile[] = [];
  const faults: Finding[] = [];
  for (const path of paths) {
    options.tools.signal.throwIfAborted();
    const file = await locate(root, path);
    const fault = (message: string): void => void faults.push({ place: { file: path, line: 1 }, message });
    if ('why' in file) {
      fault(file.why);
      continue;
    }
    try {
      const bytes = await readFile(join(root, path), { signal: options.tools.signal });
      const { samples } = await decodeSource({ file: file.file, name: path, bytes }, options.tools);
      profiles.push({ path, ...ageOf(recordedAt(bytes), file.mtimeMs, options), ...profileOf(samples, options) });
    } catch (error) {
      if (!(error instanceof RealopsError)) throw error;
      fault(error.message);
    }
  }
  return { profiles, faults };
}

/** What samples of 16 kHz are like as noise. @throws RealopsError REALOPS_INPUT_INVALID for silence */
export function profileOf(samples: Int16Array, { clips, snrsDb }: Pick<NoiseOptions, 'clips' | 'snrsDb'>): Omit<NoiseProfile, 'path' | 'recorded' | 'recordedBy' | 'ageDays' | 'stale'> {
  const rmsDb = rmsLevel(samples);
  if (rmsDb === -Infinity) throw new RealopsError('REALOPS_INPUT_INVALID', 'is silent, so that no ratio can be made with it');
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  const peakDb = 20 * Math.log10(peak / 32_768);
  const size = SAMPLE_RATE / 2;
  const levels = Array.from({ length: Math.max(1, Math.floor(samples.length / size)) }, (_, index) => Math.max(-96, rmsLevel(samples.subarray(index * size, (index + 1) * size)))).sort((a, b) => a - b);
  const spreadDb = at(levels, 0.9) - at(levels, 0.1);
  const active = clips.map(({ activeDb }) => activeDb).sort((a, b) => a - b);
  const ratios = active.length === 0 ? [] : snrsDb.map((snrDb): RatioReport => {
    const gain = (activeDb: number): number => activeDb - rmsDb - snrDb;
    const turnedDown = clips.filter((clip) => sumDb(clip.peakDb, peakDb + gain(clip.activeDb)) > PEAK_DB).length;
    return { snrDb, gainDb: { least: tenth(gain(active[0] ?? 0)), median: tenth(gain(at(active, 0.5))), most: tenth(gain(active.at(-1) ?? 0)) }, turnedDown, clips: clips.length };
  });
  return { durationMs: Math.round((samples.length / SAMPLE_RATE) * 1_000), rmsDb: tenth(rmsDb), activeDb: tenth(activeSpeechLevel(samples).activeDb), peakDb: tenth(peakDb), spreadDb: tenth(spreadDb), steady: spreadDb <= STEADY_DB, ratios };
}

function ageOf(own: Date | undefined, mtimeMs: number, { tools, maxAgeDays }: NoiseOptions): Pick<NoiseProfile, 'recorded' | 'recordedBy' | 'ageDays' | 'stale'> {
  const recorded = own ?? new Date(mtimeMs);
  const ageDays = Math.max(0, Math.floor((tools.clock.wall().getTime() - recorded.getTime()) / DAY_MS));
  return { recorded: recorded.toISOString().slice(0, 10), recordedBy: own === undefined ? 'time of the file' : 'file itself', ageDays, stale: ageDays > maxAgeDays };
}

/** Nearest rank. */
function at(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The level of two amplitudes that fall together. */
function sumDb(a: number, b: number): number {
  return 20 * Math.log10(10 ** (a / 20) + 10 ** (b / 20));
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
