import { sampleRate } from './settings.js';

/** Every second sample is enough for pitch. */
const step = 2;
const windowMs = 40;
const lowestHz = 70;
const highestHz = 400;
const periodicAbove = 0.6;
const audibleAbove = 3e-3;

/**
 * Tells a voice from a noise: whether the last 40 ms repeat themselves at the pitch of a voice (normalised autocorrelation). A cough, a door and a hiss do not, a vowel and a
 * hum do.
 */
export function createVoicing(): (samples: Float32Array) => boolean {
  const size = (windowMs * sampleRate) / 1000 / step;
  const recent = new Float32Array(size);
  const [shortest, longest] = [Math.floor(sampleRate / step / highestHz), Math.ceil(sampleRate / step / lowestHz)];
  return (samples) => {
    const taken = Math.min(size, Math.floor(samples.length / step));
    recent.copyWithin(0, taken);
    for (let i = 0; i < taken; i++) recent[size - taken + i] = samples[samples.length - (taken - i) * step] ?? 0;
    let energy = 0;
    for (const sample of recent) energy += sample * sample;
    if (Math.sqrt(energy / size) < audibleAbove) return false;
    for (let lag = shortest; lag <= longest; lag++) {
      let [product, here, before] = [0, 0, 0];
      for (let i = lag; i < size; i++) {
        const [now = 0, then = 0] = [recent[i], recent[i - lag]];
        product += now * then;
        here += now * now;
        before += then * then;
      }
      if (product > periodicAbove * Math.sqrt(here * before)) return true;
    }
    return false;
  };
}
