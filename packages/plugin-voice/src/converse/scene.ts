import type { Millis } from '@alice/realops/plugin';
import type { TurnPlan } from './script.js';
import type { Windows } from './timeline.js';
import type { Segment, VadSettings } from './vad.js';

/** A turn that was said, or not. Times in ms since the connection was open. */
export interface Progress {
  readonly plan: TurnPlan;
  readonly trigger: 'anchor' | 'silence' | 'missed';
  /** When its speech begins and ends by the clock of the microphone; for one that was not said, when that was decided. */
  readonly onsetMs: Millis;
  readonly endMs: Millis;
}

/** Something that came from the assistant, by the name of its kind or by its own. */
export interface Named {
  readonly name: string;
  readonly atMs: Millis;
}

/** All that is known at a moment. */
export interface Scene {
  readonly nowMs: Millis;
  /** Turns that are over: said, or not. */
  readonly turns: readonly Progress[];
  /** The assistant's speech as heard until now. */
  readonly segments: readonly Segment[];
  readonly events: readonly Named[];
  readonly windows: Windows;
  readonly vad: VadSettings;
}

/** So much longer is waited before anything counts as not having come: speech that has just begun is not known as speech yet, and our own frames may have been late. */
const SLACK_MS = 200;

/** The first speech that a turn brought about, or falls into when it is one to be ignored. What begins while the user speaks and is over before he is, is no answer. */
export function answerOf({ plan, trigger, onsetMs, endMs }: Progress, { segments }: Pick<Scene, 'segments'>): Segment | undefined {
  if (trigger === 'missed') return segments.find((segment) => segment.startMs > endMs);
  if (plan.expect === 'ignore') return segments.find((segment) => segment.endMs > onsetMs);
  return segments.find((segment) => segment.startMs > onsetMs && (segment.isOpen || segment.endMs > endMs));
}

/** Whether a turn that was to be answered was. */
export function outcomeOf(turn: Progress, scene: Scene): 'answered' | 'missed' | 'pending' {
  if (answerOf(turn, scene) !== undefined) return 'answered';
  return scene.nowMs > answerDueMs(turn) ? 'missed' : 'pending';
}

/** Until when an answer to a turn may begin. */
export function answerDueMs({ plan, endMs }: Progress): Millis {
  return endMs + plan.withinMs + SLACK_MS;
}

/** From when on nothing that a turn brought about is to be expected any more; infinite while that is not known. */
export function settledMs(turn: Progress, scene: Scene): Millis {
  const { segments, windows } = scene;
  const { plan, trigger, onsetMs, endMs } = turn;
  const last = segments.at(-1);
  if (trigger === 'missed') return endMs;
  if (plan.expect === 'ignore') {
    const playing = segments.find((segment) => segment.startMs <= onsetMs && segment.endMs > onsetMs);
    if (playing === undefined) return endMs + windows.ignoreSilentMs + SLACK_MS;
    const isStopped = !playing.isOpen && playing.endMs <= endMs + windows.ignoreSpeakingMs;
    return SLACK_MS + (isStopped ? Math.max(endMs, playing.endMs + windows.resumeMs) : endMs + windows.ignoreSpeakingMs);
  }
  const outcome = outcomeOf(turn, scene);
  if (outcome === 'pending' || (outcome === 'answered' && last?.isOpen === true)) return Number.POSITIVE_INFINITY;
  return outcome === 'missed' ? answerDueMs(turn) : Math.max(endMs, last?.endMs ?? 0);
}
