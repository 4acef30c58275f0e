import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PICTURE_BOUNDS, TONES, type Picture } from '../model/picture.js';
import { drawingOf } from './picture.js';

const time = fc.double({ min: 0, max: 60_000, noNaN: true });
const span = fc.tuple(time, time, fc.constantFrom(...TONES)).map(([a, b, tone]) => ({ fromMs: Math.min(a, b), toMs: Math.max(a, b), tone }));
const lane = fc.record({ name: fc.string({ maxLength: 10 }), spans: fc.array(span, { maxLength: 300 }), marks: fc.array(fc.record({ atMs: time, label: fc.string({ maxLength: 10 }) }), { maxLength: 60 }) });
const picture = fc.record({ durationMs: time, lanes: fc.array(lane, { maxLength: 12 }) });

const count = (lanes: Picture['lanes']): number => lanes.reduce((sum, { spans = [], marks = [] }) => sum + spans.length + marks.length, 0);
const draw = (given: Partial<Picture>): ReturnType<typeof drawingOf> => drawingOf('demo.draw', { durationMs: 1_000, lanes: [], ...given });

describe('a picture on the record', () => {
  it('holds times to the hundredth, a tone and a label for everything, in order', () => {
    const { title, duration_ms, lanes, dropped } = draw({ lanes: [{ name: 'user', spans: [{ fromMs: 500, toMs: 700, tone: 'good', label: 'ask' }, { fromMs: 10.004, toMs: 20.006 }], marks: [{ atMs: 3, label: 'clear' }] }, { name: 'quiet' }] });
    expect({ title, duration_ms, dropped }).toEqual({ title: '', duration_ms: 1_000, dropped: 0 });
    expect(lanes).toEqual([
      { name: 'user', spans: [{ from_ms: 10, to_ms: 20.01, tone: 'neutral', label: '' }, { from_ms: 500, to_ms: 700, tone: 'good', label: 'ask' }], marks: [{ at_ms: 3, tone: 'neutral', label: 'clear' }] },
      { name: 'quiet', spans: [], marks: [] },
    ]);
  });

  it.each([
    ['NaN', { durationMs: NaN }, 'durationMs is NaN'],
    ['an infinite end', { lanes: [{ name: 'user', spans: [{ fromMs: 0, toMs: Infinity }] }] }, 'toMs of a span of "user" is Infinity'],
    ['a time before the beginning', { lanes: [{ name: 'user', marks: [{ atMs: -1, label: '' }] }] }, 'atMs of a mark of "user" is -1'],
    ['a span that runs backwards', { lanes: [{ name: 'user', spans: [{ fromMs: 20, toMs: 10 }] }] }, 'a span of "user" ends at 10 ms, before it begins at 20 ms'],
    ['a tone of plain JavaScript', { lanes: [{ name: 'user', spans: [{ fromMs: 0, toMs: 1, tone: 'red' as 'bad' }] }] }, 'the tone "red" is none of neutral, good, bad, unclear, muted'],
  ] as const)('refuses %s', (_, given, message) => {
    expect(() => draw(given)).toThrow(expect.objectContaining({ code: 'REALOPS_PLUGIN_INVALID', message: `demo.draw draws a picture that cannot be: ${message}` }));
  });

  it('cuts off what goes on after its time, and counts what is not in it at all', () => {
    const { lanes, dropped } = draw({ lanes: [{ name: 'a', spans: [{ fromMs: 900, toMs: 1_200 }, { fromMs: 1_100, toMs: 1_200 }], marks: [{ atMs: 2_000, label: 'late' }] }] });
    expect(lanes[0]?.spans).toEqual([{ from_ms: 900, to_ms: 1_000, tone: 'neutral', label: '' }]);
    expect(dropped).toBe(2);
  });

  it('keeps nothing of a text that is no label: half of a secret would not be known as one', () => {
    expect(draw({ title: 'x'.repeat(121) }).title).toBe('… (121 signs)');
    expect(draw({ title: 'x'.repeat(120) }).title).toHaveLength(120);
  });

  it('takes from the lanes with most, and keeps what came first', () => {
    const many = Array.from({ length: 900 }, (_, index) => ({ atMs: index, label: '' }));
    const { lanes, dropped } = draw({ lanes: [{ name: 'few', marks: many.slice(0, 20) }, { name: 'many', marks: many }, { name: 'more', marks: many.slice(0, 500) }] });
    expect(lanes.map(({ marks }) => [marks.length, marks.at(-1)?.at_ms])).toEqual([[20, 19], [190, 189], [190, 189]]);
    expect(dropped).toBe(1_420 - PICTURE_BOUNDS.items);
  });

  it('stays within its bounds and its time, and loses nothing uncounted, whatever is drawn', () => {
    fc.assert(fc.property(picture, (given) => {
      const { lanes, dropped, duration_ms } = drawingOf('demo.draw', given);
      const kept = lanes.reduce((sum, { spans, marks }) => sum + spans.length + marks.length, 0);
      expect(lanes.length).toBe(Math.min(PICTURE_BOUNDS.lanes, given.lanes.length));
      expect(kept).toBeLessThanOrEqual(PICTURE_BOUNDS.items);
      expect(kept + dropped).toBe(count(given.lanes));
      for (const { spans, marks } of lanes) {
        for (const { from_ms, to_ms } of spans) expect(from_ms <= to_ms && to_ms <= duration_ms).toBe(true);
        for (const starts of [spans.map(({ from_ms }) => from_ms), marks.map(({ at_ms }) => at_ms)]) expect(starts).toEqual([...starts].sort((a, b) => a - b));
      }
    }), { numRuns: 200 });
  });
});
