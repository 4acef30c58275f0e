import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordErrors } from '../wer/wer.js';
import { normaliseSwedish, SWEDISH_NORMALISER_VERSION } from './normalise-sv.js';

const SAME: readonly (readonly [string, string])[] = [
  ['Hej Alice!', 'hej alice'],
  ['klockan tio', 'kl 10'],
  ['Kl. 10', '10:00'],
  ['klockan 10.00', '10:00'],
  ['möte klockan tio och trettio', 'möte kl. 10:30'],
  ['klockan tio trettio', 'klockan 10.30'],
  ['klockan tio noll fem', 'kl 10:05'],
  ['klockan tjugoett noll noll', '21:00'],
  ['09:30', 'klockan nio trettio'],
  ['Klockan är 10:00.', 'klockan är tio'],
  ['klockan ett', '1:00'],
  ['halv tre', '2:30'],
  ['klockan halv tre', 'kl 2.30'],
  ['halv ett', '12:30'],
  ['kvart i tre', '2:45'],
  ['kvart över tre', '3:15'],
  ['fem i halv tre', '2:25'],
  ['fem över halv tre', 'klockan två och trettiofem'],
  ['tio i tre', 'kl. 2:50'],
  ['tjugo minuter över åtta', '8:20'],
  ['klockan tre och femton', '3:15'],
  ['tjugofem', '25'],
  ['tjugo fem', '25'],
  ['tjugo en', '21'],
  ['etthundratjugotre', '123'],
  ['hundra tjugo tre', '123'],
  ['ettusen', 'ett tusen'],
  ['niohundranittioniotusen niohundranittionio', '999999'],
  ['tretusen femhundra', '3500'],
  ['10 000 kronor', 'tiotusen kr'],
  ['10\u00a0500 kr', 'tiotusen femhundra kronor'],
  ['10 tusen', 'tio tusen'],
  ['nittonhundra nittionio', '1999'],
  ['tre komma fem', '3,5'],
  ['3.5', '3,5'],
  ['noll komma noll fem', '0,05'],
  ['ett komma fem', '1,5'],
  ['5 %', 'fem procent'],
  ['en procent', '1%'],
  ['-5 °C', 'minus fem grader'],
  ['−5°', 'minus fem grader celsius'],
  ['noll sju noll ett', '0 7 0 1'],
  ['ett två tre', '1 2 3'],
  ['den 3 maj', 'den tredje maj'],
  ['3:e plats', 'tredje plats'],
  ['i morgon', 'imorgon'],
  ['I dag, i kväll och i går', 'idag ikväll och igår'],
  ['eh hej öh alice ehm', 'hej alice'],
  ['Hmm, hej', 'hej'],
  ['e-post', 'epost'],
  ["sta'n", 'sta’n'],
  ['cafe\u0301', 'café'],
  ['a\u030aka', 'åka'],
  ['hej\talice\u00a0nu', 'hej alice nu'],
  ['tjugo-fem', 'tjugofem'],
  ['rum 10-12', 'rum tio tolv'],
  // The spellings of timers, lamps and temperatures in the tests of Home Assistant's Swedish sentences.
  ['Sätt garagelampan till 50%', 'sätt garagelampan till 50 procent'],
  ['sätt temperaturen till 30°', 'Sätt temperaturen till trettio grader'],
  ['sätt temperaturen till 30° C', 'sätt temperaturen till 30 grader celsius'],
  ['sätt en timer på en 1/2 minut', 'Sätt en timer på en halv minut'],
  ['sätt en timer 1 och 1/2 timme', 'sätt en timer 1 och en halv timme'],
  ['sätt en timer på en 1/2 timme', 'sätt en timer på en halvtimme'],
  ['sätt en timer på en halv timme', 'sätt en timer på en halvtimme'],
  ['en trekvart', 'en tre kvart'],
  ['5 och en halv minut', 'fem och en halv minut'],
  ['5 1/2 minut', 'fem och en halv minut'],
  ['5½ minut', '5 och 1/2 minut'],
  ['½ timme', 'en halvtimme'],
  ['1/2 dygn', 'ett halvt dygn'],
];

const APART: readonly (readonly [string, string])[] = [
  ['två', 'tre'],
  ['halv tre', 'tre'],
  ['halv tre', 'halv fyra'],
  ['klockan tre', 'halv tre'],
  ['en', '1'],
  ['ett möte', '1 möte'],
  ['en bil', 'ett bil'],
  ['en tjugo minuter', 'ett tjugo minuter'],
  ['10:00', '22:00'],
  ['klockan tio', 'klockan elva'],
  ['tio', 'klockan tio'],
  ['10.30', '10:30'],
  ['kvart i tre', 'kvart över tre'],
  ['fem i tre', 'fem över tre'],
  ['tretton', 'trettio'],
  ['tre komma fem', '3 5'],
  ['tre tusen femhundra', 'tre femhundra'],
  ['tjugo tusen femhundra', 'tjugo femhundra'],
  ['hundra', 'tusen'],
  ['minus fem', 'fem'],
  ['fem procent', 'fem grader'],
  ['åka', 'aka'],
  ['för', 'far'],
  ['köket', 'koket'],
  ['släck', 'släpp'],
  ['i morgon', 'i morse'],
  ['5 mm', '5'],
  ['andra', 'tredje'],
  ['inte', ''],
  ['hem', 'hm'],
  ['0701', '701'],
  ['3:e', 'tre'],
  ['sjukhus byggnaden', 'sjukhusbyggnaden'],
  ['femton', 'femtio'],
  ['sjutton', 'sjuttio'],
  ['är', 'or'],
  ['en halv timme', 'en timme'],
  ['1/2 timme', '2 timmar'],
  ['den 1/2', 'den halv'],
  ['1/1/2 minuter', '1 en halv minuter'],
  ['trekvart', 'kvart'],
  ['5 och en halv minut', '5,5 minut'],
  ['halv tre', 'halv timme'],
];

describe('normaliseSwedish', () => {
  it.each(SAME)('%j and %j are one', (one, other) => {
    expect(normaliseSwedish(one)).toBe(normaliseSwedish(other));
  });

  it.each(APART)('%j and %j stay apart', (one, other) => {
    expect(normaliseSwedish(one)).not.toBe(normaliseSwedish(other));
  });

  it.each([
    ['Hej Alice! Möte kl. 10, imorgon?', 'hej alice möte 10:00 imorgon'],
    ['Tänd lampan i köket.', 'tänd lampan i köket'],
    ['vad är klockan', 'vad är klockan'],
    ['jag vill ha en kopp kaffe och ett äpple', 'jag vill ha en kopp kaffe och ett äpple'],
    ['klockan 100', 'klockan 100'],
    ['matchen slutade 3:1', 'matchen slutade 3:1'],
    ['192.168.0.1', '192.168.0.1'],
    ['a & b', 'a b'],
    ['...', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(normaliseSwedish(text)).toBe(expected);
  });

  it('leaves out the stages that are switched off', () => {
    expect(normaliseSwedish('Klockan tio, i morgon!', { case: false, punctuation: false, numbers: false, clock: false, joins: false })).toBe('Klockan tio, i morgon!');
    expect(normaliseSwedish('Klockan  tio!', { clock: false })).toBe('klockan 10');
    expect(normaliseSwedish('eh ja', { fillers: false })).toBe('eh ja');
    expect(normaliseSwedish('cafe\u0301', { unicode: false })).toBe('cafe\u0301');
  });

  it('reads every number from 0 to 999 999 said in words; a lone ett stays an article', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 999_999 }).filter((number) => number !== 1), fc.boolean(), (number, apart) => {
      expect(normaliseSwedish(say(number, apart ? ' ' : ''))).toBe(String(number));
    }), { numRuns: 2_000 });
  });

  it('changes nothing the second time', () => {
    const piece = fc.oneof(
      fc.constantFrom('1/2', '½', '1/', '/2', '/', 'minut', 'timme', 'halvt', 'dygn', 'c'),
      fc.constantFrom(...SAME.flat(), ...APART.flat()),
      fc.constantFrom('klockan', 'kl.', 'halv', 'kvart', 'i', 'över', 'och', 'komma', 'noll', 'en', 'ett', 'två', 'tjugo', 'hundra', 'tusen', 'procent', '%', '°', 'C', '-', 'är', 'minuter', 'mm', 'eh', 'dag', 'maj', '000', '05', '10', '3', ',', '.', ':', "'", '10.30', '3:e', 'grad', 'celsius'),
      fc.integer({ min: 0, max: 1_100_000 }).map(String),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
    );
    fc.assert(fc.property(fc.array(fc.tuple(piece, fc.constantFrom(' ', ' ', ' ', '', '\u00a0', ', ')), { maxLength: 9 }), (pieces) => {
      const once = normaliseSwedish(pieces.flat().join(''));
      expect(normaliseSwedish(once)).toBe(once);
    }), { numRuns: 5_000 });
  });

  it('does the same to what was said and what was heard', () => {
    const text = fc.array(fc.constantFrom(...SAME.flat(), ...APART.flat()), { maxLength: 3 }).map((pieces) => pieces.join(' '));
    fc.assert(fc.property(text, text, (one, other) => {
      const [forth, back] = [wordErrors(normaliseSwedish(one), normaliseSwedish(other)), wordErrors(normaliseSwedish(other), normaliseSwedish(one))];
      const sum = ({ substitutions, deletions, insertions }: typeof forth): number => substitutions + deletions + insertions;
      expect(sum(forth)).toBe(sum(back));
      expect(forth.hits + forth.substitutions + forth.insertions).toBe(back.hits + back.substitutions + back.deletions);
      if (normaliseSwedish(one) === normaliseSwedish(other)) expect(sum(forth)).toBe(0);
    }), { numRuns: 300 });
  });

  it('has a version', () => {
    expect(SWEDISH_NORMALISER_VERSION).toMatch(/^\d+$/u);
  });
});

const SMALL = 'noll ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton'.split(' ');
const TENS = 'x x tjugo trettio fyrtio femtio sextio sjuttio åttio nittio'.split(' ');

/** A number in Swedish words, in one word or with every part apart. */
function say(number: number, gap: string): string {
  const small = (value: number): string[] => (value < 20 ? [SMALL[value] ?? ''] : [TENS[Math.floor(value / 10)] ?? '', ...(value % 10 === 0 ? [] : small(value % 10))]);
  const middle = (value: number): string[] => (value < 100 ? small(value) : [...small(Math.floor(value / 100)), 'hundra', ...(value % 100 === 0 ? [] : small(value % 100))]);
  const parts = number < 1000 ? middle(number) : [...middle(Math.floor(number / 1000)), 'tusen', ...(number % 1000 === 0 ? [] : middle(number % 1000))];
  return parts.join(gap);
}
