import { describe, expect, it } from 'vitest';
import { RealopsError } from '../errors/index.js';
import { startDeadline, untilAborted } from './deadline.js';
import { manualClock } from './manual-clock.js';

describe('startDeadline', () => {
  it('aborts with a timeout that names what did not finish', async () => {
    const clock = manualClock();
    using deadline = startDeadline(clock, 200, new AbortController().signal, 'the step "get"');
    await clock.advance(199);
    expect(deadline.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(deadline.expired).toBe(true);
    expect(deadline.signal.reason).toMatchObject({ code: 'REALOPS_TIMEOUT', message: 'the step "get" did not finish within 200 ms' });
  });

  it('follows its parent, and then is not expired', async () => {
    const clock = manualClock();
    const parent = new AbortController();
    using deadline = startDeadline(clock, 200, parent.signal, 'work');
    const reason = new RealopsError('REALOPS_CANCELLED', 'cancelled');
    parent.abort(reason);
    await clock.advance(500);
    expect(deadline.signal.reason).toBe(reason);
    expect(deadline.expired).toBe(false);
  });

  it('is aborted from the start when its parent is', () => {
    using deadline = startDeadline(manualClock(), 200, AbortSignal.abort('gone'), 'work');
    expect(deadline.signal.aborted).toBe(true);
  });

  it('does nothing any more once it is disposed', async () => {
    const clock = manualClock();
    const parent = new AbortController();
    const deadline = startDeadline(clock, 200, parent.signal, 'work');
    deadline[Symbol.dispose]();
    parent.abort();
    await clock.advance(500);
    expect(deadline.signal.aborted).toBe(false);
  });
});

describe('a deadline without a signal', () => {
  it('calls back once, in order, whatever one of them throws, and not what was called off', async () => {
    const clock = manualClock();
    using deadline = startDeadline(clock, 200, new AbortController().signal, 'work');
    const heard: string[] = [];
    deadline.onAbort(() => {
      throw new Error('broken');
    });
    deadline.onAbort(() => heard.push('a'));
    deadline.onAbort(() => heard.push('b'))();
    deadline.onAbort(() => heard.push(deadline.signal.aborted ? 'c' : 'too early'));
    await clock.advance(500);
    deadline.onAbort(() => heard.push('d'));
    expect(heard).toEqual(['a', 'c', 'd']);
    expect(deadline.aborted).toBe(true);
  });

  it('gives the outcome of work that ends in time, and rejects with its reason for work that ignores it', async () => {
    const clock = manualClock();
    using deadline = startDeadline(clock, 200, new AbortController().signal, 'work');
    expect(await deadline.race(Promise.resolve(1))).toBe(1);
    await expect(deadline.race(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    const hanging = deadline.race(new Promise(() => undefined));
    const told = expect(hanging).rejects.toMatchObject({ code: 'REALOPS_TIMEOUT' });
    await clock.advance(500);
    await told;
    await expect(deadline.race(new Promise(() => undefined))).rejects.toMatchObject({ code: 'REALOPS_TIMEOUT' });
  });

  it('hears work first that ends on the abort by itself', async () => {
    const clock = manualClock();
    using deadline = startDeadline(clock, 200, new AbortController().signal, 'work');
    const work = new Promise((_, reject) => deadline.onAbort(() => reject(new Error('half way'))));
    const told = expect(deadline.race(work)).rejects.toThrow('half way');
    await clock.advance(500);
    await told;
  });
});

describe('untilAborted', () => {
  it('gives the outcome of the work', async () => {
    await expect(untilAborted(Promise.resolve(7), new AbortController().signal)).resolves.toBe(7);
    await expect(untilAborted(Promise.reject(new Error('no')), new AbortController().signal)).rejects.toThrow('no');
  });

  it('ends with the reason of the signal, though the work ignores it', async () => {
    const controller = new AbortController();
    const ended = untilAborted(new Promise(() => undefined), controller.signal);
    controller.abort(new Error('enough'));
    await expect(ended).rejects.toThrow('enough');
  });

  it('swallows what abandoned work throws later, also when it was abandoned before it began', async () => {
    const unhandled: unknown[] = [];
    const listen = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', listen);
    try {
      const late = (): Promise<never> => new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 5));
      await expect(untilAborted(late(), AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
      const controller = new AbortController();
      const ended = untilAborted(late(), controller.signal);
      controller.abort(new Error('stopped'));
      await expect(ended).rejects.toThrow('stopped');
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(unhandled).toEqual([]);
    } finally {
      process.off('unhandledRejection', listen);
    }
  });
});
