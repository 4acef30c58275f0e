import type { Infer, Millis } from '@alice/realops/plugin';
import type { VadSettings } from './vad.js';
import type { TIMELINE_WINDOWS } from './parameters.js';

/** The version of the figures that are made of a timeline. It changes when the same timeline would give other figures. */
export const VOICE_METRICS_VERSION = 1;

/** How long is waited for what, in ms. */
export type Windows = Infer<typeof TIMELINE_WINDOWS>;

/**
 * All that happened in a conversation, without its sound and its words. Times are in ms since the connection was open. Every figure of turn-taking is a pure
 * function of it.
 */
export interface Timeline {
  readonly voiceMetrics: typeof VOICE_METRICS_VERSION;
  readonly windows: Windows;
  readonly vad: VadSettings;
  readonly endMs: Millis;
  readonly frameMs: Millis;
  /** When each frame of the microphone was sent. */
  readonly sentMs: readonly Millis[];
  /** The most bytes that waited unsent in the connection after a frame. Timelines of before this was kept do not say. */
  readonly unsentBytes?: number;
  readonly turns: readonly SaidTurn[];
  /** The assistant's sound, piece by piece as it came. */
  readonly chunks: readonly Chunk[];
  readonly events: readonly TimelineEvent[];
}

/** A piece of the assistant's sound. */
export interface Chunk {
  readonly arrivedMs: Millis;
  /** When it begins to play: when it is there and what came before it is over. */
  readonly playsMs: Millis;
  readonly lastsMs: Millis;
  /** How much of it was played; less than it lasts when it was cleared away. */
  readonly playedMs: Millis;
  /** The level of every 10 ms, in dB of full scale. */
  readonly levels: readonly number[];
}

/** What the user did. */
export interface SaidTurn {
  readonly id: string;
  readonly expect: 'respond' | 'stop' | 'ignore';
  readonly class: string;
  readonly label: string;
  /** What it was: speech, a sound that is made up, the assistant heard again, or keys. */
  readonly says: 'speech' | 'sound' | 'echo' | 'digits';
  /**
   * What made it begin: what it waited for, or silence after an answer that never came. `missed`: what it waited for never came, and it was not said. `unreached`: one
   * had hung up before.
   */
  readonly trigger: 'anchor' | 'silence' | 'missed' | 'unreached';
  /** When the first and the last sample of its speech was sent; null when it was not said. */
  readonly onsetMs: Millis | null;
  readonly endMs: Millis | null;
  /** Silence inside of it. */
  readonly pauses: readonly { readonly fromMs: Millis; readonly toMs: Millis; readonly ms: Millis }[];
  readonly withinMs: Millis;
  /** How long the assistant's speech lasts when nobody cuts in, where that is known. */
  readonly lastsMs: Millis | null;
  /** Whether the reply had the words and the intent that were asked for; null when nothing was asked. */
  readonly hasText: boolean | null;
  readonly hasIntent: boolean | null;
}

/** What the assistant said of itself, and what it had taken back. */
export type TimelineEvent =
  | { readonly atMs: Millis; readonly type: 'clear'; /** Sound that will not be played. */ readonly droppedMs: Millis }
  | { readonly atMs: Millis; readonly type: 'claim'; readonly isSpeaking: boolean }
  | { readonly atMs: Millis; readonly type: 'speechStart' | 'speechStop' | 'turnEnd' | 'final' | 'said' | 'intent' | 'other' };

/** A time to the hundredth of a millisecond, as it stands in a timeline. */
export function atHundredth(ms: Millis): Millis {
  return Math.round(ms * 100) / 100;
}
