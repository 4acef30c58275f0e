import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatExact, formatInterval, formatValue } from './format.js';
import type { Unit } from './metric.js';

describe('format', () => {
  it.each<[number | null, Unit, string]>([
    [655, 'ms', '655 ms'], [655.4, 'ms', '655 ms'], [41.28, 'ms', '41.3 ms'], [0.0421, 'ms', '0.0421 ms'], [1740, 'ms', '1.74 s'], [999.7, 'ms', '1 s'], [999.4, 'ms', '999 ms'], [0, 'ms', '0 ms'], [90_000, 'ms', '90 s'], [750_000, 'ms', '12.5 min'],
    [1.74, 's', '1.74 s'], [0.41, 's', '410 ms'], [1_800, 's', '30 min'], [9_000, 's', '2.5 h'],
    [0.172, 'ratio', '17.2 %'], [0.07, 'ratio', '7 %'], [0.99951, 'ratio', '100 %'], [1.5, 'ratio', '150 %'], [0.0004, 'ratio', '0.04 %'],
    [12.8e9, 'bytes', '12.8 GB'], [15e9, 'bytes', '15 GB'], [999_999_999, 'bytes', '1 GB'], [512, 'bytes', '512 B'], [2_048, 'bytes', '2.05 kB'],
    [20, 'count', '20'], [12_345, 'count', '12345'], [12_345.6, 'count', '12346'], [2.345, 'count', '2.35'], [1e21, 'count', '1000000000000000000000'], [1e-9, 'count', '0.000000001'],
    [-3.25, 'dB', '−3.25 dB'], [0.0004, 'Wh', '0.0004 Wh'], [61.5, 'celsius', '61.5 °C'], [null, 'ms', '—'], [Infinity, 'ms', '∞'], [-0, 'count', '0'],
  ])('%d %s → %s', (value, unit, text) => expect(formatValue(value, unit)).toBe(text));

  it.each<[number, Unit, string]>([[800, 'ms', '800 ms'], [1234, 'ms', '1.234 s'], [2000, 'ms', '2 s'], [0.11, 'ratio', '11 %'], [0.9995, 'ratio', '99.95 %'], [0.3, 's', '300 ms'], [15e9, 'bytes', '15 GB'], [12_345, 'count', '12345'], [0.07, 'ratio', '7 %']])('a limit is not rounded: %d %s → %s', (value, unit, text) => {
    expect(formatExact(value, unit)).toBe(text);
  });

  it.each<[number | null, number | null, Unit, string]>([
    [631, 702, 'ms', '631 – 702 ms'], [950, 1_200, 'ms', '0.95 – 1.2 s'], [36, null, 'ms', '36 – ∞ ms'], [null, 5_000, 'ms', '−∞ – 5 s'], [0.138, 0.209, 'ratio', '13.8 – 20.9 %'], [null, null, 'ms', '−∞ – ∞ ms'], [3, 5, 'count', '3 – 5'],
  ])('interval %d, %d %s → %s', (low, high, unit, text) => expect(formatInterval({ low, high }, unit)).toBe(text));

  it('has no interval', () => expect(formatInterval(null, 'ms')).toBe('—'));

  it('never shows an exponent and stays within 0.5 % of the value', () => {
    fc.assert(fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true }), (value) => {
      fc.pre(value === 0 || Math.abs(value) > 1e-12);
      const text = formatValue(value, 'count');
      expect(text).toMatch(/^−?\d+(\.\d+)?$/);
      expect(Math.abs(Number(text.replace('−', '-')) - value)).toBeLessThanOrEqual(0.005 * Math.abs(value));
    }));
  });
});
