import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Stretch } from '../audio/speech-bounds.js';
import { compareStretches, type Found, type VadComparison } from './compare.js';
import { createVadListener } from './listen.js';
import { pictureOf } from './picture.js';

const spans = (...list: readonly (readonly [number, number])[]): readonly Stretch[] => list.map(([startMs, endMs]) => ({ startMs, endMs }));
const compare = (truth: readonly Stretch[], found: readonly Stretch[], more: { readonly collarMs?: number; readonly open?: boolean } = {}): VadComparison =>
  compareStretches(truth, found.map((each, index): Found => ({ ...each, isOpen: more.open === true && index === found.length - 1 })), { streamMs: 5_000, toleranceMs: 500, collarMs: more.collarMs ?? 0 });
const errors = ({ truth }: VadComparison): unknown => truth.map(({ missed, startErrorMs, endErrorMs }) => (missed ? 'missed' : [startErrorMs, endErrorMs]));

describe('compareStretches', () => {
  const truth = spans([1_000, 2_000], [3_000, 4_000]);

  it('has signed errors of what was heard', () => {
    expect(errors(compare(truth, spans([1_100, 2_300], [2_950, 3_900])))).toEqual([[100, 300], [-50, -100]]);
  });

  it('tells misses and false alarms', () => {
    const found = compare(truth, spans([100, 300], [1_000, 2_000]));
    expect([errors(found), found.falseAlarms]).toEqual([[[0, 0], 'missed'], [true, false]]);
    expect(pictureOf(found, [{ startMs: 100, endMs: 300, isOpen: false }, { startMs: 1_000, endMs: 2_000, isOpen: true }], 5_000)).toEqual({
      durationMs: 5_000,
      lanes: [
        { name: 'speech', spans: [{ fromMs: 1_000, toMs: 2_000 }, { fromMs: 3_000, toMs: 4_000, tone: 'bad', label: 'missed' }] },
        { name: 'heard', spans: [{ fromMs: 100, toMs: 300, tone: 'bad', label: 'false alarm' }, { fromMs: 1_000, toMs: 2_000, label: 'its end was never told' }] },
      ],
    });
    expect(compare(truth, [])).toMatchObject({ falseAlarms: [], speechMs: 2_000, missedMs: 2_000, otherMs: 3_000, falseMs: 0 });
    expect(compare(spans([0, 5_000]), spans([0, 5_000]))).toMatchObject({ missedMs: 0, otherMs: 0 });
  });

  it('takes one stretch over a pause for both, but not its borders within', () => {
    expect(errors(compare(truth, spans([1_200, 4_100])))).toEqual([[200, null], [null, 100]]);
  });

  it('takes the first and the last of several within one', () => {
    const found = compare(spans([1_000, 3_000]), spans([1_100, 1_500], [1_700, 2_000], [2_400, 3_050]));
    expect([errors(found), found.falseAlarms]).toEqual([[[100, 50]], [false, false, false]]);
  });

  it('knows that a short word is over before anybody can say so', () => {
    const found = compare(spans([1_000, 1_150]), spans([1_300, 1_800]));
    expect([errors(found), found.falseAlarms]).toEqual([[[300, 650]], [false]]);
    expect(errors(compare(spans([1_000, 1_150]), spans([1_700, 1_800])))).toEqual(['missed']);
    // What is found of the next word is none of the one before.
    expect(errors(compare(spans([1_000, 1_150], [1_400, 1_900]), spans([1_450, 1_950])))).toEqual(['missed', [50, 50]]);
    // Nor is a second one when one was found of it.
    const twice = compare(spans([1_000, 1_500]), spans([1_100, 1_400], [1_600, 1_700]));
    expect([errors(twice), twice.falseAlarms]).toEqual([[[100, -100]], [false, true]]);
  });

  it('does not know when speech ended that was never said to have ended', () => {
    expect(errors(compare(spans([1_000, 2_000]), spans([1_010, 5_000]), { open: true }))).toEqual([[10, null]]);
  });

  it('does not score the collars', () => {
    expect(compare(truth, spans([1_200, 2_300], [3_000, 4_000]), { collarMs: 250 })).toMatchObject({ speechMs: 1_000, missedMs: 0, otherMs: 2_000, falseMs: 50 });
  });

  it('counts time as one who looks at every moment', () => {
    const stretches = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })), { maxLength: 6 }).map((list) => {
      let now = 0;
      return list.map(([gap, length]) => {
        const startMs = now + gap;
        now = startMs + length;
        return { startMs, endMs: now };
      });
    });
    fc.assert(fc.property(stretches, stretches, fc.integer({ min: 0, max: 3 }), (real, heard, collarMs) => {
      const { speechMs, missedMs, otherMs, falseMs, truth: each, falseAlarms } = compareStretches(real, heard.map((one) => ({ ...one, isOpen: false })), { streamMs: 60, toleranceMs: 0, collarMs });
      const counts = [0, 0, 0, 0];
      for (let at = 0.5; at < 60; at += 1) {
        if (real.some(({ startMs, endMs }) => Math.abs(at - startMs) < collarMs || Math.abs(at - endMs) < collarMs)) continue;
        const [isSpeech, isHeard] = [real, heard].map((list) => list.some(({ startMs, endMs }) => startMs <= at && at < endMs));
        const index = isSpeech === true ? 0 : 2;
        counts[index] = (counts[index] ?? 0) + 1;
        if (isSpeech !== isHeard) counts[index + 1] = (counts[index + 1] ?? 0) + 1;
      }
      expect([speechMs, missedMs, otherMs, falseMs]).toEqual(counts);
      const touch = (one: Stretch, other: Stretch): boolean => one.startMs < other.endMs && one.endMs > other.startMs;
      expect(each.map(({ missed }) => missed)).toEqual(real.map((one) => !heard.some((other) => touch(one, other))));
      expect(falseAlarms).toEqual(heard.map((one) => !real.some((other) => touch(one, other))));
    }), { numRuns: 300 });
  });
});

describe('createVadListener', () => {
  it('takes what is said twice once, and leaves open what is never ended', () => {
    const listener = createVadListener();
    listener.says('speechStop', 50);
    listener.says('speechStart', 100);
    listener.says('speechStart', 120);
    listener.says('speechStop', 300);
    listener.says('turnEnd', 400);
    listener.says('speechStart', 250);
    expect(listener.found(1_000)).toEqual([{ startMs: 100, endMs: 300, isOpen: false }, { startMs: 300, endMs: 1_000, isOpen: true }]);
  });
});
