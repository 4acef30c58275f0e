import { createRandom } from './random.js';

/** Formants in Hz of the Swedish vowels as one voice has them (after Eklund & Traunmüller 1997, rounded). */
const vowels: { readonly [letter: string]: readonly [f1: number, f2: number, f3: number] } = {
  a: [700, 1_100, 2_500], o: [400, 750, 2_400], u: [330, 700, 2_300], å: [450, 800, 2_400], e: [450, 2_000, 2_600], i: [300, 2_200, 3_000], y: [300, 2_000, 2_500], ä: [600, 1_700, 2_500], ö: [480, 1_500, 2_300],
};
const hisses: { readonly [letter: string]: number } = { s: 5_000, c: 4_500, z: 5_000, f: 4_000, h: 1_500, x: 4_500 };
const rate = 16_000;

/** Turns text into audible speech-like sound, letter by letter: vowels by three resonators over a glottal pulse, hisses by filtered noise, stops by a gap and a burst. It is a machine's murmur, not a voice, but it has real length, level and spectrum. */
export function synthesise(text: string, speed: number): Float32Array {
  const random = createRandom(text.length + 7);
  const letters = [...text.toLowerCase()].filter((letter) => /[\p{L}\s.,!?\d]/u.test(letter));
  const pieces = letters.map((letter) => piece(letter, speed, random));
  const samples = new Float32Array(pieces.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const each of pieces) {
    samples.set(each, at);
    at += each.length;
  }
  return samples;
}

function piece(letter: string, speed: number, random: () => number): Float32Array {
  const formants = vowels[letter];
  if (formants !== undefined) return voiced(formants, Math.round((0.085 * rate) / speed), 0.25);
  const hiss = hisses[letter];
  if (hiss !== undefined) return noise(hiss, Math.round((0.06 * rate) / speed), random);
  if (/[\s.,!?]/.test(letter)) return new Float32Array(Math.round(((letter === ' ' ? 0.04 : 0.16) * rate) / speed));
  if (/[ptkbdg]/.test(letter)) {
    const gap = new Float32Array(Math.round((0.05 * rate) / speed));
    gap.set(noise(2_500, Math.min(gap.length, 160), random).map((sample) => sample * 0.6), Math.max(0, gap.length - 160));
    return gap;
  }
  return voiced([280, 1_300, 2_300], Math.round((0.055 * rate) / speed), 0.15);
}

function voiced(formants: readonly number[], length: number, level: number): Float32Array {
  const out = new Float32Array(length);
  const period = Math.round(rate / 110);
  for (const frequency of formants) {
    const bandwidth = 60 + frequency * 0.04;
    const radius = Math.exp((-Math.PI * bandwidth) / rate);
    const [c1, c2] = [2 * radius * Math.cos((2 * Math.PI * frequency) / rate), -radius * radius];
    let [y1, y2] = [0, 0];
    for (let index = 0; index < length; index += 1) {
      const y = (index % period === 0 ? 1 : 0) + c1 * y1 + c2 * y2;
      [y2, y1] = [y1, y];
      out[index] = (out[index] ?? 0) + y;
    }
  }
  const peak = out.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-9);
  return out.map((sample, index) => (sample / peak) * level * Math.min(1, index / 160, (length - index) / 160));
}

function noise(frequency: number, length: number, random: () => number): Float32Array {
  const out = new Float32Array(length);
  const step = (2 * Math.PI * frequency) / rate;
  let held = 0;
  for (let index = 0; index < length; index += 1) {
    held += 0.3 * (random() - 0.5 - held);
    out[index] = held * Math.cos(step * index) * 0.5 * Math.min(1, index / 80, (length - index) / 80);
  }
  return out;
}
