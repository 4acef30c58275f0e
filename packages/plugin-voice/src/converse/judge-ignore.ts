import type { Heard } from './speech.js';
import { causeOfEnd, NONE, playing, rounded, type Around, type Placed, type TurnFigures } from './turn.js';

/** A sound that the assistant is to ignore: it speaks on, or stays silent. */
export function judgeIgnore(turn: Placed, around: Around): TurnFigures {
  const cut = playing(turn, around);
  if (cut !== undefined) return judgeWhileSpeaking(turn, cut, around);
  if (turn.says === 'echo') return { ...NONE, reason: 'the assistant was silent, so nothing of it could be heard again' };
  return judgeWhileSilent(turn, around);
}

function judgeWhileSpeaking(turn: Placed, cut: Heard, around: Around): TurnFigures {
  const { timeline: { windows, endMs: over }, speech, next } = around;
  const figures = { ...NONE, whileSpeaking: true };
  const until = turn.endMs + windows.ignoreSpeakingMs;
  if (cut.endMs > until) return { ...figures, verdict: 'pass', ignored: true };
  if (cut.isOpen) return { ...figures, reason: 'the conversation ended before it could be told' };
  if (next !== undefined && next.onsetMs < cut.endMs) return { ...figures, reason: 'it went on until the next turn, which came before it could be told' };
  const cause = causeOfEnd(cut, turn, around);
  if (cause === 'over') return { ...figures, reason: 'its speech came to its own end' };
  if (cause === 'unknown') return { ...figures, reason: 'its speech ended soon after, and nothing shows why: give lastsMs' };
  const later = speech[speech.indexOf(cut) + 1];
  const latest = cut.endMs + windows.resumeMs;
  const spokeOn = later !== undefined && later.startMs <= latest && later.startMs < (next?.onsetMs ?? over);
  const resumed = spokeOn || Math.min(next?.onsetMs ?? over, over) >= latest ? spokeOn : null;
  const reason = `it stopped ${Math.round(cut.endMs - turn.onsetMs)} ms after it began${resumed === null ? '' : resumed ? ', and spoke on later' : ', and did not speak on'}`;
  return { ...figures, verdict: 'fail', reason, ignored: false, resumed, stopMs: rounded(cut.endMs - turn.onsetMs), stopArrivalMs: rounded(cut.endArrivedMs - turn.onsetMs) };
}

function judgeWhileSilent(turn: Placed, { timeline: { windows, endMs: over }, speech, next, taken }: Around): TurnFigures {
  const { onsetMs, endMs } = turn;
  const until = next?.onsetMs ?? over;
  const reaction = speech.find((each) => each.startMs > onsetMs && each.startMs <= endMs + windows.ignoreSilentMs && each.startMs < until && !taken.has(each));
  if (reaction !== undefined) {
    const before = speech[speech.indexOf(reaction) - 1];
    // A speaker who pauses between two sentences has not been answering.
    if (before !== undefined && reaction.startMs - before.endMs <= windows.ignoreSpeakingMs) return { ...NONE, reason: `it had spoken until ${Math.round(reaction.startMs - before.endMs)} ms before it spoke again: that may be the rest of the same` };
    return { ...NONE, verdict: 'fail', reason: `it answered after ${Math.round(reaction.startMs - endMs)} ms`, ignored: false };
  }
  if (until < endMs + windows.ignoreSilentMs) return { ...NONE, reason: 'the next turn, or the end, came before it could be told' };
  return { ...NONE, verdict: 'pass', ignored: true };
}
