import { RealopsError, type Clock, type Millis } from '@alice/realops/plugin';
import type { AsrProtocol } from '../protocols/protocol.js';
import { openChannel } from '../stream/channel.js';
import { invalidityOf } from '../stream/pace.js';
import type { Wheel } from '../stream/wheel.js';
import { converse, type Conversation } from '../transcribe/converse.js';
import { createObserver, type Observations } from '../transcribe/observe.js';
import { createTurn, lastFinal, textOf } from '../transcribe/turn.js';
import type { Ending, Job, LoadClip, TurnResult } from './job.js';
import { framesOf } from './wire.js';

/** A turn that is due. */
export interface DueTurn {
  readonly stream: number;
  readonly turn: number;
  readonly isLast: () => boolean;
  readonly clip: number;
  /** On the clock. */
  readonly dueAt: Millis;
}

/** What all turns of a thread share. */
export interface Surroundings {
  readonly job: Job;
  readonly protocol: AsrProtocol;
  readonly clock: Clock;
  readonly wheel: Wheel;
  /** The calendar time as it stands in frames. */
  readonly stamp: (now: Millis) => Uint8Array;
  /** The start of the load on the clock. */
  readonly origin: Millis;
  /** Told of the frames of every turn, also of cancelled ones. */
  sent(lateness: Float64Array, frames: number): void;
}

/** A conversation as far as it came, and why it came no further. */
interface Said {
  readonly conversation: Conversation | undefined;
  readonly seen: Observations;
  readonly failure: unknown;
  readonly endedAt: Millis;
}

/**
 * Says one clip over a connection of its own, as `voice.transcribe` does, and closes it. A turn that does not end by itself is given up: `life` is aborted with a RealopsError then.
 * Never rejects; gives nothing when `life` was aborted with anything else: the turn was cancelled.
 */
export async function sayClip(due: DueTurn, life: AbortController, around: Surroundings): Promise<TurnResult | undefined> {
  const clip = around.job.clips[due.clip];
  if (clip === undefined) return undefined;
  const said = await talk(due, clip, life, around);
  const { conversation } = said;
  if (conversation !== undefined) around.sent(conversation.pacer.lateness, framesSent(conversation));
  const cancelled = life.signal.aborted && !(life.signal.reason instanceof RealopsError);
  return cancelled ? undefined : resultOf(due, clip, said, around);
}

async function talk(due: DueTurn, clip: LoadClip, life: AbortController, around: Surroundings): Promise<Said> {
  const { job, clock } = around;
  const observer = createObserver([], job.language);
  let conversation: Conversation | undefined;
  let failure: unknown;
  let endedAt = NaN;
  const callOff = clock.after(job.answerMs, () => giveUp(life, `the recogniser did not accept a connection within ${job.answerMs} ms`));
  try {
    const traceId = traceOf(job.traceId, due);
    const session = around.protocol.start({ language: job.language, config: job.config, audio: job.form, traceId });
    const headers = { traceparent: `00-${traceId}-${traceId.slice(16)}-01`, ...job.headers };
    const connection = await openChannel(around.protocol, session, { url: new URL(job.url), headers, clock });
    const channel = await connection.open(life.signal);
    callOff();
    const onset = (): Millis => conversation?.pacer.sentAt[clip.onsetFrame] ?? NaN;
    conversation = converse({
      channel, session, clock, signal: life.signal, speech: clip.speech, finals: job.finals, pacer: around.wheel.pacer, turn: createTurn({ revisions: false }),
      ...(clip.wire === undefined ? {} : { framed: framesOf(clip.wire, around.stamp) }),
      onPartial: (heard) => observer.heard(heard, onset(), false),
      onFinal: (heard) => observer.heard(heard, onset(), true),
      onSign: () => undefined,
    });
    const atLast = giveUpAfter(conversation, clip, job.answerMs, clock, life);
    try {
      await conversation.done;
    } finally {
      endedAt = clock.now();
      atLast();
      await connection.close(channel);
    }
  } catch (error) {
    failure = error;
  } finally {
    callOff();
  }
  return { conversation, seen: observer.observations(), failure, endedAt: Number.isNaN(endedAt) ? clock.now() : endedAt };
}

/** Gives a turn up when no final has come so long after its last frame was sent, however late that was: a final that we kept waiting is not missing. Gives the function that calls it off. */
function giveUpAfter({ pacer }: Conversation, { speech }: LoadClip, answerMs: Millis, clock: Clock, life: AbortController): () => void {
  let callOff: () => void = () => undefined;
  const look = (): void => {
    const now = clock.now();
    const lastSentAt = pacer.sentAt.at(-1) ?? NaN;
    const left = (Number.isNaN(lastSentAt) ? now : lastSentAt) + speech.frameMs + speech.idleMs + answerMs - now;
    if (left > 0) callOff = clock.after(Math.ceil(left), look);
    else giveUp(life, `no final came within ${answerMs} ms of the end of the audio`);
  };
  look();
  return () => callOff();
}

function giveUp(life: AbortController, message: string): void {
  life.abort(new RealopsError('REALOPS_TIMEOUT', message));
}

/** The turn as a result: all latencies from when the sample in question was due, and the one of the final from when it was sent as well. */
function resultOf({ stream, turn, clip: number, isLast, dueAt }: DueTurn, { speech, onsetFrame, endFrame }: LoadClip, { conversation, seen, failure, endedAt }: Said, { job, origin }: Surroundings): TurnResult {
  const base = { stream, turn, isLast: isLast(), clip: number, endedAtMs: endedAt - origin, ...(failure === undefined ? {} : { error: errorOf(failure) }) };
  const pacer = conversation?.pacer;
  const startedAt = pacer?.startedAt ?? NaN;
  if (conversation === undefined || pacer === undefined || Number.isNaN(startedAt)) {
    return { ...base, ending: 'refused', connectMs: null, partialMs: null, partialAtMs: null, finalMs: null, finalSentMs: null, truncated: false, frames: 0, latenessP99Ms: 0, driftMs: null };
  }
  const final = failure === undefined ? lastFinal(conversation.turn) : undefined;
  const truncated = final !== undefined && !(final.at >= (pacer.sentAt[endFrame] ?? NaN));
  const since = (due: Millis): Millis | null => (final === undefined || truncated ? null : final.at - due);
  const report = pacer.report();
  const hasText = !Number.isNaN(seen.text);
  return {
    ...base,
    ending: endingOf(conversation, failure),
    connectMs: startedAt - dueAt,
    partialMs: hasText ? seen.text - (startedAt + onsetFrame * speech.frameMs) : null,
    partialAtMs: hasText ? seen.text - origin : null,
    finalMs: since(startedAt + endFrame * speech.frameMs),
    finalSentMs: since(pacer.sentAt[endFrame] ?? NaN),
    truncated,
    ...(job.texts ? { text: textOf(conversation.turn) } : {}),
    frames: report.sent,
    latenessP99Ms: report.p99Ms,
    ...invalidityOf(report),
    driftMs: report.sent < 2 ? null : (pacer.lateness[report.sent - 1] ?? 0) - (pacer.lateness[0] ?? 0),
  };
}

/** They are sent in order, so that the first that was not is found at the end. */
function framesSent({ pacer: { sentAt } }: Conversation): number {
  const open = sentAt.findIndex(Number.isNaN);
  return open < 0 ? sentAt.length : open;
}

function endingOf({ turn }: Conversation, failure: unknown): Ending {
  if (failure === undefined) return 'final';
  return turn.finals.length > 0 ? 'broken' : 'missing';
}

function errorOf(failure: unknown): { readonly code: string; readonly message: string } {
  if (failure instanceof RealopsError) return { code: failure.code, message: failure.message };
  return { code: 'REALOPS_STEP_FAILED', message: failure instanceof Error ? failure.message : String(failure) };
}

/** A trace of its own for every turn, whose first half is that of the row. */
function traceOf(traceId: string, { stream, turn }: DueTurn): string {
  return `${traceId.slice(0, 16)}${(stream + 1).toString(16).padStart(8, '0')}${(turn + 1).toString(16).padStart(8, '0')}`;
}
