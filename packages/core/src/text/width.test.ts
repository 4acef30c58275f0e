import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth, padEnd, padStart, truncate } from './width.js';

describe('displayWidth', () => {
  it.each([['abc', 3], ['åäö é', 5], ['e\u0301', 1], ['日本', 4], ['🎉', 2], ['👩‍👩‍👧', 2], ['❤️', 2], ['✓ ✗ ·', 5], ['', 0], ['≤ 11 %', 6], ['ｆｕｌｌ', 8]])('%s takes %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });
});

describe('truncate', () => {
  it('keeps what fits and marks what is missing', () => {
    expect(truncate('boka möte', 9)).toBe('boka möte');
    expect(truncate('boka möte', 6)).toBe('boka …');
    expect(truncate('日本語', 4)).toBe('日…');
    expect(truncate('👩‍👩‍👧x', 2)).toBe('…');
    expect(truncate('abc', 0)).toBe('');
  });

  it('never takes more room than it is given', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, columns) => {
      expect(displayWidth(truncate(text, columns))).toBeLessThanOrEqual(columns);
    }));
  });
});

describe('padding', () => {
  it('fills to the width that is seen', () => {
    expect(`${padEnd('日', 4)}|`).toBe('日  |');
    expect(padStart('é', 3)).toBe('  é');
    expect(padEnd('abcd', 2)).toBe('abcd');
  });
});
