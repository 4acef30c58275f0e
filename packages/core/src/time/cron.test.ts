import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCron } from './cron.js';

const next = (text: string, from: string): string => parseCron(text).nextAfter(new Date(from)).toISOString();

describe('a cron expression', () => {
  it.each([
    ['*/15 * * * *', '2026-03-29T00:59:30Z', '2026-03-29T01:00:00.000Z'],
    ['*/15 * * * *', '2026-03-29T01:00:00Z', '2026-03-29T01:15:00.000Z'],
    ['0 6 * * MON-FRI', '2026-03-27T06:00:00Z', '2026-03-30T06:00:00.000Z'],
    ['30 2 * * *', '2026-03-28T12:00:00Z', '2026-03-29T02:30:00.000Z'],
    ['@daily', '2026-12-31T12:00:00Z', '2027-01-01T00:00:00.000Z'],
    ['0 0 29 2 *', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    [' 0  0 L * * ', '2026-02-03T00:00:00Z', '2026-02-28T00:00:00.000Z'],
  ])('%s after %s comes at %s, whatever the time zone of the machine', (text, from, then) => {
    expect(next(text, from)).toBe(then);
  });

  it.each([
    ['', 'has 0 fields'],
    ['* * *', 'has 3 fields'],
    ['*/15 * * * * *', 'has 6 fields'],
    ['61 * * * *', 'is not a cron expression: invalid value for minute: 61'],
    ['* * * * 8', 'invalid value for day of week: 8'],
    ['5-1 * * * *', 'from value is larger than to value'],
    ['a b c d e', 'contains illegal characters'],
    ['? * * * *', 'holds ?'],
    ['@reboot', 'is not one of @hourly'],
    ['2026-01-01T00:00:00', 'has 1 field,'],
    ['0 0 31 2 *', 'never comes'],
  ])('%j is refused: %s', (text, message) => {
    expect(() => parseCron(text)).toThrow(expect.objectContaining({ code: 'REALOPS_CRON_INVALID', message: expect.stringContaining(message), hint: expect.stringContaining('five fields') }));
  });

  it('comes later than the moment asked for, on a full minute, and none is left out between', () => {
    fc.assert(fc.property(fc.constantFrom('*/7 * * * *', '5 */3 * * *', '0 0 1,15 * *', '59 23 * * SUN'), fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }), (text, from) => {
      const cron = parseCron(text);
      const first = cron.nextAfter(from);
      expect(first.getTime()).toBeGreaterThan(from.getTime());
      expect(first.getTime() % 60_000).toBe(0);
      expect(cron.nextAfter(new Date(first.getTime() - 1)).getTime()).toBe(first.getTime());
      expect(cron.nextAfter(new Date((from.getTime() + first.getTime()) / 2)).getTime()).toBe(first.getTime());
    }), { numRuns: 50 });
  });
});
