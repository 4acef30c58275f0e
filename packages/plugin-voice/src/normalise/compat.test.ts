import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNumber } from './number-words.js';
import { inSwedishWords, normaliseKblab, normaliseLeaderboard } from './compat.js';

describe('normaliseLeaderboard', () => {
  it.each([
    ['Hej Alice!', 'hej alice'],
    ['Vad är klockan?', 'vad är klockan'],
    ['  två   mellanslag ', 'två mellanslag'],
    ['', ''],
    ['!?', ''],
    ['[skratt] hej', 'hej'],
    ['hej <eh> alice', 'hej alice'],
    ['hej (host) alice', 'hej alice'],
    ['hej () alice', 'hej alice'],
    ['klockan 10', 'klockan tio'],
    ['klockan 10:00', 'klockan tio noll'],
    ['10.30', 'tio trettio'],
    ['3,5', 'tre fem'],
    ['50%', 'femtio'],
    ['50 procent', 'femtio procent'],
    ['30°', 'trettio'],
    ['10 000 kronor', 'tiotusen kronor'],
    ['7 112', 'sjutusen etthundratolv'],
    ['12 34', 'tolv trettiofyra'],
    ['1 000 000', '1000000'],
    ['999 999', 'niohundranittioniotusen niohundranittionio'],
    ['0', 'noll'],
    ['007', 'sju'],
    ['21', 'tjugoett'],
    ['40', 'fyrtio'],
    ['100', 'etthundra'],
    ['105', 'etthundrafem'],
    ['1000', 'etttusen'],
    ['1005', 'etttusenfem'],
    ['1984', 'etttusen niohundraåttiofyra'],
    ['2026', 'tvåtusentjugosex'],
    ['b2b', 'btvåb'],
    ['ＡＢＣ', 'abc'],
    ['½', 'ett två'],
    ['e\u0301tude', 'étude'],
    ['é', 'é'],
    ['å\u0301', 'ǻ'],
    ['kaffe-bryggare', 'kaffe bryggare'],
    ["Sara's", 'sara s'],
    ['a_b', 'a b'],
    ['5 €', 'fem'],
    ['a+b=c', 'a b c'],
    ['Öl & ÄGG', 'öl ägg'],
    ['hej\talice\n', 'hej alice'],
    ['😀 hej', 'hej'],
  ])('%j becomes %j', (text, expected) => {
    expect(normaliseLeaderboard(text)).toBe(expected);
  });

  it('changes nothing the second time', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('Hej', '10:00', '3,5', '(host)', 'å', '50%', '7 112', '!', '1984'), { maxLength: 8 }), (words) => {
      const once = normaliseLeaderboard(words.join(' '));
      expect(normaliseLeaderboard(once)).toBe(once);
    }));
  });
});

describe('normaliseKblab', () => {
  it.each([
    ['Hej, Alice!', 'hej alice'], ['Ärligt talat, Åsa Öberg', 'ärligt talat åsa öberg'], ['A\u030asa', 'åsa'], ['kafé à la carte', 'kaf la carte'], ['kl. 10:30', 'kl 10 30'], ['3,5 %', '3 5'], ['', ''], ['hej\nalice', 'hej alice'],
  ])('%j becomes %j', (text, expected) => {
    expect(normaliseKblab(text)).toBe(expected);
  });
});

it('inSwedishWords is read back as the same number', () => {
  for (const value of [...Array.from({ length: 2_000 }, (_, index) => index), 10_000, 21_021, 100_000, 123_456, 999_999]) {
    expect(readNumber(inSwedishWords(value).split(' '))?.value, inSwedishWords(value)).toBe(value);
  }
});
