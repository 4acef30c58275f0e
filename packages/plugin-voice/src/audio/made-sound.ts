import type { Millis } from '@alice/realops/plugin';

/** A sound that is made up: what people do besides speaking, and what machines do. */
export interface MadeSoundOptions {
  readonly ms: Millis;
  /** Its level in dB of full scale, over its whole length. */
  readonly db: number;
  readonly rate: number;
  random(): number;
}

/** A cough: two bursts of noise, the first one sharp. Noise: all frequencies alike. A tone: 1 kHz. None of them is a recording. */
export function madeSound(kind: 'cough' | 'noise' | 'tone', { ms, db, rate, random }: MadeSoundOptions): Int16Array {
  const length = Math.round((ms * rate) / 1_000);
  let low = 0;
  const raw = Float64Array.from({ length }, (_, index) => {
    if (kind === 'tone') return Math.sin((2 * Math.PI * 1_000 * index) / rate);
    const white = random() * 2 - 1;
    if (kind === 'noise') return white;
    low += 0.35 * (white - low);
    const place = index / length;
    return low * (Math.exp(-place * 9) + 0.5 * (place < 0.45 ? 0 : Math.exp(-(place - 0.45) * 7)));
  });
  const power = raw.reduce((sum, value) => sum + value * value, 0) / Math.max(1, length);
  const gain = power === 0 ? 0 : 10 ** (db / 20) / Math.sqrt(power);
  return Int16Array.from(raw, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value * gain * 32_768))));
}
