import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { sampleRun } from '../events/sample-run.js';
import { createDelivery } from './delivery.js';

const { events } = sampleRun().row('a', 1).row('a', 2);

function delivered(on: (seq: number) => Promise<void> | void) {
  const failures: unknown[] = [];
  const delivery = createDelivery({ name: 'x', lossless: true, on: (event) => on(event.seq) }, (error) => failures.push(error));
  return { delivery, failures };
}

describe('createDelivery', () => {
  it('hands over in order, never two at once, also to a subscriber that takes its time', async () => {
    const taken: number[] = [];
    let busy = 0;
    const { delivery } = delivered(async (seq) => {
      busy += 1;
      expect(busy).toBe(1);
      await turn();
      taken.push(seq);
      busy -= 1;
    });
    for (const event of events.slice(0, 3)) delivery.put(event);
    delivery.deliver();
    for (const event of events.slice(3)) delivery.put(event);
    delivery.deliver();
    expect(delivery.waiting).toBe(events.length - 3);
    await delivery.emptied();
    expect(taken).toEqual(events.map(({ seq }) => seq));
    expect(delivery.emptied()).toBeUndefined();
  });

  it('takes events that a subscriber causes by taking one', async () => {
    const taken: number[] = [];
    const { delivery } = delivered((seq) => {
      taken.push(seq);
      const more = events[taken.length];
      if (more !== undefined) delivery.put(more);
    });
    if (events[0] !== undefined) delivery.put(events[0]);
    delivery.deliver();
    expect(taken).toEqual(events.map(({ seq }) => seq));
  });

  it.each([
    ['throws', (): void => {
      throw new Error('broken');
    }],
    ['rejects', async (): Promise<void> => {
      throw new Error('broken');
    }],
  ])('stops at a subscriber that %s, says so once, and wakes who waits', async (_, break_) => {
    const taken: number[] = [];
    const { delivery, failures } = delivered((seq) => {
      taken.push(seq);
      return taken.length === 2 ? break_() : undefined;
    });
    for (const event of events) delivery.put(event);
    const emptied = delivery.emptied();
    delivery.deliver();
    await emptied;
    delivery.deliver();
    expect(delivery.stopped).toBe(true);
    expect(taken).toHaveLength(2);
    expect(failures).toHaveLength(1);
  });
});
