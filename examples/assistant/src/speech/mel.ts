import FFT from 'fft.js';
import { bandCount, sampleRate, windowLength } from './settings.js';

const fftSize = 512;
const lowHz = 100;
const highHz = 6500;
const preEmphasis = 0.97;
/** Band energies below this are treated as digital silence, in dB relative to a full-scale sine. */
const silenceDb = -70;

const toMel = (hz: number): number => 1127 * Math.log(1 + hz / 700);
const toHz = (mel: number): number => 700 * (Math.exp(mel / 1127) - 1);

interface Band {
  readonly first: number;
  readonly weights: Float64Array;
}

/** Triangular filters, equally spaced on the mel scale between 100 and 6500 Hz. */
function melBands(): readonly Band[] {
  const low = toMel(lowHz);
  const spacing = (toMel(highHz) - low) / (bandCount + 1);
  const binHz = sampleRate / fftSize;
  return Array.from({ length: bandCount }, (_, band) => {
    const left = toHz(low + band * spacing) / binHz;
    const centre = toHz(low + (band + 1) * spacing) / binHz;
    const right = toHz(low + (band + 2) * spacing) / binHz;
    const first = Math.ceil(left);
    const weights: number[] = [];
    for (let bin = first; bin < right; bin++) {
      weights.push(bin <= centre ? (bin - left) / (centre - left) : (right - bin) / (right - centre));
    }
    return { first, weights: Float64Array.from(weights) };
  });
}

/**
 * Turns one window of samples into mel band levels.
 * @returns a function that writes {@link bandCount} levels in dB (0 dB is about a full-scale sine) for the window
 *   starting at `offset` of `samples`, which must hold {@link windowLength} values from there on.
 */
export function createMelAnalyser(): (samples: Float32Array, offset: number, levels: Float64Array) => void {
  const fft = new FFT(fftSize);
  const hamming = Float64Array.from({ length: windowLength }, (_, i) => 0.54 - 0.46 * Math.cos((2 * Math.PI * i) / (windowLength - 1)));
  const scale = (2 / hamming.reduce((sum, value) => sum + value, 0)) ** 2;
  const bands = melBands();
  const input = new Float64Array(fftSize);
  const spectrum = new Float64Array(2 * fftSize);
  const power = new Float64Array(fftSize / 2);

  return (samples, offset, levels) => {
    let mean = 0;
    for (let i = 0; i < windowLength; i++) mean += samples[offset + i] ?? 0;
    mean /= windowLength;
    let previous = (samples[offset] ?? 0) - mean;
    for (let i = 0; i < windowLength; i++) {
      const value = (samples[offset + i] ?? 0) - mean;
      input[i] = (value - preEmphasis * previous) * (hamming[i] ?? 0);
      previous = value;
    }
    fft.realTransform(spectrum, input);
    for (let bin = 0; bin < power.length; bin++) {
      const re = spectrum[2 * bin] ?? 0;
      const im = spectrum[2 * bin + 1] ?? 0;
      power[bin] = (re * re + im * im) * scale;
    }
    bands.forEach(({ first, weights }, band) => {
      let energy = 0;
      for (let i = 0; i < weights.length; i++) energy += (weights[i] ?? 0) * (power[first + i] ?? 0);
      levels[band] = Math.max(silenceDb, 10 * Math.log10(energy + 1e-12));
    });
  };
}
