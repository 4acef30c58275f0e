import type { JsonObject, Millis } from '@alice/realops/plugin';
import type { AudioForm } from '../audio/encode.js';
import type { CustomProtocol } from '../protocols/custom.js';
import type { PROTOCOL_NAMES } from '../protocols/index.js';
import type { Speech } from '../transcribe/stream.js';
import type { Histogram } from './histogram.js';
import type { WireAudio } from './wire.js';

/** A clip, ready to be sent by any thread. */
export interface LoadClip {
  /** Its bytes lie in shared memory. */
  readonly speech: Speech;
  /** Absent where each stream makes its own frames. */
  readonly wire?: WireAudio;
  readonly onsetFrame: number;
  readonly endFrame: number;
}

/** The part of a load that one thread carries; it is copied to it. */
export interface Job {
  readonly url: string;
  readonly protocol: (typeof PROTOCOL_NAMES)[number] | CustomProtocol;
  readonly headers: { readonly [name: string]: string };
  readonly language: string;
  readonly config: JsonObject | undefined;
  readonly form: AudioForm;
  readonly traceId: string;
  readonly finals: 'first' | 'all';
  readonly clips: readonly LoadClip[];
  /** The streams of this thread: their numbers, and when each begins, from the start of the load. */
  readonly streams: readonly { readonly number: number; readonly startMs: Millis }[];
  /** How many turns each stream has; null: as many as begin before `untilMs`. */
  readonly turns: number | null;
  readonly untilMs: Millis;
  readonly answerMs: Millis;
  /** Whether the texts are wanted. */
  readonly texts: boolean;
}

/** How a turn ended. `broken`: with an error after a final. */
export type Ending = 'final' | 'missing' | 'broken' | 'refused';

/** What came of a turn. Times count from the start of the load unless they say otherwise. */
export interface TurnResult {
  readonly stream: number;
  readonly turn: number;
  /** The stream has no more. */
  readonly isLast: boolean;
  /** The number of the clip. */
  readonly clip: number;
  readonly ending: Ending;
  readonly endedAtMs: Millis;
  readonly error?: { readonly code: string; readonly message: string };
  /** From when the turn was due to the beginning of its audio; null when it never began. */
  readonly connectMs: Millis | null;
  /** From when the first speech sample was due to the first text, and when that came; null when there was none. */
  readonly partialMs: Millis | null;
  readonly partialAtMs: Millis | null;
  /** From when the last speech sample was due, and from when it was sent, to the final; null without one, or when it came before that sample. */
  readonly finalMs: Millis | null;
  readonly finalSentMs: Millis | null;
  readonly truncated: boolean;
  readonly text?: string;
  readonly frames: number;
  readonly latenessP99Ms: Millis;
  readonly invalid?: string;
  /** How much later the last frame was than the first one, each against its due time; null with fewer than two. */
  readonly driftMs: Millis | null;
}

/** What a thread has to say in the end. */
export interface ShareSummary {
  readonly streams: number;
  readonly lateness: Histogram;
}
