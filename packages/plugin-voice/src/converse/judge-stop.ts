import type { Heard } from './speech.js';
import { answerFigures, causeOfEnd, isAnswerDue, NONE, playing, rounded, verdictOf, wordFaults, type Around, type Placed, type TurnFigures } from './turn.js';

/** A turn that cuts in: the assistant is to stop, and then to answer. */
export function judgeStop(turn: Placed, answer: Heard | undefined, around: Around): TurnFigures {
  const { windows } = around.timeline;
  const cut = playing(turn, around);
  if (cut === undefined) return { ...NONE, reason: 'the assistant was not speaking when the user cut in' };
  const [stopMs, stopArrivalMs] = [rounded(cut.endMs - turn.onsetMs), rounded(cut.endArrivedMs - turn.onsetMs)];
  const figures: TurnFigures = { ...NONE, ...answerFigures(turn, answer), whileSpeaking: true, answered: answer === undefined ? (isAnswerDue(turn, around) ? false : null) : true };
  if (stopMs > windows.stopMs) {
    return { ...figures, verdict: 'fail', reason: `it spoke on for ${cut.isOpen ? 'at least ' : ''}${Math.round(stopMs)} ms`, yielded: false, stopMs: cut.isOpen ? null : stopMs, stopArrivalMs };
  }
  if (cut.isOpen) return { ...figures, reason: 'the conversation ended before the assistant had to have stopped' };
  const cause = causeOfEnd(cut, turn, around);
  if (cause === 'unknown') return { ...figures, stopMs, stopArrivalMs, reason: 'its speech ended soon after, and nothing shows that it did not just come to its end: give lastsMs' };
  if (cause === 'over') return { ...figures, reason: 'its speech came to its own end' };
  const faults = [...(figures.answered === false ? [`it stopped, and gave no answer within ${turn.withinMs} ms`] : []), ...wordFaults(turn)];
  return { ...figures, stopMs, stopArrivalMs, yielded: true, ...verdictOf(faults) };
}
