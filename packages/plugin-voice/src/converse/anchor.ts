import type { Millis } from '@alice/realops/plugin';
import { answerDueMs, answerOf, outcomeOf, settledMs, type Scene } from './scene.js';
import type { TurnPlan } from './script.js';

/** When a turn is to begin, and because of what. */
export interface Due {
  readonly atMs: Millis;
  /** What it waited for, or silence after an answer that never came. */
  readonly trigger: 'anchor' | 'silence';
}

/** When a turn is due, as far as that is known yet. Anchors lie where the assistant is heard, not where its sound arrived. */
export function dueOf({ start: { after, delayMs, event } }: TurnPlan, scene: Scene): Due | undefined {
  const before = scene.turns.at(-1);
  switch (after) {
    case 'sessionStart':
      return { atMs: delayMs, trigger: 'anchor' };
    case 'previousEnd':
      return { atMs: (before?.endMs ?? 0) + delayMs, trigger: 'anchor' };
    case 'event':
      return later(scene.events.find(({ name, atMs }) => name === event && atMs >= (before?.onsetMs ?? 0))?.atMs, delayMs);
    case 'agentSpeechStart':
      return later((before === undefined ? scene.segments[0] : answerOf(before, scene))?.startMs, delayMs);
    case 'agentSpeechEnd':
      return afterSpeech(delayMs, scene);
  }
}

function later(atMs: Millis | undefined, delayMs: Millis): Due | undefined {
  return atMs === undefined ? undefined : { atMs: atMs + delayMs, trigger: 'anchor' };
}

/** After all that the turn before brought about; at once when the assistant had nothing to say to it. */
function afterSpeech(delayMs: Millis, scene: Scene): Due | undefined {
  const before = scene.turns.at(-1);
  const last = scene.segments.at(-1);
  if (last?.isOpen === true) return undefined;
  const quietMs = (last?.endMs ?? 0) + Math.max(delayMs, scene.vad.minSilenceMs);
  if (before === undefined) return last === undefined ? undefined : { atMs: quietMs, trigger: 'anchor' };
  const settled = settledMs(before, scene);
  if (!Number.isFinite(settled)) return undefined;
  const isAsked = before.plan.expect !== 'ignore' && before.trigger !== 'missed';
  if (isAsked && outcomeOf(before, scene) === 'missed') return { atMs: settled, trigger: 'silence' };
  return { atMs: Math.max(settled, quietMs, before.endMs + delayMs), trigger: 'anchor' };
}

/**
 * When one gives up waiting for what a turn waits for. It counts from the user's last words (or from the end of the time for an answer to them, when that is longer), and
 * after speech from the beginning of what the assistant is saying: turns that wait in vain one after the other share one wait.
 */
export function givenUpMs({ start: { after, timeoutMs } }: TurnPlan, scene: Scene): Millis {
  const said = scene.turns.findLast(({ trigger }) => trigger !== 'missed');
  const last = scene.segments.at(-1);
  const speaking = after === 'agentSpeechEnd' && last?.isOpen === true ? last.startMs : 0;
  const due = said === undefined || said.plan.expect === 'ignore' ? 0 : answerDueMs(said);
  return Math.max((said?.endMs ?? 0) + timeoutMs, speaking + timeoutMs, due);
}
