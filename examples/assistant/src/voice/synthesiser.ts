import { createRandom } from '../random.js';

/** Samples per second of the synthesised sound. */
export const synthesisRate = 16_000;

/** Who speaks: pitch in Hz and how much shorter than a man's the mouth is. */
const speakers = { erik: { pitchHz: 112, formantScale: 1 }, anna: { pitchHz: 198, formantScale: 1.16 } } as const;
export type Speaker = keyof typeof speakers;
export const speakerNames: readonly Speaker[] = ['anna', 'erik'];

/** One stretch of sound: where its resonances lie, how strongly voice and breath drive it, how long it lasts. */
interface Sound {
  readonly formants: readonly [number, number, number];
  readonly voice: number;
  readonly breath: number;
  readonly ms: number;
}

/** Formants in Hz of the Swedish vowels (after Eklund & Traunmüller 1997, rounded). */
const vowels: { readonly [letter: string]: readonly [number, number, number] } = {
  a: [680, 1100, 2500], e: [450, 2000, 2600], i: [300, 2200, 3000], o: [380, 730, 2400], u: [330, 1700, 2300],
  y: [290, 2000, 2600], å: [430, 780, 2400], ä: [600, 1700, 2500], ö: [480, 1450, 2300],
};
const breathed: { readonly [letter: string]: readonly [number, number, number] } = {
  s: [3200, 5000, 6500], z: [3200, 5000, 6500], c: [3000, 4800, 6400], f: [1200, 3500, 5800], h: [700, 1500, 2700], x: [2600, 4500, 6200],
};
const murmured: { readonly [letter: string]: readonly [number, number, number] } = {
  m: [250, 1000, 2200], n: [250, 1500, 2500], l: [350, 1100, 2700], r: [400, 1300, 1700], v: [280, 1100, 2300], j: [280, 2200, 2900], w: [300, 800, 2200],
};
const stops: { readonly [letter: string]: readonly [number, number, number] } = {
  p: [400, 900, 2200], b: [300, 900, 2200], t: [400, 3600, 5000], d: [300, 1800, 2700], k: [400, 1900, 2600], g: [300, 1900, 2500], q: [400, 1900, 2600],
};
const neutral: readonly [number, number, number] = [500, 1500, 2500];

function soundsOf(letter: string): Sound[] {
  const vowel = vowels[letter];
  if (vowel) return [{ formants: vowel, voice: 1, breath: 0.01, ms: 90 }];
  const hiss = breathed[letter];
  if (hiss) return [{ formants: hiss, voice: 0, breath: 0.35, ms: 85 }];
  const murmur = murmured[letter];
  if (murmur) return [{ formants: murmur, voice: 0.55, breath: 0.005, ms: 65 }];
  const stop = stops[letter];
  if (stop) return [{ formants: stop, voice: 'bdg'.includes(letter) ? 0.12 : 0, breath: 0, ms: 50 }, { formants: stop, voice: 0, breath: 0.5, ms: 18 }];
  if (/[.,;:!?]/.test(letter)) return [{ formants: neutral, voice: 0, breath: 0, ms: 180 }];
  if (/\s/.test(letter)) return [{ formants: neutral, voice: 0, breath: 0, ms: 35 }];
  return [{ formants: neutral, voice: 0.7, breath: 0.02, ms: 70 }];
}

/** A second-order resonator whose frequency may change while it rings. */
function createResonator(): (input: number, hz: number) => number {
  let one = 0;
  let two = 0;
  return (input, hz) => {
    const radius = Math.exp((-Math.PI * (60 + 0.05 * hz)) / synthesisRate);
    const output = (1 - radius) * input + 2 * radius * Math.cos((2 * Math.PI * hz) / synthesisRate) * one - radius * radius * two;
    two = one;
    one = output;
    return output;
  };
}

const glideShare = 0.02;
const peakLevel = 0.5;

/**
 * Speaks a text letter by letter with three gliding resonators driven by a falling-pitch pulse and by breath. A machine's
 * murmur rather than a person, but real sound with the length, level and spectrum of speech. `speed` 1 is normal.
 */
export function synthesise(text: string, { speaker, speed }: { readonly speaker: Speaker; readonly speed: number }): Float32Array {
  const { pitchHz, formantScale } = speakers[speaker];
  const sounds = [...text.toLocaleLowerCase('sv')].flatMap(soundsOf);
  const lengths = sounds.map(({ ms }) => Math.max(1, Math.round((ms * synthesisRate) / 1000 / speed)));
  const samples = new Float32Array(lengths.reduce((sum, length) => sum + length, 0));
  const random = createRandom(text.length);
  const resonators = [createResonator(), createResonator(), createResonator()];
  const now = { formants: [...neutral], voice: 0, breath: 0 };
  let phase = 0;
  let at = 0;
  sounds.forEach(({ formants, voice, breath }, s) => {
    for (let i = 0; i < (lengths[s] ?? 0); i++, at++) {
      now.voice += glideShare * (voice - now.voice);
      now.breath += glideShare * (breath - now.breath);
      phase += (pitchHz * (1.1 - (0.25 * at) / samples.length)) / synthesisRate;
      const pulse = phase >= 1 ? 12 : 0;
      phase %= 1;
      const drive = now.voice * pulse + now.breath * (2 * random() - 1) * 6;
      resonators.forEach((resonate, f) => {
        now.formants[f] = (now.formants[f] ?? 0) + glideShare * (formantScale * (formants[f] ?? 0) - (now.formants[f] ?? 0));
        samples[at] = (samples[at] ?? 0) + resonate(drive, Math.min(7500, now.formants[f] ?? 0)) / (f + 1);
      });
    }
  });
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-9);
  return samples.map((sample) => (sample / loudest) * peakLevel);
}
