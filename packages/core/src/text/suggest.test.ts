import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suggest, suggestion } from './suggest.js';

const WORDS = ['status', 'statusText', 'headers', 'body', 'text', 'timings'];

describe('suggest', () => {
  it.each([['stauts', 'status'], ['statu', 'status'], ['hedders', 'headers'], ['BODY', 'body'], ['txt', 'text'], ['tmings', 'timings'], ['head', 'headers'], ['obdy', 'body']])('finds what %s meant', (word, meant) => {
    expect(suggest(word, WORDS)).toBe(meant);
  });

  it.each(['', 'x', 'cache', 'retries', 'metrics'])('finds nothing for %j', (word) => {
    expect(suggest(word, WORDS)).toBeUndefined();
  });

  it('prefers the nearest, and the earlier of two that are as near', () => {
    expect(suggest('p95x', ['p90', 'p95'])).toBe('p95');
    expect(suggest('ab', ['aa', 'ac'])).toBe('aa');
  });

  it('completes a word only when one candidate begins with it', () => {
    expect(suggest('prod', ['sandbox', 'production'])).toBe('production');
    expect(suggest('stat', ['statistics', 'stationary'])).toBeUndefined();
  });

  it('always finds a word among the candidates, and one with two letters swapped', () => {
    const word = fc.stringMatching(/^[a-z]{4,12}$/);
    fc.assert(
      fc.property(word, fc.array(word), fc.nat(10), (meant, others, at) => {
        const index = Math.min(at, meant.length - 2);
        const swapped = meant.slice(0, index) + meant.charAt(index + 1) + meant.charAt(index) + meant.slice(index + 2);
        expect(suggest(meant, [...others, meant])).toBe(meant);
        expect(suggest(swapped, [meant])).toBe(meant);
      }),
    );
  });
});

describe('suggestion', () => {
  it('asks, and then lists what there is', () => {
    expect(suggestion('stauts', WORDS, 'it has')).toBe('did you mean "status"? It has: status, statusText, headers, body, text, timings');
    expect(suggestion('cache', WORDS, 'keys')).toBe('keys: status, statusText, headers, body, text, timings');
    expect(suggestion('cache', [], 'tags')).toBe('tags: none');
  });

  it('lists twenty-four at most', () => {
    expect(suggestion('?', Array.from({ length: 30 }, (_, index) => `w${index}`), 'words')).toMatch(/w23, … \(30\)$/);
  });
});
