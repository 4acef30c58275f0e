import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { whenAborted } from './aborts.js';

describe('whenAborted', () => {
  it('calls everybody who has not left, once, whoever left in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ join: fc.boolean(), who: fc.nat() }), { maxLength: 60 }), (moves) => {
        const controller = new AbortController();
        const leaves: (() => void)[] = [];
        const gone = new Set<number>();
        const called: number[] = [];
        for (const { join, who } of moves) {
          if (join || leaves.length === 0) {
            const id = leaves.length;
            leaves.push(whenAborted(controller.signal, () => void called.push(id)));
          } else {
            leaves[who % leaves.length]?.();
            gone.add(who % leaves.length);
          }
        }
        controller.abort();
        expect(called.toSorted((a, b) => a - b)).toEqual([...leaves.keys()].filter((id) => !gone.has(id)));
      }),
    );
  });

  it('calls at once when it has aborted, and leaving is harmless', () => {
    let calls = 0;
    const leave = whenAborted(AbortSignal.abort(), () => (calls += 1));
    expect(calls).toBe(1);
    leave();
  });

  it('keeps one listener on the signal for all', () => {
    const { signal } = new AbortController();
    const leaves = Array.from({ length: 20 }, () => whenAborted(signal, () => undefined));
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    for (const leave of leaves) leave();
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  });
});
