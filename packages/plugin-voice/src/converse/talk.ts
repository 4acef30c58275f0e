import { RealopsError, type Clock, type Millis } from '@alice/realops/plugin';
import { decodeAudio } from '../audio/decode.js';
import { encodeAudio, type AudioForm } from '../audio/encode.js';
import type { StreamEvent, TalkSession } from '../protocols/protocol.js';
import type { Channel } from '../stream/channel.js';
import { createLine, type Line } from '../stream/line.js';
import { createPacer, type Pacer } from '../stream/pace.js';
import { createSettlement } from '../stream/settlement.js';
import { createDirector, type Director } from './director.js';
import { createEar, type Ear } from './ear.js';
import { createMarks } from './marks.js';
import { createMic, type Mic } from './mic.js';
import type { Named, Progress } from './scene.js';
import type { TurnPlan } from './script.js';
import { atHundredth, type TimelineEvent, type Windows } from './timeline.js';
import { createTruncation } from './truncation.js';
import type { VadSettings } from './vad.js';

/** A conversation to be held. */
export interface TalkOptions {
  readonly channel: Channel;
  readonly session: TalkSession;
  readonly plans: readonly TurnPlan[];
  /** The forms of what is said and of what is heard. */
  readonly audio: AudioForm;
  readonly voice: AudioForm;
  readonly frameMs: Millis;
  readonly noise: Int16Array | undefined;
  readonly windows: Windows;
  readonly vad: VadSettings;
  readonly hangUpMs: Millis;
  readonly atMostMs: Millis;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A text that the assistant gave: the words of its reply, what it took the user to mean, or what it understood him to say. */
export interface Text {
  readonly kind: 'said' | 'intent' | 'final';
  readonly text: string;
  readonly atMs: Millis;
}

/** A conversation under way; its parts may be read at any time, also after a failure. */
export interface Talk {
  readonly ear: Ear;
  readonly mic: Mic;
  readonly pacer: Pacer;
  readonly director: Director;
  readonly events: readonly TimelineEvent[];
  readonly texts: readonly Text[];
  /** Time since the connection was open. */
  nowMs(): Millis;
  /** When each frame so far was sent, and when the one with this sample of the microphone was; NaN while it was not. */
  framesMs(): readonly Millis[];
  sentMs(sample: number): Millis;
  /** The places of what was said, by turn. */
  readonly places: ReadonlyMap<string, number>;
  readonly done: Promise<void>;
}

/** Speaks and listens until all is said. */
export function talk(options: TalkOptions): Talk {
  const { channel, session, plans, audio, voice, frameMs, clock, signal } = options;
  const begin = clock.now();
  const nowMs = (): Millis => clock.now() - begin;
  const frame = (audio.rate * frameMs) / 1_000;
  const ear = createEar(voice.rate, options.vad);
  const mic = createMic({ frame, rate: audio.rate, noise: options.noise, loudspeaker: ear, loudspeakerRate: voice.rate });
  const [events, texts, named]: [TimelineEvent[], Text[], Named[]] = [[], [], []];
  const places = new Map<string, number>();
  const marks = createMarks();
  const truncation = createTruncation(ear, session);
  let isOver = false;
  const director = createDirector({ plans, ear, windows: options.windows, vad: options.vad, hangUpMs: options.hangUpMs, atMostMs: options.atMostMs, events: named });
  const closed = createSettlement();
  const over = new AbortController();
  const abort = (): void => closed.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });

  const take = (event: StreamEvent, at: Millis): void => {
    // What came with the connection came at its beginning.
    const atMs = Math.max(0, atHundredth(at - begin));
    named.push({ name: event.kind === 'other' ? event.name : event.kind, atMs });
    switch (event.kind) {
      case 'audio':
        return truncation.isOpen(event.item) ? ear.arrive(decodeAudio(event.data, voice.encoding), atMs, event.item) : undefined;
      case 'clear':
        marks.clear(atMs);
        events.push({ atMs, type: 'clear', droppedMs: ear.clear(atMs) });
        return truncation.cleared().forEach((message) => line.send(message));
      case 'mark':
        return marks.set(event.name, Math.max(atMs, ear.overMs()));
      case 'claim':
        return void events.push({ atMs, type: 'claim', isSpeaking: event.isSpeaking });
      case 'said':
      case 'intent':
      case 'final':
        texts.push({ kind: event.kind, text: event.text, atMs });
        return void events.push({ atMs, type: event.kind });
      case 'error':
        return closed.reject(new RealopsError('REALOPS_TARGET_FAILED', `the assistant reported an error: ${event.message}`));
      case 'speechStart':
      case 'speechStop':
      case 'turnEnd':
      case 'other':
        return void events.push({ atMs, type: event.kind });
      default:
        return undefined;
    }
  };
  const onEnd = (inOrder: boolean, how: string): void => {
    if (isOver || (inOrder && director.isDone(nowMs()))) return closed.resolve();
    const turn = director.turns.length;
    closed.reject(new RealopsError(inOrder ? 'REALOPS_PROTOCOL' : 'REALOPS_CONNECTION', `the assistant closed the connection${how === '' ? '' : ` (${how})`} ${turn === 0 ? 'before the first turn' : `after turn ${turn} of ${plans.length}`}`));
  };
  const line: Line = createLine({ channel, session, clock, over: over.signal, closed, take, onEnd });

  /** Begins a turn in the frame that is about to be sent. */
  const begins = (plan: TurnPlan, trigger: 'anchor' | 'silence', frameAtMs: Millis): Progress => {
    const { act } = plan;
    if (act.kind === 'digits') {
      for (const digit of act.digits) if (session.encodeDigit !== undefined) line.send(session.encodeDigit(digit));
      return { plan, trigger, onsetMs: frameAtMs, endMs: frameAtMs };
    }
    if (act.kind === 'echo') {
      mic.echo(act);
      return { plan, trigger, onsetMs: frameAtMs, endMs: frameAtMs + act.ms };
    }
    const { samples, onset, end } = act.utterance;
    const place = mic.say(samples);
    places.set(plan.id, place);
    const frameOf = (sample: number): Millis => frameAtMs + Math.floor(sample / frame) * frameMs;
    return { plan, trigger, onsetMs: frameOf(onset), endMs: frameOf(end - 1) };
  };
  const pacer = createPacer({
    frames: Math.ceil(options.atMostMs / frameMs) + 1,
    frameMs,
    clock,
    signal,
    send(index) {
      const frameAtMs = pacer.startedAt - begin + index * frameMs;
      const direction = director.next(frameAtMs);
      if (direction.kind === 'over') {
        isOver = true;
        pacer.stop();
      }
      if (direction.kind === 'say') director.said(begins(direction.plan, direction.trigger, frameAtMs));
      const samples = mic.frame(frameAtMs);
      line.send(session.encodeAudio(encodeAudio(samples, audio.rate, audio), clock.wall().getTime() / 1_000));
      for (const name of marks.reached(frameAtMs)) if (session.played !== undefined) line.send(session.played(name));
      return channel.buffered();
    },
  });
  const hold = async (): Promise<void> => {
    await line.open();
    if (closed.settled()) return;
    await pacer.run();
    isOver = true;
    if (closed.settled()) return;
    for (const message of session.end()) line.send(message);
    closed.resolve();
  };
  // Not before the caller has the talk: what came with the connection is told at once.
  Promise.resolve().then(hold).catch((error: unknown) => closed.reject(error));
  const done = closed.promise.finally(() => {
    over.abort();
    pacer.stop();
    signal.removeEventListener('abort', abort);
  });
  return {
    ear, mic, pacer, director, events, texts, places, nowMs, done,
    framesMs: () => Array.from(pacer.sentAt.subarray(0, pacer.report().sent), (at) => at - begin),
    sentMs: (sample) => (pacer.sentAt[Math.floor(sample / frame)] ?? NaN) - begin,
  };
}
