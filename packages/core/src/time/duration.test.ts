import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from './duration.js';

describe('parseDuration', () => {
  it.each([['500ms', 500], ['2s', 2_000], ['1.5s', 1_500], ['5m', 300_000], ['1h', 3_600_000], ['30d', 2_592_000_000], [' 2 s ', 2_000], ['0s', 0]])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '2', '2 sec', '-1s', '1e3ms', '2s5m', '٢s', 's', '1,5s', '2  s', 'Infinity s'])('refuses %j and says what to write', (text) => {
    expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'REALOPS_DURATION_INVALID', hint: 'write a number and a unit: 500ms, 2s, 5m, 1h or 30d' }));
  });

  it('reads every number with a unit as that many units', () => {
    const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
    fc.assert(fc.property(fc.nat(1_000_000), fc.constantFrom('ms', 's', 'm', 'h', 'd' as const), (value, unit) => parseDuration(`${value}${unit}`) === value * units[unit]));
  });
});
