import { describe, expect, it } from 'vitest';
import { padded, speechLike, whiteNoise } from '../fixtures/speech.js';
import { activeSpeechLevel, measuringSpeech, rmsLevel } from './level.js';
import { mixNoise } from './mix-noise.js';
import { atOnce } from './slices.js';
import { speechBounds } from './speech-bounds.js';

describe('activeSpeechLevel', () => {
  it('is the plain level of a steady tone, but for its first moments', () => {
    const sine = Float32Array.from({ length: 160_000 }, (_, index) => 0.5 * Math.sin((2 * Math.PI * 1000 * index) / 16_000));
    expect(rmsLevel(sine)).toBeCloseTo(-9.03, 2);
    expect(Math.abs(activeSpeechLevel(sine).activeDb - -9.0)).toBeLessThan(0.06);
    expect(activeSpeechLevel(sine).activity).toBeGreaterThan(0.98);
  });

  it('does not move with padding, unlike the plain level', () => {
    const clip = speechLike(3);
    const bare = activeSpeechLevel(clip);
    const long = activeSpeechLevel(padded(clip, 2, 5.3));
    expect(Math.abs(long.activeDb - bare.activeDb)).toBeLessThan(0.5);
    for (const [before, after] of [[0, 0.5], [0.3, 1], [4, 0.5], [60, 30]] as const) expect(Math.abs(long.activeDb - activeSpeechLevel(padded(clip, before, after)).activeDb)).toBeLessThan(0.1);
    for (const [before, after] of [[0, 0], [0, 0.1], [2, 5.3]] as const) expect(Math.abs(long.activeDb - atOnce(measuringSpeech(padded(clip, before, after))))).toBeLessThan(0.1);
    expect(bare.rmsDb - long.rmsDb).toBeGreaterThan(5);
    expect(long.activity).toBeLessThan(0.4);
  });

  it('moves with the gain, dB for dB', () => {
    expect(activeSpeechLevel(speechLike(3, 8_000)).activeDb - activeSpeechLevel(speechLike(3, 800)).activeDb).toBeCloseTo(20, 1);
  });

  it('finds nothing in silence', () => {
    expect(activeSpeechLevel(new Int16Array(16_000))).toMatchObject({ activeDb: -Infinity, activity: 0 });
    expect(activeSpeechLevel(new Int16Array(0)).activeDb).toBe(-Infinity);
  });
});

describe('mixNoise', () => {
  const speech = speechLike(3);
  const noise = whiteNoise(20_000, 3_000);

  it.each([20, 10, 5, 0, -5])('reaches %i dB over the whole stream, lead and tail included', (snrDb) => {
    const mix = mixNoise(speech, noise, { snrDb, leadSamples: 8_000, tailSamples: 25_600 });
    expect(mix.samples.length).toBe(8_000 + speech.length + 25_600);
    expect(mix.snrDb).toBeCloseTo(snrDb, 1);
    const inSpeech = rmsLevel(mix.samples.subarray(0, 8_000));
    const inTail = rmsLevel(mix.samples.subarray(-16_000));
    expect(Math.abs(inSpeech - inTail)).toBeLessThan(0.5);
    expect(activeSpeechLevel(speech).activeDb + 20 * Math.log10(mix.gain) - inTail).toBeCloseTo(snrDb, 0);
  });

  it.each([[0, 0], [2, 5], [10, 3]])('reaches it within 0.1 dB with %d s of silence before and %d s after the speech, which plain levels would miss', (before, after) => {
    const quiet = padded(speech, before, after);
    const { samples, gain } = mixNoise(quiet, noise, { snrDb: 10 });
    // What is left when the speech is taken out again, against the speech as it was turned down.
    const left = Float32Array.from(samples, (sample, index) => (sample - (quiet[index] ?? 0) * gain) / 32_768);
    const ratio = (level: number): number => level + 20 * Math.log10(gain) - rmsLevel(left);
    expect(Math.abs(ratio(activeSpeechLevel(padded(speech, 0, 1)).activeDb) - 10)).toBeLessThan(0.1);
    if (before + after > 0) expect(Math.abs(ratio(rmsLevel(quiet)) - 10)).toBeGreaterThan(1);
  });

  it('turns the whole mix down rather than clip', () => {
    const mix = mixNoise(speechLike(2, 32_000), noise, { snrDb: 0 });
    expect(mix.gain).toBeLessThan(1);
    expect(mix.snrDb).toBeCloseTo(0, 2);
    expect(mix.samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)).toBeLessThanOrEqual(Math.round(0.99 * 32_768));
  });

  it('is the same for the same seed and starts elsewhere for another', () => {
    const mix = (seed: number): Int16Array => mixNoise(speech, noise, { snrDb: 10, seed }).samples;
    expect(mix(3)).toEqual(mix(3));
    expect(mix(3)).not.toEqual(mix(4));
  });

  it('repeats a short noise without a step', () => {
    const hum = Int16Array.from({ length: 3_000 }, (_, index) => Math.round(5_000 * Math.sin((2 * Math.PI * 50 * index) / 16_000)));
    const { samples } = mixNoise(speechLike(1, 200), hum, { snrDb: -35, tailSamples: 32_000 });
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    for (let index = 1; index < samples.length; index += 1) expect(Math.abs((samples[index] ?? 0) - (samples[index - 1] ?? 0))).toBeLessThan(peak * 0.05);
  });

  it('refuses silence on either side', () => {
    expect(() => mixNoise(new Int16Array(16_000), noise, { snrDb: 10 })).toThrow('holds no speech');
    expect(() => mixNoise(speech, new Int16Array(16_000), { snrDb: 10 })).toThrow('silent');
    expect(() => mixNoise(speech, new Int16Array(0), { snrDb: 10 })).toThrow('silent');
  });
});

describe('speechBounds', () => {
  it.each([[0.5, 0.3], [0, 0.4], [1.2, 0]])('finds speech after %d s of silence and before %d s', (before, after) => {
    const clip = padded(speechLike(2.1), before, after);
    for (let index = 0; index < clip.length; index += 1) clip[index] = (clip[index] ?? 0) + ((index * 7919) % 5) - 2;
    const bounds = speechBounds(clip);
    expect(bounds.source).toBe('vad');
    expect(Math.abs(bounds.onsetMs - before * 1000)).toBeLessThanOrEqual(20);
    expect(Math.abs(bounds.endMs - (before + lastSound(speechLike(2.1))) * 1000)).toBeLessThanOrEqual(20);
  });

  it('is not fooled by a click', () => {
    const clip = padded(speechLike(2), 0.6, 0.6);
    clip.fill(20_000, 1_600, 1_760);
    expect(Math.abs(speechBounds(clip).onsetMs - 600)).toBeLessThanOrEqual(20);
  });

  it('takes what is given', () => {
    expect(speechBounds(speechLike(2), { onsetMs: 100, endMs: 1_500 })).toEqual({ onsetMs: 100, endMs: 1_500, source: 'given' });
    expect(speechBounds(speechLike(2), { endMs: 1_500 })).toMatchObject({ endMs: 1_500, source: 'vad' });
    expect(() => speechBounds(speechLike(1), { onsetMs: 900, endMs: 200 })).toThrow('speech from 900 to 200 ms does not fit a clip of 1000 ms');
    expect(() => speechBounds(new Int16Array(16_000))).toThrow('no speech was found');
  });
});

/** Seconds to the last sample within 30 dB of the loudest. */
function lastSound(samples: Int16Array): number {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  return samples.findLastIndex((sample) => Math.abs(sample) > peak / 32) / 16_000;
}
