import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainJson, plainLine, plainText } from './plain.js';

describe('plainLine', () => {
  it('takes escapes, control characters and turned text away', () => {
    expect(plainLine('\u001b[31;1mred\u001b[0m \u001b]8;;http://evil\u0007link\u001b]8;;\u0007 \u009b2Jx')).toBe('red link x');
    expect(plainLine('\u202eabc\u202c \u2066x\u2069 a\u200bb\ufeff')).toBe('abc x ab');
    expect(plainLine('a\r\nb\u2028c\td')).toBe('a b c d');
    expect(plainLine('\ud800x\udc00')).toBe('\ufffdx\ufffd');
    expect(plainLine('\u001b')).toBe('');
  });

  it('leaves words of every language and emoji as they are', () => {
    for (const text of ['Smörgåsbord på café', 'e\u0301', '👩‍👩‍👧', 'می‌خواهم', '日本語', '1 < 2 & "x"']) expect(plainLine(text)).toBe(text);
  });

  it('never lets a control, half or direction sign through', () => {
    const unit = fc.oneof(fc.constantFrom('\u001b', '[', ']', '\u0007', '\u009b', '31m', '\u202e', '\ud800', '\n', '\r', 'a', '\u0000', '\u001b]0;', '\u001b\\'), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 30 }), (parts) => {
        const line = plainLine(parts.join(''));
         
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]|\p{Surrogate}/u);
        expect(plainLine(line)).toBe(line);
      }),
      { numRuns: 300 },
    );
  });
});

describe('plainText', () => {
  it('keeps line ends', () => {
    expect(plainText('a\r\nb\rc\u0085d\n')).toBe('a\nb\nc\nd\n');
  });
});

describe('plainJson', () => {
  it('is one line, cut at the limit between characters', () => {
    expect(plainJson({ a: 'x\ny' })).toBe('{"a":"x\\ny"}');
    expect(plainJson(undefined)).toBe('nothing');
    expect(plainJson('🎉'.repeat(20), 10)).toBe(`"${'🎉'.repeat(4)}…`);
  });
});
