import type { WavContent } from './riff.js';
import { SLICE, type Slices } from './slices.js';
import { readerOf } from './wav.js';

const IN_A_ROW = 3;
/** The highest that 16 bits hold: who plays a sound with them clips what goes above it. */
const FULL_SCALE = 32_767 / 32_768;

/** Whether three samples in a row or more of a channel lie at full scale or above it: at the rate of the sound itself, since flat tops do not stay flat when the rate is changed. */
export function* findingClipping(content: WavContent): Slices<boolean> {
  const { channels, bits, encoding, data } = content;
  const read = readerOf(content);
  const scale = encoding === 'float' ? 1 : 2 ** (bits - 1);
  const limit = encoding === 'float' ? FULL_SCALE : Math.min(FULL_SCALE, (scale - 1) / scale);
  const runs = new Uint32Array(channels);
  const samples = data.length / (bits / 8);
  for (let index = 0; index < samples; index += 1) {
    if (index % SLICE === SLICE - 1) yield;
    const channel = index % channels;
    const run = Math.abs(read(index)) / scale >= limit ? (runs[channel] ?? 0) + 1 : 0;
    if (run >= IN_A_ROW) return true;
    runs[channel] = run;
  }
  return false;
}
