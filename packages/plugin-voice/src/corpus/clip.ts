import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Millis } from '@alice/realops/plugin';
import { findingClipping } from '../audio/clipping.js';
import { readRiff } from '../audio/riff.js';
import { atOnce } from '../audio/slices.js';
import { listening } from '../audio/sound.js';
import { speechBounds, type SpeechBounds } from '../audio/speech-bounds.js';
import { wavOf } from '../audio/wav-file.js';
import { SAMPLE_RATE } from '../audio/wav.js';
import type { CorpusClip } from './model.js';

/** Changes when the same clip would be prepared to something else. */
export const CLIP_VERSION = 1;

/** What is known of a prepared clip besides what the corpus says. */
export interface Measured {
  readonly onsetMs: Millis;
  readonly endMs: Millis;
  readonly boundsSource: SpeechBounds['source'];
  readonly durationMs: Millis;
  /** ITU-T P.56 active speech level and highest sample, in dB of full scale. */
  readonly activeDb: number;
  readonly peakDb: number;
  /** What is wrong with its sound. */
  readonly flagged: readonly string[];
}

/** How far what a corpus says of the length of a clip may be from its length; decoders of mp3 differ by a frame or two. */
const LENGTH_MS = 250;

/**
 * One clip of a recording: its samples as a WAV of 16 kHz, mono, 16 bits, and what was measured of it.
 * @throws RealopsError REALOPS_INPUT_INVALID when there is no speech in it, or bounds or cut do not fit
 */
export function prepareClip(recording: Int16Array, clip: CorpusClip): { readonly wav: Uint8Array; readonly measured: Measured } {
  const { cut, onsetMs, endMs, saidMs } = clip;
  const at = (ms: Millis): number => Math.round((ms * SAMPLE_RATE) / 1_000);
  const samples = cut === undefined ? recording : recording.subarray(at(cut.fromMs), at(cut.toMs));
  const durationMs = (samples.length / SAMPLE_RATE) * 1_000;
  const bounds = speechBounds(samples, { ...(onsetMs === undefined ? {} : { onsetMs }), ...(endMs === undefined ? {} : { endMs }) });
  const sound = atOnce(listening(samples));
  const wav = wavOf(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), SAMPLE_RATE);
  const clipped = atOnce(findingClipping(readRiff(wav, clip.id)));
  const wantedMs = cut === undefined ? saidMs : cut.toMs - cut.fromMs;
  const flagged = [clipped ? 'clipped' : '', sound.truncated ? 'breaks off' : '', wantedMs !== undefined && Math.abs(wantedMs - durationMs) > LENGTH_MS ? 'length' : ''].filter((flag) => flag !== '');
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  return {
    wav,
    measured: { onsetMs: hundredth(bounds.onsetMs), endMs: hundredth(bounds.endMs), boundsSource: bounds.source, durationMs: hundredth(durationMs), activeDb: hundredth(sound.activeDb), peakDb: hundredth(20 * Math.log10(peak / 32_768)), flagged },
  };
}

/** Where a clip is put, relative to the prepared folder: its own name as far as every file system takes it, and a number that is its own. */
export function preparedPath({ id }: CorpusClip): string {
  const name = basename(id).replace(/\.[^.]*$/u, '').replaceAll(/[^\w-]+/gu, '_').slice(0, 48);
  return `clips/${name}-${createHash('sha256').update(id).digest('hex').slice(0, 8)}.wav`;
}

/** All that a prepared clip depends on besides the bytes of its source. */
export function recipeOf({ path, cut, onsetMs, endMs, saidMs }: CorpusClip): string {
  return createHash('sha256').update(JSON.stringify([CLIP_VERSION, path, cut ?? null, onsetMs ?? null, endMs ?? null, saidMs ?? null])).digest('hex').slice(0, 16);
}

function hundredth(value: number): number {
  return Math.round(value * 100) / 100;
}
