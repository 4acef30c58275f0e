import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { binsOf } from '../../src/page/histogram.js';
import { escapeText, html, join, raw } from '../../src/page/markup.js';
import { pooledRatio } from '../../src/page/ratio-interval.js';
import { niceStep, scaleOfTime, scaleOver } from '../../src/page/scale.js';
import { placeOfShare, shareOfInterval, shareOfLimit } from '../../src/page/slo-share.js';
import { LIMIT_AT, sloStrip } from '../../src/page/slo-strip.js';
import { changeWords, diffLines, wordDiff } from '../../src/page/word-diff.js';
import { HOSTILE, slo } from './sample.js';

describe('markup', () => {
  it('escapes every text and takes only markup as markup', () => {
    const page = html`<p title="${HOSTILE}">${HOSTILE}${html`<b>${1}</b>`}${null}${false}${[raw('<i></i>'), 'a&b']}</p>`.markup;
    expect(page).not.toContain('<img');
    expect(page).not.toContain('</script>');
    expect(page).toContain('<b>1</b><i></i>a&amp;b');
    expect(join(['a', 'b'], '<br>').markup).toBe('a<br>b');
  });
  it('frees texts of terminal escapes, controls, signs that turn the direction, half surrogates', () => {
    expect(escapeText('a\u202eb\u001b[31mc\u0000d\ud800e\u2066f"\'')).toBe('abcd\ufffdef&quot;&#39;');
    expect(escapeText('one\ntwo')).toBe('one\ntwo');
  });
  it('never lets a text open or close a tag', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[<>"']/.test(escapeText(text))));
  });
});

describe('share of the limit', () => {
  const upper = { comparison: '<=', limit: 0.11, unit: 'ratio' } as const;
  it('is the value over an upper limit', () => {
    expect(shareOfLimit(0.055, upper)).toBeCloseTo(0.5);
    expect(shareOfLimit(0, upper)).toBe(0);
    expect(shareOfLimit(Infinity, upper)).toBe(Infinity);
  });
  it('is the misses over the allowed misses for a lower limit of a share', () => {
    const rate = { comparison: '>=', limit: 0.95, unit: 'ratio' } as const;
    expect(shareOfLimit(0.95, rate)).toBe(1);
    expect(shareOfLimit(1, rate)).toBe(0);
    expect(shareOfLimit(0.9, rate)).toBeCloseTo(2);
    expect(shareOfInterval({ low: 0.9, high: 1 }, rate)).toEqual({ from: 0, to: expect.closeTo(2) as number });
  });
  it('is the limit over the value for other lower limits', () => {
    const many = { comparison: '>', limit: 5, unit: 'count' } as const;
    expect(shareOfLimit(10, many)).toBe(0.5);
    expect(shareOfLimit(0, many)).toBe(Infinity);
    expect(shareOfLimit(-1, many)).toBe(Infinity);
  });
  it('knows limits without a share: zero, all, negative ones', () => {
    const none = { comparison: '<=', limit: 0, unit: 'count' } as const;
    expect([shareOfLimit(0, none), shareOfLimit(1, none), shareOfLimit(-1, none)]).toEqual([1, Infinity, 0]);
    const all = { comparison: '>=', limit: 1, unit: 'ratio' } as const;
    expect([shareOfLimit(1, all), shareOfLimit(0.99, all)]).toEqual([1, Infinity]);
    const cold = { comparison: '<', limit: -20, unit: 'celsius' } as const;
    expect([shareOfLimit(-20, cold), shareOfLimit(-30, cold), shareOfLimit(-10, cold)]).toEqual([1, 0.5, 1.5]);
    const loud = { comparison: '>', limit: -20, unit: 'dB' } as const;
    expect([shareOfLimit(-20, loud), shareOfLimit(-10, loud)]).toEqual([1, 0.5]);
  });
  it('puts the good side left of the limit, whichever way an objective points', () => {
    const sides = fc.record({ comparison: fc.constantFrom('<', '<=', '>', '>='), limit: fc.double({ min: -1e6, max: 1e6, noNaN: true }), unit: fc.constantFrom('ms', 'count', 'dB') } as const);
    fc.assert(fc.property(sides, fc.double({ min: -1e6, max: 1e6, noNaN: true }), (limit, value) => {
      const good = limit.comparison.startsWith('<') ? value < limit.limit : value > limit.limit;
      const share = shareOfLimit(value, limit);
      return Math.abs(value - limit.limit) < 1e-6 * Math.max(1, Math.abs(limit.limit)) || (good ? share <= 1 : share >= 1);
    }));
  });
  it('clamps to the strip', () => {
    expect([placeOfShare(-1), placeOfShare(0), placeOfShare(1), placeOfShare(Infinity), placeOfShare(Number.NaN)]).toEqual([0, 0, 66.67, 100, 0]);
  });
});

describe('strip', () => {
  it('has the limit at the same place in every row', () => {
    for (const each of [slo({ id: 'a' }), slo({ id: 'b', limit: 0, comparison: '<=', value: 3 }), slo({ id: 'c', comparison: '>=', unit: 'ratio', limit: 0.95, value: 0.9, interval: null, distribution: null }), slo({ id: 'd', value: Infinity, verdict: 'fail' })]) {
      const drawn = sloStrip(each).markup;
      expect(drawn).toContain(`<line class="limit" x1="${LIMIT_AT}%"`);
      expect(drawn).not.toMatch(/NaN|Infinity|undefined/);
    }
  });
  it('says in words when there is no value', () => {
    expect(sloStrip(slo({ id: 'a', value: null, samples: 0, verdict: 'no-data' })).markup).toContain('nothing was measured');
    expect(sloStrip(slo({ id: 'a', value: null, samples: 3, verdict: 'error' })).markup).toContain('no value');
  });
  it('draws a value far beyond as a multiple at the end', () => {
    expect(sloStrip(slo({ id: 'a', value: 4_000, verdict: 'fail', interval: null })).markup).toContain('5.0 ×');
    expect(sloStrip(slo({ id: 'a', value: 4e9, verdict: 'fail', interval: null })).markup).toContain('&gt; 100 ×');
  });
  it('names the state by shape: disc, diamond, ring', () => {
    expect(sloStrip(slo({ id: 'a' })).markup).toContain('<circle class="dot" r="4.5"/>');
    expect(sloStrip(slo({ id: 'a', verdict: 'fail', value: 900 })).markup).toContain('<path class="dot"');
    expect(sloStrip(slo({ id: 'a', verdict: 'inconclusive' })).markup).toContain('dot ring');
  });
});

describe('scales', () => {
  it('steps by 1, 2, 5 and holds its values', () => {
    expect([0.03, 1, 1.1, 3, 7, 40].map(niceStep)).toEqual([0.05, 1, 2, 5, 10, 50]);
    fc.assert(fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (most) => {
      const scale = scaleOver(0, most);
      return scale.to >= most * (1 - 1e-9) && scale.ticks.length <= 9 && scale.place(most) <= 100 && scale.ticks.every((tick) => Number.isFinite(tick));
    }));
  });
  it('has no trouble with nothing', () => {
    for (const scale of [scaleOver(0, 0), scaleOver(Number.NaN, Infinity), scaleOfTime(0), scaleOfTime(Number.NaN)]) expect(scale.place(0)).toBe(0);
  });
  it('counts time in steps people know', () => {
    expect(scaleOfTime(192_000).ticks).toEqual([0, 60_000, 120_000, 180_000]);
    expect(scaleOfTime(87_000).ticks).toEqual([0, 15_000, 30_000, 45_000, 60_000, 75_000]);
  });
  it('puts all values into bins', () => {
    expect(binsOf([0, 1, 2, 10, -5], 0, 4, 4)).toEqual([2, 1, 1, 1]);
    expect(binsOf([3, 3], 3, 3, 2)).toEqual([2, 0]);
  });
});

describe('word diff', () => {
  it('finds what was lost, put in and exchanged', () => {
    const changes = wordDiff('Boka möte med Anna imorgon klockan fjorton.', 'boka möte med anna im') ?? [];
    expect(changes.map(({ kind }) => kind)).toEqual(['same', 'same', 'same', 'same', 'deleted', 'deleted', 'substituted']);
    expect(changeWords(changes)).toBe('2 deleted, 1 substituted of 7 words');
    expect(diffLines(changes).meant.markup).toContain('<del>imorgon</del>');
    expect(diffLines(changes).heard.markup).toContain('<ins>im</ins>');
  });
  it('keeps every word of both texts, in order', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 }).map((words) => words.join(' '));
    fc.assert(fc.property(text, text, (meant, heard) => {
      const changes = wordDiff(meant, heard) ?? [];
      const side = (pick: 'meant' | 'heard'): string => changes.flatMap((change) => (change[pick] === null ? [] : [change[pick]])).join(' ');
      return side('meant') === meant && side('heard') === heard;
    }));
  });
  it('handles empty texts and gives up on long ones', () => {
    expect(wordDiff('', '')).toEqual([]);
    expect(changeWords(wordDiff('a b', '') ?? [])).toBe('2 deleted of 2 words');
    expect(wordDiff('a '.repeat(401), 'a')).toBeNull();
  });
});

describe('pooled ratio', () => {
  it('pools and gives an interval from the spread of the samples', () => {
    const { value, low, high } = pooledRatio([0, 1, 0, 2, 1, 0], [5, 5, 5, 5, 5, 5]) ?? { value: NaN, low: null, high: null };
    expect(value).toBeCloseTo(4 / 30);
    // Cochran: sqrt(6/5 · Σ(p − R·w)²)/30 = sqrt(1.2 · 10/3)/30 = 2/30.
    expect(low).toBeCloseTo(Math.max(0, 4 / 30 - 1.96 * (2 / 30)));
    expect(high).toBeCloseTo(4 / 30 + 1.96 * (2 / 30));
  });
  it('has no interval without spread and no ratio without a whole', () => {
    expect(pooledRatio([0, 0, 0, 0, 0], [1, 1, 1, 1, 1])).toEqual({ value: 0, low: null, high: null });
    expect(pooledRatio([1], [0])).toBeNull();
    expect(pooledRatio([], [])).toBeNull();
  });
});
