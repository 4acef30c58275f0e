import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.js';

/** A clock whose turns are taken by hand. */
function handClock() {
  let calls: (() => void)[] = [];
  return {
    nextTurn: (call: () => void) => void calls.push(call),
    get pending() {
      return calls.length;
    },
    async turn() {
      const now = calls;
      calls = [];
      for (const call of now) call();
      await Promise.resolve();
      await Promise.resolve();
    },
  };
}

const quiet = new AbortController().signal;

describe('createTurns', () => {
  it('lets those who asked start together in the next turn, and rests afterwards', async () => {
    const clock = handClock();
    const turns = createTurns(clock);
    const started: string[] = [];
    for (const name of ['a', 'b', 'c']) void turns.take(quiet).then(() => started.push(name));
    await Promise.resolve();
    expect(started).toEqual([]);
    await clock.turn();
    expect(started).toEqual(['a', 'b', 'c']);
    expect(clock.pending).toBe(0);
  });

  it('gives up the wait of everybody whose signal aborted within one turn, and costs the others none', async () => {
    const clock = handClock();
    const turns = createTurns(clock, 1);
    const controller = new AbortController();
    const order: string[] = [];
    for (const name of ['a', 'b', 'c']) void turns.take(controller.signal).then(() => order.push(name));
    void turns.take(quiet).then(() => order.push('d'));
    controller.abort();
    void turns.take(controller.signal).then(() => order.push('at once'));
    await clock.turn();
    expect(order).toEqual(['at once', 'a', 'b', 'c', 'd']);
  });

  it('is first come, first served, at most so many a turn, and loses nobody', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(fc.record({ ask: fc.nat(4), abort: fc.option(fc.nat(30), { nil: undefined }) }), { maxLength: 25 }), async (most, rounds) => {
        const clock = handClock();
        const turns = createTurns(clock, most);
        const controllers: AbortController[] = [];
        const served: { readonly who: number; readonly round: number; readonly aborted: boolean }[] = [];
        let asked = 0;
        let round = 0;
        const ask = (): void => {
          const who = asked;
          asked += 1;
          const controller = new AbortController();
          controllers.push(controller);
          const serve = (): void => void served.push({ who, round, aborted: controller.signal.aborted });
          void turns.take(controller.signal).then(serve);
        };
        for (const { ask: count, abort } of rounds) {
          for (let n = 0; n < count; n += 1) ask();
          if (abort !== undefined) controllers[abort]?.abort();
          round += 1;
          await clock.turn();
        }
        while (clock.pending > 0) {
          round += 1;
          await clock.turn();
        }
        expect(served.map(({ who }) => who)).toEqual(Array.from({ length: asked }, (_, who) => who));
        const started = served.filter(({ aborted }) => !aborted).map((each) => each.round);
        for (const round of new Set(started)) expect(started.filter((each) => each === round).length).toBeLessThanOrEqual(most);
      }),
    );
  });
});
