import type { Millis } from '@alice/realops/plugin';
import { invalidityOf } from '../stream/pace.js';
import type { Timeline } from './timeline.js';
import type { Placed, TurnFigures } from './turn.js';

/** Why what was seen in a stretch of a conversation must not be judged; undefined where it may. */
export interface Lateness {
  /** Of figures in ms: our own frames were late there. */
  readonly times?: string;
  /** Of all else: we were held up for so long that a gap of ours may have been taken for silence of the assistant. */
  readonly verdicts?: string;
}

/** How late our own frames were in a stretch of a timeline, and what that spoils. Whoever is late himself hears late too. */
export function latenessIn({ sentMs, frameMs, vad }: Timeline, fromMs: Millis, untilMs: Millis): Lateness {
  const began = sentMs.reduce((least, at, index) => Math.min(least, at - index * frameMs), Number.POSITIVE_INFINITY);
  const late = sentMs.flatMap((at, index) => (at >= fromMs && began + index * frameMs <= untilMs ? [at - began - index * frameMs] : [])).sort((a, b) => a - b);
  const p99Ms = late[Math.max(0, Math.ceil(late.length * 0.99) - 1)] ?? 0;
  const mostMs = late.at(-1) ?? 0;
  const { invalid } = invalidityOf({ p99Ms, peakBuffered: 0 });
  return { ...(invalid === undefined ? {} : { times: invalid }), ...(mostMs < vad.minSilenceMs / 2 ? {} : { verdicts: `we were held up ourselves for ${Math.round(mostMs)} ms` }) };
}

/** The stretch in which a turn is judged: from its onset until what it was to bring about has come, or was due. */
export function latenessOf(timeline: Timeline, { onsetMs, endMs, expect, withinMs }: Placed, { latencyMs, stopMs, answered, yielded, whileSpeaking }: TurnFigures): Lateness {
  const { windows } = timeline;
  const ends = [
    endMs, endMs + (latencyMs ?? 0), onsetMs + (stopMs ?? 0),
    answered === false ? endMs + withinMs : 0,
    yielded === false && stopMs === null ? onsetMs + windows.stopMs : 0,
    expect === 'ignore' ? endMs + (whileSpeaking ? windows.ignoreSpeakingMs : windows.ignoreSilentMs) : 0,
  ];
  return latenessIn(timeline, onsetMs, Math.max(...ends));
}
