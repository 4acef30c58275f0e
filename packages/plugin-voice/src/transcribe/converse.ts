import { RealopsError, type Clock, type Millis } from '@alice/realops/plugin';
import type { AsrEvent, AsrProtocol, StreamOptions } from '../protocols/protocol.js';
import type { Channel } from './channel.js';
import { createPacer, type Pacer } from './pace.js';
import { createTurn, type Heard, type Turn } from './turn.js';

/** What is said to the recogniser, and how its answers are taken. */
export interface ConversationOptions {
  readonly channel: Channel;
  readonly protocol: AsrProtocol;
  readonly stream: StreamOptions;
  /** 16 kHz mono 16-bit little endian. */
  readonly pcm: Uint8Array;
  readonly frameMs: number;
  /** `first`: the turn closes at the first final. `all`: finals are collected until the recogniser has answered the end message. */
  readonly finals: 'first' | 'all';
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called for partials that show something new, as they arrive. */
  onPartial(heard: Heard): void;
  onFinal(heard: Heard): void;
}

/** A conversation under way; its parts may be read at any time, also after a failure. */
export interface Conversation {
  readonly turn: Turn;
  readonly pacer: Pacer;
  /** The end message was sent, since the audio ran out first. */
  readonly endSent: boolean;
  /** Ends when the turn is closed; rejects with what went wrong, or with the signal's reason. */
  readonly done: Promise<void>;
}

const BYTES_PER_MS = 32;
/** After the end message, quiet this long after a final means that no more finals come. */
const SETTLE_MS = 1_000;

/** Sends the audio in real time, listens, and closes the turn. */
export function converse(options: ConversationOptions): Conversation {
  const { channel, protocol, pcm, clock, signal } = options;
  const turn = createTurn();
  const frameBytes = options.frameMs * BYTES_PER_MS;
  const pacer = createPacer({
    frames: Math.ceil(pcm.length / frameBytes),
    frameMs: options.frameMs,
    clock,
    signal,
    send(index) {
      channel.send(protocol.encodeAudio(pcm.subarray(index * frameBytes, (index + 1) * frameBytes), clock.wall().getTime() / 1000));
      return channel.buffered();
    },
  });
  const state = { endSent: false, heardAt: NaN };
  const closed = createSettlement();
  const abort = (): void => closed.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });

  const take = (event: AsrEvent, at: Millis): void => {
    state.heardAt = at;
    if (event.kind === 'error') return closed.reject(new RealopsError('REALOPS_TARGET_FAILED', `the recogniser reported an error: ${event.message}`));
    if (event.kind === 'other') return;
    const heard = { text: event.text, confidence: event.confidence, at };
    if (event.kind === 'partial') {
      if (turn.partial(heard)) options.onPartial(heard);
      return;
    }
    turn.final(heard);
    options.onFinal(heard);
    if (options.finals === 'first') closed.resolve();
  };
  channel.attach({
    message(data, isBinary, at) {
      if (closed.settled()) return;
      try {
        for (const event of protocol.decode(data, isBinary)) if (!closed.settled()) take(event, at);
      } catch (error) {
        closed.reject(error);
      }
    },
    failed: (error) => closed.reject(error),
    closed(code, reason) {
      if (state.endSent && turn.finals.length > 0) return closed.resolve();
      const said = reason === '' ? `code ${code}` : `code ${code}, "${reason}"`;
      closed.reject(new RealopsError(code === 1000 || code === 1005 ? 'REALOPS_PROTOCOL' : 'REALOPS_CONNECTION', `the recogniser closed the connection (${said}) before the final transcript`));
    },
  });

  const talk = async (): Promise<void> => {
    for (const message of protocol.open(options.stream)) channel.send(message);
    await pacer.run();
    if (closed.settled()) return;
    channel.send(protocol.end());
    state.endSent = true;
    state.heardAt = clock.now();
    while (options.finals === 'all' && !closed.settled()) {
      const quiet = clock.now() - state.heardAt;
      if (quiet >= SETTLE_MS && turn.finals.length > 0 && !turn.open) return closed.resolve();
      await clock.sleep(Math.max(10, SETTLE_MS - quiet), signal);
    }
  };
  talk().catch((error: unknown) => closed.reject(error));
  const done = closed.promise.finally(() => {
    pacer.stop();
    signal.removeEventListener('abort', abort);
  });
  return {
    turn,
    pacer,
    done,
    get endSent() {
      return state.endSent;
    },
  };
}

interface Settlement {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: unknown): void;
  settled(): boolean;
}

/** A promise with its handles; the first call counts. */
function createSettlement(): Settlement {
  let isSettled = false;
  let resolve: () => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  const once = (act: () => void): void => {
    if (isSettled) return;
    isSettled = true;
    act();
  };
  return { promise, resolve: () => once(resolve), reject: (error) => once(() => reject(error)), settled: () => isSettled };
}
