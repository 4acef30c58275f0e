import { RealopsError, type StepContext } from '@alice/realops/plugin';
import { basename, extname } from 'node:path';
import { readClip } from '../audio/clip-file.js';
import { activeSpeechLevel, rmsLevel } from '../audio/level.js';
import { hash, repeatingNoise } from '../audio/mix-noise.js';
import { changingRate } from '../audio/resample.js';
import { inSlices, mapSamples } from '../audio/slices.js';
import { SAMPLE_RATE } from '../audio/wav.js';
import type { ConverseParameters, TurnPlan } from './script.js';

/** Noise under a conversation, and the turns turned down where both together would be too loud. */
export interface Under {
  readonly plans: readonly TurnPlan[];
  readonly samples: Int16Array | undefined;
  /** Measured again on what is sent; null without noise. */
  readonly snrDb: number | null;
  readonly labels: { readonly noise: string; readonly snr?: string };
}

const PEAK = 0.99 * 32_768;

/**
 * Noise as loud as asked for against the active level of all that is said together (ITU-T P.56): one microphone, one room, so one gain.
 * @throws RealopsError REALOPS_INPUT_INVALID when nothing is said, or the noise is silent
 */
export async function noiseUnder(plans: readonly TurnPlan[], { noise, atMostMs }: ConverseParameters, rate: number, context: StepContext): Promise<Under> {
  if (noise === undefined) return { plans, samples: undefined, snrDb: null, labels: { noise: 'none' } };
  const speech = joined(plans.flatMap(({ act }) => (act.kind === 'speech' ? [act.utterance.samples] : [])));
  const { activeDb } = activeSpeechLevel(speech, rate);
  if (activeDb === -Infinity) throw new RealopsError('REALOPS_INPUT_INVALID', 'no turn says anything, so there is no level to mix noise against');
  const file = await inSlices(changingRate((await readClip(noise.file, context)).samples, SAMPLE_RATE, rate), context);
  const seed = noise.seed ?? Math.floor(context.random() * 2 ** 31);
  const bed = await inSlices(repeatingNoise(file, Math.floor(hash(seed) * file.length), Math.ceil((atMostMs * rate) / 1_000) + rate), context);
  const noiseDb = rmsLevel(bed);
  if (noiseDb === -Infinity) throw new RealopsError('REALOPS_INPUT_INVALID', 'the noise file is silent');
  const gain = 10 ** ((activeDb - noiseDb - noise.snrDb) / 20) * 32_768;
  const loudest = peakOf(speech) + peakOf(bed) * gain;
  const down = loudest > PEAK ? PEAK / loudest : 1;
  const samples = await inSlices(mapSamples(bed, bed.length, (value) => value * gain * down), context);
  const snrDb = Math.round((activeDb + 20 * Math.log10(down) - rmsLevel(samples)) * 100) / 100;
  return { plans: down === 1 ? plans : plans.map((plan) => softer(plan, down)), samples, snrDb, labels: { noise: basename(noise.file, extname(noise.file)), snr: String(noise.snrDb) } };
}

function softer(plan: TurnPlan, gain: number): TurnPlan {
  if (plan.act.kind !== 'speech' && plan.act.kind !== 'sound') return plan;
  const { kind, utterance } = plan.act;
  return { ...plan, act: { kind, utterance: { ...utterance, samples: utterance.samples.map((sample) => Math.round(sample * gain)) } } };
}

function joined(all: readonly Int16Array[]): Int16Array {
  const out = new Int16Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const each of all) {
    out.set(each, at);
    at += each.length;
  }
  return out;
}

function peakOf(samples: Int16Array | Float32Array): number {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  return peak;
}
