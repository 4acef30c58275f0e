import { encodeMuLaw } from './g711.js';
import { changingRate } from './resample.js';
import { atOnce, SLICE, type Slices } from './slices.js';

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
export function encodeAudio(samples: Int16Array, fromRate: number, form: AudioForm): Uint8Array {
  return atOnce(encodingAudio(samples, fromRate, form));
}

/** The same in slices. */
export function* encodingAudio(samples: Int16Array, fromRate: number, { encoding, rate }: AudioForm): Slices<Uint8Array> {
  const wanted = yield* changingRate(samples, fromRate, rate);
  const bytes = new Uint8Array(wanted.length * BYTES_OF[encoding]);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < wanted.length; index += 1) {
    if (index % SLICE === SLICE - 1) yield;
    const sample = wanted[index] ?? 0;
    if (encoding === 'mulaw') bytes[index] = encodeMuLaw(sample);
    else if (encoding === 's16le') view.setInt16(index * 2, sample, true);
    else view.setFloat32(index * 4, sample / FULL_SCALE, true);
  }
  return bytes;
}
