import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseSwedish } from '../normalise/normalise-sv.js';
import { keywordErrors, numberErrors } from './keywords.js';

describe('keywordErrors', () => {
  it.each([
    ['tänd lampan i köket', 'tänd lampan i köket', ['lampan', 'köket'], 0, 2],
    ['tänd lampan i köket', 'tänd lamporna i köket', ['lampan', 'köket'], 1, 2],
    ['tänd lampan', 'tänd lampan lampan', ['lampan'], 1, 1],
    ['möte med anna berg', 'möte med anna', ['anna berg'], 1, 1],
    ['hej', 'hej alice', ['alice'], 1, 0],
    ['a a a', 'a', ['a a'], 2, 2],
    ['hej', 'hej', ['', 'hej', 'hej'], 0, 1],
  ])('%j heard as %j', (reference, hypothesis, keywords, part, whole) => {
    expect(keywordErrors(reference, hypothesis, keywords)).toEqual({ part, whole });
  });

  it('finds no error in a text against itself, and as many one way as the other', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 12 }).map((words) => words.join(' '));
    fc.assert(fc.property(text, text, fc.array(fc.constantFrom('a', 'b', 'a b', 'c a'), { maxLength: 4 }), (one, other, keywords) => {
      expect(keywordErrors(one, one, keywords).part).toBe(0);
      expect(keywordErrors(one, other, keywords).part).toBe(keywordErrors(other, one, keywords).part);
    }));
  });
});

it('numberErrors counts what has a digit', () => {
  expect(numberErrors('möte 10:00 med 15 gäster', 'möte 10:00 med 50 gäster')).toEqual({ part: 2, whole: 2 });
  expect(numberErrors('ställ in 7,5 %', 'ställ in 7,5 %')).toEqual({ part: 0, whole: 1 });
  // One word in five is wrong, and the one number: the hour that matters is not hidden by the other words.
  const [meant, heard] = ['väck mig klockan femton', 'väck mig klockan femtio'].map((text) => normaliseSwedish(text));
  expect(numberErrors(meant ?? '', heard ?? '')).toEqual({ part: 2, whole: 1 });
  expect(numberErrors(normaliseSwedish('ställ klockan på sjutton'), normaliseSwedish('ställ klockan på 17'))).toEqual({ part: 0, whole: 1 });
  expect(numberErrors(normaliseSwedish('ställ klockan på sjutton'), normaliseSwedish('ställ klockan på sjuttio'))).toEqual({ part: 2, whole: 1 });
  expect(numberErrors('hej', 'hej')).toEqual({ part: 0, whole: 0 });
});
