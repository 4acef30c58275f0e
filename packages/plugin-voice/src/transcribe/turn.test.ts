import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTurn } from './turn.js';

const heard = (text: string, at = 0): { text: string; confidence: null; at: number } => ({ text, confidence: null, at });

describe('createTurn', () => {
  it('counts partials that show something new', () => {
    const turn = createTurn();
    expect(['', ' ', 'hej', 'hej', 'hej alice'].map((text) => turn.partial(heard(text)))).toEqual([false, false, true, false, true]);
    expect(turn).toMatchObject({ partials: 2, firstPartial: 'hej', lastPartial: 'hej alice', open: true, revisedWords: 0 });
  });

  it('counts shown words that were changed or taken back, not case and punctuation', () => {
    const turn = createTurn();
    for (const text of ['hej', 'hej malin', 'hej alice vad', 'hej']) turn.partial(heard(text));
    expect(turn.revisedWords).toBe(3);
    turn.final(heard('Hej, Alice.'));
    expect(turn.revisedWords).toBe(3);
    expect(turn.open).toBe(false);
  });

  it('finds nothing in partials that say the same again', () => {
    const text = fc.array(fc.constantFrom('hej', 'alice', 'malin', 'vad'), { minLength: 1, maxLength: 5 }).map((words) => words.join(' '));
    fc.assert(fc.property(fc.array(fc.tuple(text, fc.integer({ min: 1, max: 4 })), { maxLength: 8 }), text, (partials, final) => {
      const [once, again] = [createTurn(), createTurn()];
      for (const [said, times] of partials) {
        once.partial(heard(said));
        for (let time = 0; time < times; time += 1) again.partial(heard(said));
      }
      for (const turn of [once, again]) turn.final(heard(final));
      expect([again.revisedWords, again.partials]).toEqual([once.revisedWords, once.partials]);
    }));
  });

  it('begins anew after a final', () => {
    const turn = createTurn();
    turn.final(heard('ett', 1));
    turn.partial(heard('två'));
    turn.final(heard('två', 2));
    expect(turn.finals.map(({ text }) => text)).toEqual(['ett', 'två']);
    expect(turn.revisedWords).toBe(0);
  });

  it('takes a final that comes again in place of the first; its words are late only where they changed', () => {
    const turn = createTurn();
    const again = (text: string, at: number): boolean => turn.final({ text, confidence: null, at, segment: 'a' });
    expect([again('hej alice', 1), again('hej alice', 2), again('Hej, Alice.', 3), again('Hej, Malin.', 4)]).toEqual([true, false, true, true]);
    expect(turn.finals).toMatchObject([{ text: 'Hej, Malin.', at: 4 }]);
    turn.final({ text: 'tio', confidence: null, at: 5, segment: 'b' });
    turn.final(heard('elva', 6));
    expect(turn.finals.map(({ text }) => text)).toEqual(['Hej, Malin.', 'tio', 'elva']);
    const other = createTurn();
    other.final({ text: 'hej', confidence: null, at: 1, segment: 'a' });
    other.final({ text: 'Hej!', confidence: null, at: 9, segment: 'a' });
    expect(other.finals).toMatchObject([{ text: 'Hej!', at: 1 }]);
  });

  it('takes who said it from a final that comes again with the same text', () => {
    const turn = createTurn();
    const said = (speaker: string): { readonly said: readonly [{ readonly speaker: string; readonly startMs: number; readonly endMs: number; readonly text: string }] } => ({ said: [{ speaker, startMs: 0, endMs: 9, text: 'hej' }] });
    const again = (at: number, more: object): boolean => turn.final({ text: 'hej', confidence: null, at, segment: 'a', ...more });
    expect([again(1, {}), again(2, said('A')), again(3, said('B')), again(4, {})]).toEqual([true, false, false, false]);
    expect(turn.finals).toEqual([{ text: 'hej', confidence: null, at: 1, segment: 'a', ...said('B') }]);
  });
});
