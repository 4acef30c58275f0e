import { describe, expect, it } from 'vitest';
import plugin, { wordErrors } from './index.js';

describe('the plugin', () => {
  it('brings step types and functions for expressions', () => {
    expect(plugin).toMatchObject({ name: '@alice/realops-plugin-voice', apiVersion: 1 });
    expect(plugin.steps?.map(({ use }) => use)).toEqual(['voice.transcribe', 'voice.synthesize', 'voice.converse', 'voice.overlap', 'voice.vad', 'voice.load', 'voice.calibrate']);
    expect(plugin.commands?.map(({ name }) => name)).toEqual(['prepare', 'noise', 'calibrate', 'compare']);
    expect(plugin.functions?.['wer']?.('Möte klockan tio.', 'möte 10:00')).toBe(0);
    expect(plugin.functions?.['wer']?.('hej alice', 'hej')).toBe(0.5);
    expect(plugin.functions?.['cer']?.('abc', 'ab')).toBeCloseTo(1 / 3);
    expect(plugin.functions?.['werCompound']?.('Sjukhusbyggnaden brinner', 'sjukhus byggnaden brinner')).toBe(0);
    const said = [{ speaker: 'anna', startMs: 0, endMs: 1_000 }];
    expect(plugin.functions?.['der']?.(said, [{ speaker: '1', startMs: 0, endMs: 900 }])).toBeCloseTo(0.1);
    expect(plugin.functions?.['der']?.(said, [{ speaker: '1', startMs: 0, endMs: 900 }], 250)).toBe(0);
    expect(() => plugin.functions?.['der']?.(said, ['anna'])).toThrow('$der takes lists of { speaker, startMs, endMs }, got "anna"');
    expect(plugin.functions?.['normaliseSwedish']?.('Kl. 9!')).toBe('9:00');
    expect(() => plugin.functions?.['wer']?.(7, 'sju')).toThrow('$wer takes texts, got 7');
    expect(() => plugin.functions?.['wer']?.('sju')).toThrow('$wer takes texts, got nothing');
  });

  it('declares every metric it measures under its own area', () => {
    for (const step of plugin.steps ?? []) for (const { name, description } of step.metrics ?? []) expect([name.startsWith('voice.'), description.endsWith('.')]).toEqual([true, true]);
  });

  it('gives word errors to the outside', () => {
    expect(wordErrors('a b c', 'a x c')).toEqual({ wer: 1 / 3, mer: 1 / 3, wip: 4 / 9, wil: 5 / 9, hits: 2, substitutions: 1, deletions: 0, insertions: 0 });
  });
});
