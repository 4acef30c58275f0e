import type { Millis } from '@alice/realops/plugin';
import { checkAlive } from './alive.js';
import { dueOf, givenUpMs } from './anchor.js';
import type { Ear } from './ear.js';
import { outcomeOf, settledMs, type Named, type Progress, type Scene } from './scene.js';
import type { TurnPlan } from './script.js';
import type { Windows } from './timeline.js';
import type { VadSettings } from './vad.js';

/** What is to be done now. */
export type Direction = { readonly kind: 'wait' } | { readonly kind: 'say'; readonly plan: TurnPlan; readonly trigger: 'anchor' | 'silence' } | { readonly kind: 'over' };

/** What a director is given. `events` grows with what comes. */
export interface DirectorOptions {
  readonly plans: readonly TurnPlan[];
  readonly ear: Pick<Ear, 'segments'>;
  readonly windows: Windows;
  readonly vad: VadSettings;
  readonly hangUpMs: Millis;
  readonly atMostMs: Millis;
  readonly events: readonly Named[];
}

/** Decides when the user speaks. */
export interface Director {
  /**
   * What is due at `nowMs`. Whoever is told to say a turn tells by `said` where it lies.
   * @throws RealopsError REALOPS_TARGET_FAILED when nothing is to be heard from the assistant any more
   */
  next(nowMs: Millis): Direction;
  said(progress: Progress): void;
  /** Whether all is said, and the last answer has come or is not to be expected any more: the assistant may hang up. */
  isDone(nowMs: Millis): boolean;
  readonly turns: readonly Progress[];
}

/** A director of the given turns, one after the other. */
export function createDirector({ plans, ear, windows, vad, hangUpMs, atMostMs, events }: DirectorOptions): Director {
  const turns: Progress[] = [];
  const sceneAt = (nowMs: Millis): Scene => ({ nowMs, turns, segments: ear.segments(nowMs), events, windows, vad });
  const waitOrHangUp = (scene: Scene): Direction => {
    const before = turns.at(-1);
    const isListening = scene.segments.at(-1)?.isOpen === true && before?.plan.expect !== 'ignore';
    const quietMs = before === undefined ? 0 : settledMs(before, scene);
    return !isListening && scene.nowMs >= quietMs + hangUpMs ? { kind: 'over' } : { kind: 'wait' };
  };
  return {
    turns,
    said: (progress) => void turns.push(progress),
    isDone(nowMs) {
      const last = turns.at(-1);
      if (last === undefined || turns.length < plans.length || nowMs < last.endMs) return false;
      return last.plan.expect === 'ignore' || last.trigger === 'missed' || outcomeOf(last, sceneAt(nowMs)) !== 'pending';
    },
    next(nowMs) {
      if (nowMs >= atMostMs) return { kind: 'over' };
      if (nowMs < (turns.at(-1)?.endMs ?? 0)) return { kind: 'wait' };
      const scene = sceneAt(nowMs);
      const plan = plans[turns.length];
      checkAlive(scene, plan === undefined);
      if (plan === undefined) return waitOrHangUp(scene);
      const due = dueOf(plan, scene);
      if (due !== undefined) return due.atMs <= nowMs ? { kind: 'say', plan, trigger: due.trigger } : { kind: 'wait' };
      if (nowMs >= givenUpMs(plan, scene)) turns.push({ plan, trigger: 'missed', onsetMs: nowMs, endMs: nowMs });
      return { kind: 'wait' };
    },
  };
}
