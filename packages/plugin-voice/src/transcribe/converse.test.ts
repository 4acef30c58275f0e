import { manualClock } from '@alice/realops/testing';
import { describe, expect, it } from 'vitest';
import type { AsrEvent, AsrSession } from '../protocols/protocol.js';
import type { Inbound } from '../stream/channel.js';
import { converse, type Conversation } from './converse.js';

interface Held {
  readonly conversation: Conversation;
  readonly sent: string[];
  readonly finals: string[];
  hear(...events: readonly AsrEvent[]): void;
  end(): void;
}

/** A conversation of so many frames over an end of a wire that the test holds. */
async function held(finals: 'first' | 'all', frames: number, closing: readonly AsrEvent[] = []): Promise<Held> {
  const clock = manualClock();
  const [sent, heard]: [string[], string[]] = [[], []];
  let inbound: Inbound | undefined;
  let next: readonly AsrEvent[] = [];
  const session: AsrSession = { open: () => ['open'], encodeAudio: (frame) => `frame ${frame[0] ?? 0}`, end: () => ['end', 'really'], decode: () => next, closed: () => closing };
  const conversation = converse({
    channel: { send: (message) => void sent.push(String(message)), buffered: () => 0, attach: (given) => void (inbound = given) },
    session, speech: { bytes: Uint8Array.from({ length: frames * 2 }, (_, index) => index >> 1), frameBytes: 2, frameMs: 5, idleMs: 0 }, finals, clock, signal: new AbortController().signal,
    onPartial: () => undefined, onFinal: ({ text }) => void heard.push(text), onSign: () => undefined,
  });
  conversation.done.catch(() => undefined);
  await clock.advance(60);
  return {
    conversation, sent, finals: heard,
    hear(...events) {
      next = events;
      inbound?.message(new Uint8Array(), false, clock.now());
    },
    end: () => inbound?.closed(true, ''),
  };
}
const final = (text: string): AsrEvent => ({ kind: 'final', text, confidence: null });

describe('converse', () => {
  it('opens, sends every frame, and ends with all that the protocol ends with', async () => {
    const { sent, conversation, hear } = await held('first', 3);
    expect(sent).toEqual(['open', 'frame 0', 'frame 1', 'frame 2', 'end', 'really']);
    expect(conversation.endSent).toBe(true);
    hear(final('hej'));
    await expect(conversation.done).resolves.toBeUndefined();
  });

  it('takes what counts as said when the recogniser hangs up after the end', async () => {
    const { conversation, finals, end } = await held('first', 1, [final('tio')]);
    end();
    await expect(conversation.done).resolves.toBeUndefined();
    expect(finals).toEqual(['tio']);
  });

  it('hears nothing more once the turn is closed', async () => {
    const { conversation, finals, hear, end } = await held('first', 1, [final('tio')]);
    hear(final('hej'), final('alice'));
    await conversation.done;
    hear(final('vad'));
    end();
    expect(finals).toEqual(['hej']);
    expect(conversation.turn.finals).toHaveLength(1);
  });

  it('takes a hang-up before the end of the audio for an error, whatever was shown', async () => {
    const { conversation, finals, hear, end } = await held('all', 1_000, [final('tio')]);
    hear(final('hej'));
    end();
    await expect(conversation.done).rejects.toMatchObject({ code: 'REALOPS_PROTOCOL', message: 'the recogniser closed the connection before the final transcript' });
    expect(finals).toEqual(['hej']);
  });
});
