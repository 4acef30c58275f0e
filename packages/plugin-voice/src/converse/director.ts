import { RealopsError, type Millis } from '@alice/realops/plugin';
import type { Ear } from './ear.js';
import type { TurnPlan } from './script.js';
import type { Windows } from './timeline.js';
import type { Segment } from './vad.js';

/** A turn that was said, or not. Times in ms since the connection was open. */
export interface Progress {
  readonly plan: TurnPlan;
  readonly trigger: 'anchor' | 'silence' | 'missed';
  /** When its speech begins and ends by the clock of the microphone; for one that was not said, when that was decided. */
  readonly onsetMs: Millis;
  readonly endMs: Millis;
}

/** Something that was named by the assistant. */
export interface Named {
  readonly name: string;
  readonly atMs: Millis;
}

/** What is to be done now. */
export type Direction = { readonly kind: 'wait' } | { readonly kind: 'say'; readonly plan: TurnPlan; readonly trigger: 'anchor' | 'silence' } | { readonly kind: 'over' };

/** What a director is given. */
export interface DirectorOptions {
  readonly plans: readonly TurnPlan[];
  readonly ear: Pick<Ear, 'segments'>;
  readonly windows: Windows;
  readonly minSilenceMs: Millis;
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
  readonly turns: readonly Progress[];
}

/** So many answers in a row that never came, or two that are half of all or more, and the line is dead. */
const DEAD_AFTER = 3;

/** A director of the given turns, one after the other. Anchors lie on the playout clock: what is heard, not what has arrived. */
export function createDirector({ plans, ear, windows, minSilenceMs, hangUpMs, atMostMs, events }: DirectorOptions): Director {
  const turns: Progress[] = [];
  const outcome = (turn: Progress, segments: readonly Segment[], nowMs: Millis): 'answered' | 'missed' | 'pending' => {
    if (answerOf(turn, segments) !== undefined) return 'answered';
    return nowMs > turn.endMs + turn.plan.withinMs ? 'missed' : 'pending';
  };
  /** From when on nothing that a turn brought about is to be expected any more; infinite while that is not known. */
  const settledAt = (turn: Progress, segments: readonly Segment[], nowMs: Millis): Millis => {
    const last = segments.at(-1);
    if (turn.trigger === 'missed') return turn.endMs;
    if (turn.plan.expect === 'ignore') {
      const playing = segments.find(({ startMs, endMs }) => startMs <= turn.onsetMs && endMs > turn.onsetMs);
      if (playing === undefined) return turn.endMs + windows.ignoreSilentMs;
      const stopped = !playing.isOpen && playing.endMs <= turn.endMs + windows.ignoreSpeakingMs;
      return stopped ? Math.max(turn.endMs, playing.endMs + windows.resumeMs) : turn.endMs + windows.ignoreSpeakingMs;
    }
    const found = outcome(turn, segments, nowMs);
    if (found === 'pending' || (found === 'answered' && last?.isOpen === true)) return Number.POSITIVE_INFINITY;
    return found === 'missed' ? turn.endMs + turn.plan.withinMs : Math.max(turn.endMs, last?.endMs ?? 0);
  };
  const checkAlive = (segments: readonly Segment[], nowMs: Millis): void => {
    const asked = turns.filter(({ plan, trigger }) => plan.expect === 'respond' && trigger !== 'missed');
    const eligible = asked.map((turn) => outcome(turn, segments, nowMs));
    const misses = eligible.filter((each) => each === 'missed').length;
    const trailing = eligible.length - 1 - eligible.findLastIndex((each) => each !== 'missed');
    if (trailing < DEAD_AFTER && !(trailing >= 2 && misses * 2 >= eligible.length)) return;
    const silentSince = asked.at(-trailing)?.onsetMs ?? 0;
    if (segments.some(({ endMs }) => endMs > silentSince)) return;
    throw new RealopsError('REALOPS_TARGET_FAILED', `nothing was heard from the assistant after ${trailing} turns in a row`, { hint: 'the line is open but dead; its turns are not judged' });
  };
  const dueOf = (plan: TurnPlan, segments: readonly Segment[], nowMs: Millis): { readonly atMs: Millis; readonly trigger: 'anchor' | 'silence' } | undefined => {
    const before = turns.at(-1);
    const { after, delayMs, event } = plan.start;
    const anchored = (atMs: Millis | undefined): ReturnType<typeof dueOf> => (atMs === undefined ? undefined : { atMs: atMs + delayMs, trigger: 'anchor' });
    switch (after) {
      case 'sessionStart':
        return anchored(0);
      case 'previousEnd':
        return anchored(before?.endMs ?? 0);
      case 'event':
        return anchored(events.find(({ name, atMs }) => name === event && atMs >= (before?.onsetMs ?? 0))?.atMs);
      case 'agentSpeechStart':
        return anchored(before === undefined ? segments[0]?.startMs : answerOf(before, segments)?.startMs);
      case 'agentSpeechEnd': {
        const last = segments.at(-1);
        if (last?.isOpen === true) return undefined;
        if (before === undefined) return last === undefined ? undefined : { atMs: last.endMs + Math.max(delayMs, minSilenceMs), trigger: 'anchor' };
        const settled = settledAt(before, segments, nowMs);
        if (!Number.isFinite(settled)) return undefined;
        const isMissed = before.plan.expect !== 'ignore' && before.trigger !== 'missed' && outcome(before, segments, nowMs) === 'missed';
        return { atMs: isMissed ? settled : Math.max(settled, (last?.endMs ?? 0) + minSilenceMs, Math.max(before.endMs, last?.endMs ?? 0) + delayMs), trigger: isMissed ? 'silence' : 'anchor' };
      }
    }
  };
  return {
    turns,
    said: (progress) => void turns.push(progress),
    next(nowMs) {
      if (nowMs >= atMostMs) return { kind: 'over' };
      const before = turns.at(-1);
      if (before !== undefined && nowMs < before.endMs) return { kind: 'wait' };
      const segments = ear.segments(nowMs);
      checkAlive(segments, nowMs);
      const plan = plans[turns.length];
      if (plan === undefined) {
        const quietFrom = before === undefined ? 0 : Math.max(settledAt(before, segments, nowMs), segments.at(-1)?.isOpen === true && before.plan.expect !== 'ignore' ? Number.POSITIVE_INFINITY : 0);
        return nowMs >= quietFrom + hangUpMs ? { kind: 'over' } : { kind: 'wait' };
      }
      const due = dueOf(plan, segments, nowMs);
      if (due !== undefined && due.atMs <= nowMs) return { kind: 'say', plan, trigger: due.trigger };
      if (due === undefined && nowMs >= (before?.endMs ?? 0) + plan.start.timeoutMs) turns.push({ plan, trigger: 'missed', onsetMs: nowMs, endMs: nowMs });
      return { kind: 'wait' };
    },
  };
}

/** The first speech that a turn brought about. What begins while the user speaks and is over before he is, is none. */
function answerOf({ plan, trigger, onsetMs, endMs }: Progress, segments: readonly Segment[]): Segment | undefined {
  if (trigger === 'missed') return segments.find((segment) => segment.startMs > endMs);
  if (plan.expect === 'ignore') return segments.find((segment) => segment.endMs > onsetMs);
  return segments.find((segment) => segment.startMs > onsetMs && (segment.isOpen || segment.endMs > endMs));
}
