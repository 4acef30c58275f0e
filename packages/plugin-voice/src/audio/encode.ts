import { encodeMuLaw } from './g711.js';
import { resample } from './resample.js';

/** How samples are sent: 16-bit whole numbers or 32-bit floats (little endian), or µ-law bytes. */
export type Encoding = 's16le' | 'f32le' | 'mulaw';

/** A form in which speech is sent; always one channel. */
export interface AudioForm {
  readonly encoding: Encoding;
  readonly rate: 8_000 | 16_000 | 24_000;
}

/** The length of one sample in bytes. */
export const BYTES_OF: { readonly [encoding in Encoding]: number } = { s16le: 2, f32le: 4, mulaw: 1 };

const FULL_SCALE = 32_768;

/** Samples of another rate in the form that is wanted: resampled where the rates differ, louder than full scale cut off, little endian on every machine. */
export function encodeAudio(samples: Int16Array, fromRate: number, { encoding, rate }: AudioForm): Uint8Array {
  const wanted = fromRate === rate ? samples : changeRate(samples, fromRate, rate);
  const bytes = new Uint8Array(wanted.length * BYTES_OF[encoding]);
  if (encoding === 'mulaw') return bytes.map((_, index) => encodeMuLaw(wanted[index] ?? 0));
  const view = new DataView(bytes.buffer);
  wanted.forEach((sample, index) => {
    if (encoding === 's16le') view.setInt16(index * 2, sample, true);
    else view.setFloat32(index * 4, sample / FULL_SCALE, true);
  });
  return bytes;
}

function changeRate(samples: Int16Array, from: number, to: number): Int16Array {
  const changed = resample(Float32Array.from(samples), from, to);
  return Int16Array.from(changed, (value) => Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, Math.round(value))));
}
