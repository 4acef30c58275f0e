import { describe, expect, it } from 'vitest';
import { padded, speechLike } from '../fixtures/speech.js';
import { atOnce } from './slices.js';
import { listening, type Sound } from './sound.js';

const listen = (samples: Int16Array): Sound => atOnce(listening(samples));

describe('listen', () => {
  it('finds silence before, after and within', () => {
    const hum = Int16Array.from({ length: 6_400 }, (_, index) => Math.round(8_000 * Math.sin(index / 10)));
    const first = padded(hum, 0.3, 0.35);
    const both = new Int16Array(first.length + hum.length + 1_600);
    both.set(first);
    both.set(hum, first.length);
    expect(listen(both)).toMatchObject({ silent: false, truncated: false, leadingSilenceMs: 300, longestPauseMs: 350, trailingSilenceMs: 100 });
  });

  it('knows nothing in what is silent, however long', () => {
    expect(listen(new Int16Array(16_000))).toMatchObject({ silent: true, truncated: false, leadingSilenceMs: 1_000, activeDb: -Infinity });
    expect(listen(new Int16Array(16_000).fill(20))).toMatchObject({ silent: true });
    expect(listen(new Int16Array(0))).toMatchObject({ silent: true, leadingSilenceMs: 0 });
  });

  it('hears that a word is cut off at the end', () => {
    const speech = padded(speechLike(1), 0, 0.2);
    const loudest = speech.findIndex((sample) => Math.abs(sample) > 6_000);
    expect(listen(speech).truncated).toBe(false);
    expect(listen(speech.subarray(0, loudest + 800)).truncated).toBe(true);
  });
});
