import { createRandom } from '../src/random.js';

/**
 * Active speech level in dB re full scale, ITU-T P.56 method B at 16 kHz: two-stage envelope (30 ms), 200 ms hangover,
 * thresholds one bit apart, margin 15.9 dB. Unlike a plain mean it does not fall when silence is added.
 */
export function activeSpeechLevel(samples: Float32Array, sampleRate = 16_000): number {
  const thresholds = Array.from({ length: 15 }, (_, i) => 2 ** (i - 15));
  const active = new Float64Array(thresholds.length);
  const quiet = new Float64Array(thresholds.length).fill(Infinity);
  const hangover = 0.2 * sampleRate;
  const g = Math.exp(-1 / (0.03 * sampleRate));
  let p = 0;
  let q = 0;
  let energy = 0;
  for (const sample of samples) {
    energy += sample * sample;
    p = g * p + (1 - g) * Math.abs(sample);
    q = g * q + (1 - g) * p;
    for (let i = 0; i < thresholds.length; i++) {
      quiet[i] = q >= (thresholds[i] ?? 0) ? 0 : (quiet[i] ?? 0) + 1;
      if ((quiet[i] ?? 0) < hangover) active[i] = (active[i] ?? 0) + 1;
    }
  }
  const margin = 15.9;
  let previous: { level: number; gap: number } | undefined;
  for (let i = 0; i < thresholds.length; i++) {
    const count = active[i] ?? 0;
    if (count === 0) break;
    const level = 10 * Math.log10(energy / count);
    const gap = level - 20 * Math.log10(thresholds[i] ?? 1);
    if (gap <= margin) {
      if (!previous || previous.gap === gap) return level;
      return previous.level + ((level - previous.level) * (previous.gap - margin)) / (previous.gap - gap);
    }
    previous = { level, gap };
  }
  return previous?.level ?? -100;
}

const rmsDb = (samples: Float32Array): number => 10 * Math.log10(samples.reduce((sum, x) => sum + x * x, 0) / samples.length + 1e-20);

/** Surrounds samples with quiet. Times in seconds. */
export function pad(samples: Float32Array, leadS: number, tailS: number): Float32Array {
  const lead = Math.round(leadS * 16_000);
  const padded = new Float32Array(lead + samples.length + Math.round(tailS * 16_000));
  padded.set(samples, lead);
  return padded;
}

/** Adds the hiss of a real microphone in a quiet room: triangular noise of ±6e-4, about −72 dB. */
export function addRoomTone(samples: Float32Array, seed: number): Float32Array {
  const random = createRandom(seed);
  return samples.map((sample) => sample + 6e-4 * (random() + random() - 1));
}

/**
 * Mixes noise under the whole of `speech` so that its active level stands `snrDb` above the noise. The noise is looped
 * from a seeded offset; a mix that would clip is scaled as a whole.
 */
export function mixNoise(speech: Float32Array, noise: Float32Array, snrDb: number, seed: number): Float32Array {
  const offset = Math.floor(createRandom(seed)() * noise.length);
  const under = speech.map((_, i) => noise[(offset + i) % noise.length] ?? 0);
  const gain = 10 ** ((activeSpeechLevel(speech) - rmsDb(under) - snrDb) / 20);
  const mixed = speech.map((sample, i) => sample + gain * (under[i] ?? 0));
  const peak = mixed.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return peak > 0.99 ? mixed.map((x) => (x * 0.99) / peak) : mixed;
}

/** Ten seconds of the three noises used in training: white, pink, low-passed white. None is used in any test. */
export function trainingNoises(seed: number): Float32Array[] {
  const random = createRandom(seed);
  const white = Float32Array.from({ length: 160_000 }, () => random() + random() + random() - 1.5);
  const rows = new Float64Array(7);
  const pink = white.map((w) => {
    // Paul Kellet's filter.
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = rows;
    rows.set([0.99886 * a + w * 0.0555179, 0.99332 * b + w * 0.0750759, 0.969 * c + w * 0.153852, 0.8665 * d + w * 0.3104856, 0.55 * e + w * 0.5329522, -0.7616 * f - w * 0.016898, w * 0.115926]);
    return rows.subarray(0, 6).reduce((sum, x) => sum + x, 0) + g + w * 0.5362;
  });
  let held = 0;
  const low = white.map((w) => (held = 0.85 * held + 0.15 * w));
  return [white, pink, low];
}
