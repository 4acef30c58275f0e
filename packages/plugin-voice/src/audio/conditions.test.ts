import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../fixtures/random.js';
import { padded, speechLike } from '../fixtures/speech.js';
import { sendingOver, type Arrived, type ConnectionOptions } from './connection.js';
import { activeSpeechLevel, rmsLevel } from './level.js';
import { changingSpeed, reverberating, type ReverbOptions } from './room.js';
import { atOnce } from './slices.js';

const changeSpeed = (samples: Int16Array, speed: number): Int16Array => atOnce(changingSpeed(samples, speed));
const reverberate = (samples: Int16Array, options: ReverbOptions): Int16Array => atOnce(reverberating(samples, options));
const sendOver = (samples: Int16Array, options: ConnectionOptions, random: () => number): Arrived => atOnce(sendingOver(samples, options, random));

const tone = (hertz: number, seconds = 0.5, amplitude = 10_000): Int16Array => Int16Array.from({ length: seconds * 16_000 }, (_, index) => Math.round(amplitude * Math.sin((2 * Math.PI * hertz * index) / 16_000)));
/** The level of one frequency, in dB over full scale (Goertzel 1958). */
function levelAt(samples: Int16Array, hertz: number): number {
  const turn = 2 * Math.cos((2 * Math.PI * hertz) / 16_000);
  let [one, two] = [0, 0];
  for (const sample of samples) [one, two] = [sample / 32_768 + turn * one - two, one];
  return 10 * Math.log10((one * one + two * two - turn * one * two) / (samples.length / 2) ** 2);
}

describe('changeSpeed', () => {
  it.each([0.5, 0.9, 1, 1.25, 2])('%f times as fast: shorter and higher by that', (speed) => {
    const fast = changeSpeed(tone(400, 1), speed);
    expect(fast.length).toBeCloseTo(16_000 / speed, -1);
    expect(levelAt(fast.subarray(1_000, fast.length - 1_000), 400 * speed)).toBeCloseTo(levelAt(tone(400, 1), 400), 0);
  });
});

describe('reverberate', () => {
  it.each([200, 500, 1_000])('dies away by 60 dB in %d ms', (rt60Ms) => {
    const click = new Int16Array(1_600);
    click[0] = 32_000;
    const answer = reverberate(click, { rt60Ms, directDb: 0 });
    expect(answer.length).toBe(1_600 + rt60Ms * 16);
    // Schroeder's backward integration; the slope between 5 and 25 dB below, carried on to 60.
    const left = new Float64Array(answer.length);
    for (let index = answer.length - 1, sum = 0; index > 0; index -= 1) left[index] = sum += (answer[index] ?? 0) ** 2;
    const reached = (db: number): number => left.findIndex((value, index) => index > 0 && 10 * Math.log10(value / (left[1] ?? 1)) <= db);
    const measured = ((reached(-25) - reached(-5)) / 16) * 3;
    expect(Math.abs(measured - rt60Ms) / rt60Ms).toBeLessThan(0.15);
  });

  it('keeps the direct sound as far above the room as asked', () => {
    const speech = padded(speechLike(1, 3_000), 0.1, 0.1);
    const wet = reverberate(speech, { rt60Ms: 400, directDb: 6 });
    const room = Int16Array.from(wet, (sample, index) => sample - (speech[index] ?? 0));
    const energy = (samples: Int16Array): number => samples.reduce((sum, sample) => sum + sample ** 2, 0);
    expect(10 * Math.log10(energy(speech) / energy(room))).toBeCloseTo(6, 1);
  });

  it('never wraps around, however loud', () => {
    const loud = speechLike(0.5, 32_000);
    const wet = reverberate(loud, { rt60Ms: 800, directDb: -10 });
    expect(wet.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)).toBeLessThanOrEqual(32_767);
    expect(reverberate(new Int16Array(100), { rt60Ms: 100, directDb: 0 }).every((sample) => sample === 0)).toBe(true);
  });
});

describe('sendOver', () => {
  it('turns up and down, and cuts off what is too loud', () => {
    const speech = speechLike(1);
    const quiet = sendOver(speech, { gainDb: -12 }, Math.random).samples;
    expect(activeSpeechLevel(speech).activeDb - activeSpeechLevel(quiet).activeDb).toBeCloseTo(12, 1);
    expect(sendOver(Int16Array.of(30_000, -30_000, 100), { gainDb: 20 }, Math.random).samples).toEqual(Int16Array.of(32_767, -32_768, 1_000));
    expect(sendOver(speech, {}, Math.random).samples).toBe(speech);
  });

  it('g711 passes the telephone band, takes away what lies above, and adds its own noise 35 dB and more below', () => {
    const kept = sendOver(tone(1_000), { codec: 'g711' }, Math.random).samples;
    expect(levelAt(kept, 1_000)).toBeCloseTo(levelAt(tone(1_000), 1_000), 0);
    const noise = Int16Array.from(kept.subarray(500, 7_500), (sample, index) => sample - (tone(1_000)[index + 500] ?? 0));
    expect(rmsLevel(tone(1_000)) - rmsLevel(noise)).toBeGreaterThan(33);
    expect(levelAt(sendOver(tone(5_000), { codec: 'g711' }, Math.random).samples, 5_000)).toBeLessThan(levelAt(tone(5_000), 5_000) - 40);
    expect(kept).toHaveLength(8_000);
  });

  it.each([[5, 1], [5, 3], [20, 4], [50, 2]])('loses %d of a hundred packets, %d in a row on average', (percent, burst) => {
    const ones = new Int16Array(320 * 20_000).fill(1);
    const { samples, lost, packets } = sendOver(ones, { loss: { percent, burst, packetMs: 20 } }, randomFrom(7));
    expect(packets).toBe(20_000);
    expect((100 * lost) / packets).toBeGreaterThan(percent * 0.9);
    expect((100 * lost) / packets).toBeLessThan(percent * 1.1);
    let runs = 0;
    for (let packet = 0; packet < packets; packet += 1) if (samples[packet * 320] === 0 && (packet === 0 || samples[(packet - 1) * 320] === 1)) runs += 1;
    expect(lost / runs).toBeGreaterThan(burst * 0.9);
    expect(lost / runs).toBeLessThan(burst * 1.1);
  });

  it('loses whole packets only, the same ones for the same seed; all or none at the ends', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 10 }), fc.integer(), (percent, burst, seed) => {
      const ones = new Int16Array(320 * 30 + 100).fill(1);
      const once = sendOver(ones, { loss: { percent, burst, packetMs: 20 } }, randomFrom(seed));
      expect(once.samples.findIndex((sample, index) => index % 320 !== 0 && sample !== once.samples[index - 1])).toBe(-1);
      expect(sendOver(ones, { loss: { percent, burst, packetMs: 20 } }, randomFrom(seed)).samples).toEqual(once.samples);
      if (percent === 0) expect(once.lost).toBe(0);
      if (percent === 100) expect(once.lost).toBe(once.packets);
    }), { numRuns: 40 });
  });
});
