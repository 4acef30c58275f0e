import { RealopsError } from '@alice/realops/plugin';
import { resampling } from './resample.js';
import { readRiff, type WavContent } from './riff.js';
import { atOnce, mapSamples, SLICE, type Slices } from './slices.js';

/** The sample rate that speech is sent at. */
export const SAMPLE_RATE = 16_000;

/** A clip as it is sent: 16 kHz, one channel, 16-bit. */
export interface Clip {
  readonly samples: Int16Array;
  readonly sampleRate: typeof SAMPLE_RATE;
  readonly durationMs: number;
  /** How the file held it. */
  readonly source: { readonly encoding: WavContent['encoding']; readonly channels: number; readonly sampleRate: number; readonly bits: number };
  /** What every sample was multiplied with so that none was clipped; 1 unless the file goes above full scale. */
  readonly gain: number;
}

/** How a WAV file is read. */
export interface ReadWavOptions {
  /** What messages call the file. */
  readonly name?: string;
  /** Longer clips are refused; 600 by default. */
  readonly maxSeconds?: number;
}

/**
 * A WAV file as 16 kHz mono 16-bit samples: channels are averaged, other sample rates go through a low-pass and never fold. Samples that are already in
 * that form come out bit for bit.
 * @throws RealopsError REALOPS_INPUT_INVALID for anything that is not a whole, sane, non-empty clip
 */
export function readWav(bytes: Uint8Array, options: ReadWavOptions = {}): Clip {
  return atOnce(readingWav(bytes, options));
}

/** The same in slices. */
export function* readingWav(bytes: Uint8Array, options: ReadWavOptions = {}): Slices<Clip> {
  const { name = 'the audio', maxSeconds = 600 } = options;
  const content = readRiff(bytes, name);
  const { encoding, channels, sampleRate, bits } = content;
  const frames = content.data.length / ((channels * bits) / 8);
  if (frames / sampleRate > maxSeconds) {
    throw new RealopsError('REALOPS_INPUT_INVALID', `${name} is ${Math.round(frames / sampleRate)} s long; at most ${maxSeconds} s can be sent`, { hint: 'cut it into utterances' });
  }
  const source = { encoding, channels, sampleRate, bits };
  if (encoding === 'integer' && bits === 16 && channels === 1 && sampleRate === SAMPLE_RATE) {
    const samples = new Int16Array(frames);
    const read = readerOf(content);
    for (let index = 0; index < frames; index += 1) {
      if (index % SLICE === SLICE - 1) yield;
      samples[index] = read(index);
    }
    return { samples, sampleRate: SAMPLE_RATE, durationMs: (frames / SAMPLE_RATE) * 1000, source, gain: 1 };
  }
  const mono = yield* resampling(yield* mixDown(content, frames, name), sampleRate, SAMPLE_RATE);
  const { samples, gain } = yield* toInt16(mono);
  return { samples, sampleRate: SAMPLE_RATE, durationMs: (samples.length / SAMPLE_RATE) * 1000, source, gain };
}

function* mixDown(content: WavContent, frames: number, name: string): Slices<Float32Array> {
  const { channels } = content;
  const read = readerOf(content);
  const scale = content.encoding === 'float' ? 1 / channels : 1 / (channels * 2 ** (content.bits - 1));
  const mono = new Float32Array(frames);
  for (let frame = 0; frame < frames; frame += 1) {
    if (frame % SLICE === SLICE - 1) yield;
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) sum += read(frame * channels + channel);
    mono[frame] = sum * scale;
    if (!Number.isFinite(sum)) throw new RealopsError('REALOPS_INPUT_INVALID', `${name} is damaged: sample ${frame} is not a finite number`);
  }
  return mono;
}

/** Reads the n-th sample of the file in its own scale. */
export function readerOf({ data, encoding, bits }: WavContent): (index: number) => number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (encoding === 'float') return bits === 32 ? (index) => view.getFloat32(index * 4, true) : (index) => view.getFloat64(index * 8, true);
  switch (bits) {
    case 8:
      return (index) => view.getUint8(index) - 128;
    case 16:
      return (index) => view.getInt16(index * 2, true);
    case 24:
      return (index) => (view.getInt8(index * 3 + 2) << 16) | view.getUint16(index * 3, true);
    default:
      return (index) => view.getInt32(index * 4, true);
  }
}

/** Samples of −1 … 1 as 16-bit; a signal that goes further is scaled down as a whole, since clipping would sound like the recogniser's fault. */
function* toInt16(samples: Float32Array): Slices<{ readonly samples: Int16Array; readonly gain: number }> {
  let peak = 0;
  for (let index = 0; index < samples.length; index += 1) {
    if (index % SLICE === SLICE - 1) yield;
    peak = Math.max(peak, Math.abs(samples[index] ?? 0));
  }
  const gain = peak > 1 ? 1 / peak : 1;
  return { samples: yield* mapSamples(samples, samples.length, (value) => value * 32_768 * gain), gain };
}
