import { judgeIgnore } from './judge-ignore.js';
import { judgeRespond } from './judge-respond.js';
import { judgeStop } from './judge-stop.js';
import type { Heard } from './speech.js';
import type { Timeline } from './timeline.js';
import { answerTo, isPlaced, NONE, type Around, type TurnFigures } from './turn.js';

/** Every turn of a timeline, in order. */
export function turnFigures(timeline: Timeline, speech: readonly Heard[]): readonly TurnFigures[] {
  const taken = new Set<Heard>();
  const placed = timeline.turns.filter(isPlaced);
  return timeline.turns.map((turn) => {
    if (!isPlaced(turn)) return { ...NONE, reason: turn.trigger === 'unreached' ? 'the conversation was over before its turn' : 'what it waited for never came' };
    const later = placed.slice(placed.indexOf(turn) + 1);
    const around: Around = { timeline, speech, next: later[0], nextAsking: later.find(({ expect }) => expect !== 'ignore'), taken };
    if (turn.expect === 'ignore') return judgeIgnore(turn, around);
    const answer = answerTo(turn, around);
    if (answer !== undefined) taken.add(answer);
    return turn.expect === 'respond' ? judgeRespond(turn, answer, around) : judgeStop(turn, answer, around);
  });
}
