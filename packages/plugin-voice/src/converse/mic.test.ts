import { describe, expect, it } from 'vitest';
import { VAD } from '../fixtures/timeline.js';
import { createEar } from './ear.js';
import { createMic, type MicOptions } from './mic.js';

const sine = (ms: number, rate: number, amplitude = 8_000): Int16Array => Int16Array.from({ length: (ms * rate) / 1_000 }, (_, index) => Math.round(amplitude * Math.sin((2 * Math.PI * 400 * index) / rate)));
const ear = createEar(16_000, VAD);
const options: MicOptions = { frame: 320, rate: 16_000, noise: undefined, loudspeaker: ear, loudspeakerRate: 16_000 };
const rms = (samples: Int16Array): number => Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);

describe('createMic', () => {
  it('is silent, says from the next frame on, and keeps what it heard', () => {
    const mic = createMic(options);
    expect(mic.frame(0).every((value) => value === 0)).toBe(true);
    const said = Int16Array.from({ length: 500 }, (_, index) => index + 1);
    expect(mic.say(said)).toBe(320);
    expect([...mic.frame(20), ...mic.frame(40).subarray(0, 181)]).toEqual([...said, 0]);
    expect(mic.heard()).toHaveLength(960);
    expect(mic.heard()[320]).toBe(1);
  });

  it('adds what is said at once and noise, and cuts off what is too loud', () => {
    const mic = createMic({ ...options, noise: new Int16Array(320).fill(5) });
    mic.say(new Int16Array(320).fill(30_000));
    mic.say(Int16Array.from({ length: 320 }, (_, index) => (index < 10 ? 30_000 : -30_000)));
    const frame = mic.frame(0);
    expect([frame[0], frame[9], frame[10], frame[319]]).toEqual([32_767, 32_767, 5, 5]);
    expect(mic.frame(20)[0]).toBe(0);
  });

  it('hears the assistant again: so much later, so much softer, for so long', () => {
    const loud = createEar(16_000, VAD);
    const sound = sine(1_000, 16_000);
    loud.arrive(sound, 0);
    const mic = createMic({ ...options, loudspeaker: loud });
    mic.frame(0);
    mic.echo({ ms: 100, delayMs: 60, gain: 0.5 });
    const frames = [20, 40, 60, 80, 100, 120, 140].map((at) => mic.frame(at));
    expect(frames.slice(0, 2).every((frame) => frame.every((value) => value === 0))).toBe(true);
    expect([...(frames[2] ?? [])]).toEqual([...sound.subarray(0, 320)].map((value) => Math.round(value * 0.5)));
    expect(rms(frames[4] ?? new Int16Array(1))).toBeCloseTo(rms(sound) / 2, -2);
    expect(frames[5]?.every((value) => value === 0)).toBe(true);
  });

  it('hears it again at another rate without edges between frames', () => {
    const loud = createEar(24_000, VAD);
    loud.arrive(sine(400, 24_000), 0);
    const mic = createMic({ ...options, frame: 160, rate: 8_000, loudspeaker: loud, loudspeakerRate: 24_000 });
    mic.echo({ ms: 400, delayMs: 60, gain: 1 });
    for (let at = 0; at < 400; at += 20) mic.frame(at);
    const heard = mic.heard().subarray(8 * 100, 8 * 380);
    const expected = sine(400, 8_000).subarray(8 * 40, 8 * 320);
    const worst = heard.reduce((most, value, index) => Math.max(most, Math.abs(value - (expected[index] ?? 0))), 0);
    expect(worst).toBeLessThan(60);
  });
});
