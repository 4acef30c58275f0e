import { manualClock } from '@alice/realops/testing';
import { describe, expect, it } from 'vitest';
import type { AsrEvent, AsrSession, Message } from '../protocols/protocol.js';
import type { Inbound } from './channel.js';
import { createLine, type Line } from './line.js';
import { createSettlement, type Settlement } from './settlement.js';

/** A line over an end of a wire that the test holds. */
function held(more: Partial<AsrSession>): { readonly line: Line; readonly sent: Message[]; readonly taken: AsrEvent[]; readonly closed: Settlement; readonly over: AbortController; readonly clock: ReturnType<typeof manualClock>; inbound(): Inbound } {
  const clock = manualClock();
  const [sent, taken]: [Message[], AsrEvent[]] = [[], []];
  const closed = createSettlement();
  closed.promise.catch(() => undefined);
  const over = new AbortController();
  let inbound: Inbound | undefined;
  const session: AsrSession = { open: () => ['open'], encodeAudio: (frame) => frame, end: () => [], decode: () => [], ...more };
  const line = createLine({
    channel: { send: (message) => void sent.push(message), buffered: () => 0, attach: (given) => void (inbound = given) },
    session, clock, over: over.signal, closed, take: (event) => void taken.push(event), onEnd: () => closed.resolve(),
  });
  return {
    line, sent, taken, closed, over, clock,
    inbound() {
      if (inbound === undefined) throw new Error('nobody listens');
      return inbound;
    },
  };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a line', () => {
  it('waits for ready, sends keep-alives meanwhile, and gives up after ten seconds', async () => {
    const { line, sent, clock } = held({ gated: true, keepAlive: { message: 'still here', everyMs: 4_000 } });
    const opening = line.open();
    opening.catch(() => undefined);
    for (let second = 0; second < 11; second += 1) await clock.advance(1_000);
    await expect(opening).rejects.toMatchObject({ code: 'REALOPS_TIMEOUT', message: 'the recogniser did not say within 10 s that it is ready for audio' });
    expect(sent).toEqual(['open', 'still here', 'still here']);
  });

  it('goes on as soon as it is ready', async () => {
    const { line, taken, inbound } = held({ gated: true, decode: () => [{ kind: 'ready' }] });
    const opening = line.open();
    await turn();
    inbound().message(new Uint8Array(), false, 1);
    await opening;
    expect(taken).toEqual([{ kind: 'ready' }]);
  });

  it('answers at once what wants an answer', async () => {
    const { line, sent, inbound } = held({ decode: () => [{ kind: 'reply', message: 'pong' }] });
    await line.open();
    inbound().message(new Uint8Array(), false, 1);
    expect(sent).toEqual(['open', 'pong']);
  });

  it('keeps the order where a meaning takes time: the end of the connection comes last', async () => {
    const release: (() => void)[] = [];
    const order: string[] = [];
    const { line, inbound, closed } = held({ decode: (data) => new Promise((resolve) => release.push(() => resolve([{ kind: 'other', name: String(data[0]) }]))) });
    await line.open();
    void closed.promise.then(() => order.push('closed'));
    for (const each of [1, 2]) inbound().message(Uint8Array.of(each), false, each);
    inbound().closed(true, '');
    await turn();
    expect(release).toHaveLength(1);
    release[0]?.();
    await turn();
    expect([release.length, order]).toEqual([2, []]);
    release[1]?.();
    await turn();
    expect(order).toEqual(['closed']);
  });

  it('leaves unread what comes after the turn is closed', async () => {
    let decoded = 0;
    const { line, inbound, closed } = held({ decode: () => [{ kind: 'other', name: String((decoded += 1)) }] });
    await line.open();
    closed.resolve();
    inbound().message(new Uint8Array(), false, 1);
    expect(decoded).toBe(0);
  });

  it('stops waiting when the conversation is over', async () => {
    const { line, over } = held({});
    const waiting = line.idle(60_000);
    over.abort();
    await expect(waiting).resolves.toBeUndefined();
  });
});
