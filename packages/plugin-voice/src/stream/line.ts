import { RealopsError, type Clock, type Millis } from '@alice/realops/plugin';
import type { Message, StreamEvent, StreamSession } from '../protocols/protocol.js';
import type { Channel, Inbound } from './channel.js';
import type { Settlement } from './settlement.js';

/** How long a recogniser may take to say that it is ready for audio. */
export const READY_MS = 10_000;

/** What a line needs. `take` hears every event in the order of arrival, with the time at which its message came. */
export interface LineOptions<E extends StreamEvent> {
  readonly channel: Channel;
  readonly session: StreamSession<E>;
  readonly clock: Clock;
  /** Aborts when the conversation is over, however it ended. */
  readonly over: AbortSignal;
  readonly closed: Settlement;
  take(event: E, at: Millis): void;
  /** The other side ended the connection, and all that it had sent was taken. */
  onEnd(inOrder: boolean, how: string): void;
}

/** Talks with a recogniser or an assistant by its protocol, below the words. */
export interface Line {
  send(message: Message): void;
  /** Sends a message that was framed beforehand, now; see `Channel.write`. */
  write(framed: Uint8Array, now: Millis): void;
  /** Listens from now on, sends what opens the stream, and ends when audio may be sent. */
  open(): Promise<void>;
  /** Waits; what the protocol wants so that the other side does not hang up is sent meanwhile. */
  idle(ms: Millis): Promise<void>;
}

/** A line over the channel: decodes what arrives in its order, also where that takes time, and answers what the protocol wants answered at once. */
export function createLine<E extends StreamEvent>({ channel, session, clock, over, closed, take, onEnd }: LineOptions<E>): Line {
  let isReady = session.gated !== true;
  let wake: () => void = () => undefined;
  let lastSentAt = clock.now();
  let queue: Promise<void> | undefined;
  const send = (message: Message): void => {
    lastSentAt = clock.now();
    channel.send(message);
  };
  const takeAll = (events: readonly E[], at: Millis): void => {
    for (const event of events) {
      if (closed.settled()) return;
      const given: StreamEvent = event;
      if (given.kind === 'reply') send(given.message);
      else if (given.kind === 'ready') {
        isReady = true;
        wake();
      }
      take(event, at);
    }
  };
  /** At once where nothing waits, else when it is its turn. */
  const inOrder = (act: () => void | Promise<void>): void => {
    if (queue === undefined) {
      const running = act();
      if (running === undefined) return;
      queue = running;
    } else queue = queue.then(act);
    const mine = queue.catch((error: unknown) => closed.reject(error)).then(() => void (queue === mine && (queue = undefined)));
    queue = mine;
  };
  const inbound: Inbound = {
    message(data, isBinary, at) {
      inOrder(() => {
        if (closed.settled()) return undefined;
        try {
          const events = session.decode(data, isBinary);
          if (!(events instanceof Promise)) return takeAll(events, at);
          return events.then((all) => takeAll(all, at));
        } catch (error) {
          return closed.reject(error);
        }
      });
    },
    failed: (error) => inOrder(() => closed.reject(error)),
    closed: (politely, how) => inOrder(() => onEnd(politely, how)),
  };
  const sleep = (ms: Millis): Promise<void> => clock.sleep(ms, over).catch(() => undefined);
  const idle = async (ms: Millis, until: () => boolean = () => false): Promise<void> => {
    const end = clock.now() + ms;
    for (let left = ms; left > 0 && !over.aborted && !until(); left = end - clock.now()) {
      const { keepAlive } = session;
      const quiet = keepAlive === undefined ? Number.POSITIVE_INFINITY : lastSentAt + keepAlive.everyMs - clock.now();
      if (keepAlive !== undefined && quiet <= 0) send(keepAlive.message);
      else await Promise.race([sleep(Math.min(left, quiet)), new Promise<void>((resolve) => (wake = resolve))]);
    }
  };
  return {
    send,
    write(framed, now) {
      lastSentAt = now;
      channel.write?.(framed);
    },
    async open() {
      channel.attach(inbound);
      for (const message of session.open()) send(message);
      await idle(READY_MS, () => isReady);
      if (!isReady && !over.aborted) throw new RealopsError('REALOPS_TIMEOUT', `the recogniser did not say within ${READY_MS / 1_000} s that it is ready for audio`, { hint: 'check its protocol and its settings' });
    },
    idle: (ms) => idle(ms),
  };
}
