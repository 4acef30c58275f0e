import { RealopsError } from '@alice/realops/plugin';
import { outcomeOf, type Scene } from './scene.js';

/** So many answers in a row that never came, or two that are half of all or more, and the assistant is mute. */
const MUTE_AFTER = 3;
/** So many questions without any sign of life since the first of them, and the line is dead. */
const DEAD_AFTER = 2;

/**
 * Holds that somebody is there. A line that is open but dead says nothing of how an assistant takes turns, so its turns are not judged: neither missed ones nor what
 * came before.
 * @throws RealopsError REALOPS_TARGET_FAILED when nothing is to be heard from the assistant any more
 */
export function checkAlive(scene: Scene, isScriptOver: boolean): void {
  const asked = scene.turns.filter(({ plan, trigger }) => plan.expect === 'respond' && trigger !== 'missed');
  const isMissed = asked.map((turn) => outcomeOf(turn, scene) === 'missed');
  const lastSignMs = Math.max(scene.events.at(-1)?.atMs ?? 0, scene.segments.at(-1)?.endMs ?? 0);
  const unanswered = asked.filter(({ onsetMs }, index) => isMissed[index] === true && onsetMs >= lastSignMs);
  const waited = scene.turns.filter(({ trigger, onsetMs }) => trigger === 'missed' && onsetMs >= lastSignMs);
  const inVain = unanswered.length + (isScriptOver && unanswered.length > 0 ? waited.length : 0);
  if (inVain >= DEAD_AFTER) throw dead(`nothing at all came from the assistant since ${lastSignMs === 0 ? 'the connection was open' : `${(lastSignMs / 1_000).toFixed(1)} s`}, and turns since then had no answer: ${[...unanswered, ...waited].map(({ plan }) => plan.id).join(', ')}`);

  const inARow = isMissed.length - 1 - isMissed.lastIndexOf(false);
  const isMute = inARow >= MUTE_AFTER || (inARow >= 2 && isMissed.filter(Boolean).length * 2 >= isMissed.length);
  const silentSinceMs = asked.at(-inARow)?.onsetMs ?? 0;
  if (isMute && !scene.segments.some(({ endMs }) => endMs > silentSinceMs)) throw dead(`nothing was heard from the assistant after ${inARow} turns in a row (${asked.slice(-inARow).map(({ plan }) => plan.id).join(', ')})`);
}

function dead(message: string): RealopsError {
  return new RealopsError('REALOPS_TARGET_FAILED', message, { hint: 'the line is open but dead, so no turn is judged; timeline.json shows what came' });
}
