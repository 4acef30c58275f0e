import type { Millis, Picture, PictureLane, PictureMark, PictureSpan } from '@alice/realops/plugin';
import { spokenSpans } from '../stream/spoken-spans.js';
import { sentAt } from './conclude.js';
import type { Conversation, Sign } from './converse.js';
import type { Prepared } from './prepare.js';

/** Something that came from the recogniser, without its words. */
export interface Came {
  readonly kind: 'partial' | 'final' | Sign;
  readonly at: Millis;
}

/** What is drawn of a stream: what was sent, and what came. */
export interface Streamed {
  readonly prepared: Pick<Prepared, 'speech' | 'onsetFrame' | 'endFrame' | 'pauses'>;
  readonly conversation: Pick<Conversation, 'pacer'>;
  readonly came: readonly Came[];
}

/** What was measured of it; null where there was nothing. */
export interface Latencies {
  readonly partialMs: Millis | null;
  readonly finalMs: Millis | null;
  readonly truncated: boolean;
}

const WORDS: { readonly [K in Came['kind']]: string } = { partial: 'partial', final: 'final', speechStart: 'hears speech', speechStop: 'speech over', turnEnd: 'turn over' };

/** A stream over time, from its first frame: when somebody spoke, what the recogniser said of it when, and how long the text took. Without latencies no final came. */
export function pictureOf({ prepared, conversation, came }: Streamed, latencies?: Latencies): Picture {
  const { pacer } = conversation;
  const { speech, onsetFrame, endFrame, pauses } = prepared;
  const sent = pacer.report().sent;
  const overMs = sent * speech.frameMs;
  // Something may come before anything is sent.
  const begin = sent > 0 ? pacer.startedAt : (came[0]?.at ?? 0);
  /** When a frame was sent; the end of what was, for one that was not. */
  const placeOf = (frame: number): Millis => {
    const at = sentAt(conversation, speech, frame) - begin;
    return Number.isNaN(at) || frame >= sent ? overMs : Math.max(0, at);
  };
  const [onsetMs, endMs] = [placeOf(onsetFrame), placeOf(endFrame)];
  const isCut = endFrame >= sent;
  const marks = came.map(({ kind, at }): PictureMark => ({ atMs: Math.max(0, at - begin), label: WORDS[kind], tone: kind === 'final' ? (latencies?.truncated === true ? 'bad' : 'neutral') : 'muted' }));
  const waits = waitsOf(latencies, { onsetMs, dueMs: endFrame * speech.frameMs, endMs, isCut });
  const lanes: readonly PictureLane[] = [
    { name: 'speech', spans: onsetFrame >= sent ? [] : sentSpans(spokenSpans(onsetMs, endMs, pauses.map(({ fromFrame, toFrame, ms }) => ({ fromMs: placeOf(fromFrame), toMs: placeOf(toFrame), ms }))), isCut) },
    { name: 'recogniser', marks },
    ...waits.filter(({ spans }) => spans.length > 0),
  ];
  const ends = [...marks.map(({ atMs }) => atMs), ...waits.flatMap(({ spans }) => spans.map(({ toMs }) => toMs))];
  return { durationMs: ends.reduce((most, each) => Math.max(most, each), overMs), lanes };
}

/** The speech that was sent. */
function sentSpans(told: readonly PictureSpan[], isCut: boolean): readonly PictureSpan[] {
  return isCut ? told.map((span, index) => (index === told.length - 1 ? { ...span, label: 'not sent to its end' } : span)) : told;
}

interface Ends {
  readonly onsetMs: Millis;
  readonly endMs: Millis;
  /** When the last sample of speech was due, whether or not it was sent. */
  readonly dueMs: Millis;
  readonly isCut: boolean;
}

/** From the first sample of speech to the first text, and from the last one to the final; a final that came before it runs back from there. */
function waitsOf(latencies: Latencies | undefined, { onsetMs, endMs, dueMs, isCut }: Ends): readonly { readonly name: string; readonly spans: readonly PictureSpan[] }[] {
  const from = (startMs: Millis, lastMs: Millis, tone: 'neutral' | 'bad'): PictureSpan => ({ fromMs: Math.max(0, Math.min(startMs, startMs + lastMs)), toMs: Math.max(0, startMs, startMs + lastMs), tone, label: `${Math.round(lastMs)} ms` });
  const { partialMs = null, finalMs = null, truncated = false } = latencies ?? {};
  return [
    { name: 'to the first text', spans: partialMs === null ? [] : [from(onsetMs, partialMs, 'neutral')] },
    { name: 'to the final', spans: finalMs !== null ? [from(truncated ? dueMs : endMs, finalMs, truncated ? 'bad' : 'neutral')] : latencies === undefined && !isCut ? [{ fromMs: endMs, toMs: endMs, tone: 'bad', label: 'no final came' }] : [] },
  ];
}
