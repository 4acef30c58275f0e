import { RealopsError, type Clock, type Millis } from '@alice/realops/plugin';
import type { AsrEvent, AsrSession } from '../protocols/protocol.js';
import type { Channel } from '../stream/channel.js';
import { createLine } from '../stream/line.js';
import { createPacer, type PaceOptions, type Pacer } from '../stream/pace.js';
import type { Speech } from './stream.js';
import { createSettlement } from '../stream/settlement.js';
import { createTurn, type Heard, type Turn } from './turn.js';

/** What is said to the recogniser, and how its answers are taken. */
export interface ConversationOptions {
  readonly channel: Channel;
  readonly session: AsrSession;
  readonly speech: Speech;
  /** `first`: the turn closes at the first final. `all`: finals are collected until the recogniser has answered the end message. `none`: so are signs, and no final need come. */
  readonly finals: 'first' | 'all' | 'none';
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What keeps the pace; a timer of its own when absent. */
  pacer?(options: PaceOptions): Pacer;
  /** The frame as it goes over the wire, made beforehand; made from `speech` when absent. When `isTaken`, the connection may still hold the bytes that were given before. */
  framed?(index: number, now: Millis, isTaken: boolean): Uint8Array;
  /** Keeps what is heard; everything about it when absent. */
  readonly turn?: Turn;
  /** Called for partials that show something new, as they arrive. */
  onPartial(heard: Heard): void;
  onFinal(heard: Heard): void;
  /** The recogniser says that it hears speech, that speech has ended, or that the turn is over. */
  onSign(kind: Sign, at: Millis, claimedMs: Millis | undefined): void;
}

/** What a recogniser says of speech besides its words. */
export type Sign = 'speechStart' | 'speechStop' | 'turnEnd';

/** A conversation under way; its parts may be read at any time, also after a failure. */
export interface Conversation {
  readonly turn: Turn;
  readonly pacer: Pacer;
  /** The end message was sent, since the audio ran out first. */
  readonly endSent: boolean;
  /** Ends when the turn is closed; rejects with what went wrong, or with the signal's reason. */
  readonly done: Promise<void>;
}

/** After the end message, quiet this long after a final means that no more finals come. */
const SETTLE_MS = 1_000;

/** Sends the audio in real time, listens, and closes the turn. */
export function converse(options: ConversationOptions): Conversation {
  const { channel, session, speech, clock, signal } = options;
  const { bytes, frameBytes, frameMs, holdsMs, unsent } = speech;
  const { turn = createTurn(), framed, pacer: pace = createPacer } = options;
  const state = { endSent: false, heardAt: NaN, buffered: 0 };
  const closed = createSettlement();
  const over = new AbortController();
  const abort = (): void => closed.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });

  const take = (event: AsrEvent, at: Millis): void => {
    state.heardAt = at;
    if (event.kind === 'error') closed.reject(new RealopsError('REALOPS_TARGET_FAILED', `the recogniser reported an error: ${event.message}`));
    else if (event.kind === 'partial') {
      const heard = { text: event.text, confidence: event.confidence, at };
      if (turn.partial(heard)) options.onPartial(heard);
    } else if (event.kind === 'final') {
      const heard = { text: event.text, confidence: event.confidence, at, ...(event.segment === undefined ? {} : { segment: event.segment }), ...(event.said === undefined ? {} : { said: event.said }) };
      if (turn.final(heard)) options.onFinal(heard);
      if (options.finals === 'first') closed.resolve();
    } else if (event.kind !== 'other' && event.kind !== 'ready' && event.kind !== 'reply') options.onSign(event.kind, at, event.claimedMs);
  };
  const onEnd = (inOrder: boolean, how: string): void => {
    if (closed.settled()) return;
    const ended = clock.now();
    if (state.endSent) for (const event of session.closed?.() ?? []) take(event, ended);
    if (state.endSent && (turn.finals.length > 0 || (options.finals === 'none' && inOrder))) return closed.resolve();
    closed.reject(new RealopsError(inOrder ? 'REALOPS_PROTOCOL' : 'REALOPS_CONNECTION', `the recogniser closed the connection${how === '' ? '' : ` (${how})`} before ${options.finals === 'none' ? 'the audio had ended' : 'the final transcript'}`));
  };
  const line = createLine({ channel, session, clock, over: over.signal, closed, take, onEnd });
  const pacer = pace({
    frames: Math.ceil(bytes.length / frameBytes),
    frameMs,
    clock,
    signal,
    ...(holdsMs === undefined ? {} : { holdsMs }),
    send(index, now) {
      if (unsent?.has(index) !== true) {
        if (framed === undefined) line.send(session.encodeAudio(bytes.subarray(index * frameBytes, (index + 1) * frameBytes), clock.wall().getTime() / 1_000));
        else line.write(framed(index, now, state.buffered > 0), now);
      }
      state.buffered = channel.buffered();
      return state.buffered;
    },
  });

  const talk = async (): Promise<void> => {
    await line.open();
    if (closed.settled()) return;
    await pacer.run();
    await line.idle(speech.idleMs);
    if (closed.settled()) return;
    for (const message of session.end()) line.send(message);
    state.endSent = true;
    state.heardAt = clock.now();
    while (options.finals !== 'first' && !closed.settled()) {
      const quiet = clock.now() - state.heardAt;
      if (quiet >= SETTLE_MS && (options.finals === 'none' || (turn.finals.length > 0 && !turn.open))) return closed.resolve();
      await clock.sleep(Math.max(10, SETTLE_MS - quiet), over.signal).catch(() => undefined);
    }
  };
  // Not before the caller has the conversation: what came with the connection is told at once.
  Promise.resolve().then(talk).catch((error: unknown) => closed.reject(error));
  const done = closed.promise.finally(() => {
    over.abort();
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
