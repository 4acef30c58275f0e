import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultSettings, readClips, type Clip } from '../../training/evaluate.js';
import { addRoomTone, mixNoise, pad } from '../../training/mixing.js';
import { loadWordModel } from '../model.js';
import { decodeWav } from '../speech/pcm.js';
import type { WordModel } from '../speech/word-model.js';
import { synthesise } from '../voice/synthesiser.js';
import { cutsIn } from './cutting-in.js';
import { createListener } from './listener.js';
import { defaultTalkSettings } from './settings.js';
import { coughOf } from './testing.js';

const folder = fileURLToPath(new URL('../../../alice/datasources', import.meta.url));
const leadS = 0.6;
const frame = 320;

let model: WordModel;
let clips: Clip[];
let asides: Clip[];
let cafe: Float32Array;
beforeAll(async () => {
  [model, clips, asides, cafe] = await Promise.all([loadWordModel(), readClips(`${folder}/sv`, 'validated.tsv'), readClips(`${folder}/sv`, 'asides.tsv'), readFile(`${folder}/noise/cafe.wav`).then(decodeWav)]);
});

/** When somebody is taken to cut in, in ms from the first sample on; undefined when nobody is. */
function cutsInAfter(samples: Float32Array, noise?: { readonly samples: Float32Array; readonly snrDb: number }): number | undefined {
  const padded = addRoomTone(pad(samples, leadS, 1), 9);
  const audio = noise === undefined ? padded : mixNoise(padded, noise.samples, noise.snrDb, 5);
  const ear = createListener(model, () => defaultSettings);
  for (let at = 0; at < audio.length; at += frame) {
    ear.push(audio.subarray(at, at + frame));
    const heard = ear.hearing();
    if (heard !== undefined && cutsIn(heard, defaultTalkSettings)) return (at + frame) / 16 - 1000 * leadS;
  }
  return undefined;
}

/** The share of sounds that cut in, and how long that takes at the 95th percentile; recordings of sentences begin with 250 ms of quiet. */
function figures(sounds: readonly Float32Array[], noise?: Parameters<typeof cutsInAfter>[1]): { readonly n: number; readonly share: number; readonly p95Ms: number } {
  const times = sounds.map((sound) => cutsInAfter(sound, noise));
  const cut = times.filter((time) => time !== undefined).sort((a, b) => a - b);
  return { n: sounds.length, share: cut.length / sounds.length, p95Ms: cut[Math.ceil(cut.length * 0.95) - 1] ?? NaN };
}

const quietBeforeMs = 250;
const samplesOf = (all: readonly Clip[], kind: string): Float32Array[] => all.filter(({ path }) => path.includes(kind)).map(({ samples }) => samples);

describe('cutting in', { timeout: 90_000 }, () => {
  it('takes most requests half a second, and few of them longer than a second', () => {
    const { n, share, p95Ms } = figures(clips.map(({ samples }) => samples));
    expect(n).toBe(40);
    expect(share).toBeGreaterThanOrEqual(0.95);
    expect(p95Ms - quietBeforeMs).toBeLessThan(900);
    expect((cutsInAfter(clips[0]?.samples ?? new Float32Array(0)) ?? Infinity) - quietBeforeMs).toBeLessThan(600);
  });

  it('works in a café too, if not always', () => {
    expect(figures(clips.map(({ samples }) => samples), { samples: cafe, snrDb: 15 }).share).toBeGreaterThan(0.7);
  });

  it('is not done by "mm", "ja" and "precis", by a cough, or by its own voice from the loudspeaker', () => {
    const coughs = Array.from({ length: 24 }, (_, i) => coughOf(250 + 20 * i, i + 1));
    const echoes = ['Idag blir det mulet med tolv grader.', 'Läser upp de senaste mejlen.', 'Anna skriver: mötet på torsdag är flyttat till det stora rummet.', 'Jag spelar musik i hallen.', 'Hej! Vad kan jag hjälpa till med?']
      .flatMap((text) => [0.1, 0.25, 0.5].map((gain) => synthesise(text, { speaker: 'anna', speed: 1 }).map((x) => gain * x)));
    expect([figures(samplesOf(asides, 'backchannel')), figures(coughs), figures(echoes)].map(({ n, share }) => [n, share])).toEqual([[12, 0], [24, 0], [15, 0]]);
  });

  it('is not done by people who speak to each other', () => {
    expect(figures(samplesOf(asides, 'sidetalk')).share).toBeLessThanOrEqual(0.25);
  });
});
