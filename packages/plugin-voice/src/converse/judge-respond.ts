import type { Millis } from '@alice/realops/plugin';
import type { Heard } from './speech.js';
import { answerFigures, isAnswerDue, NONE, playing, rounded, untilOf, verdictOf, wordFaults, type Around, type Placed, type TurnFigures } from './turn.js';

/** A turn that is to be answered. */
export function judgeRespond(turn: Placed, answer: Heard | undefined, around: Around): TurnFigures {
  const { endMs, withinMs } = turn;
  const during = meanwhile(turn, answer, around);
  const figures = { ...NONE, ...answerFigures(turn, answer), ...during, whileSpeaking: playing(turn, around) !== undefined };
  if (answer === undefined) {
    if (!isAnswerDue(turn, around)) return { ...figures, reason: 'the next turn, or the end, came before an answer was due' };
    return { ...figures, verdict: 'fail', reason: `no answer within ${withinMs} ms`, answered: false, early: false };
  }
  const before = Math.round(endMs - answer.startMs);
  const early = before > 0 && !isInPause(turn, answer);
  const faults = [
    ...(early ? [`the answer began ${before} ms before the user had ended`] : []),
    ...during.pauses.filter(({ isTaken }) => isTaken).map(({ ms }) => `it took the turn in the user's pause of ${ms} ms`),
    ...wordFaults(turn),
  ];
  return { ...figures, answered: true, early, silenceMs: longestSilence(turn, answer, around), ...verdictOf(faults) };
}

/** What the assistant did while the user spoke. */
function meanwhile(turn: Placed, answer: Heard | undefined, { speech }: Around): Pick<TurnFigures, 'interruptions' | 'pauses' | 'talkOverMs'> {
  const { onsetMs, endMs, pauses } = turn;
  const begun = speech.filter(({ startMs }) => startMs > onsetMs && startMs < endMs);
  const overlap = (each: Heard): Millis => spokenSpans(turn).reduce((sum, [from, to]) => sum + Math.max(0, Math.min(each.endMs, to) - Math.max(each.startMs, from)), 0);
  return {
    interruptions: begun.filter((each) => each !== answer && !isInPause(turn, each)).length,
    pauses: pauses.map(({ fromMs, toMs, ms }) => ({ ms, isTaken: begun.some(({ startMs }) => startMs >= fromMs && startMs < toMs) })),
    talkOverMs: rounded(speech.reduce((sum, each) => sum + overlap(each), 0)),
  };
}

function isInPause({ pauses }: Placed, { startMs }: Heard): boolean {
  return pauses.some(({ fromMs, toMs }) => startMs >= fromMs && startMs < toMs);
}

/** When the user really spoke: from onset to end without the pauses. */
function spokenSpans({ onsetMs, endMs, pauses }: Placed): readonly (readonly [Millis, Millis])[] {
  const edges = [onsetMs, ...pauses.flatMap(({ fromMs, toMs }) => [fromMs, toMs]), endMs];
  return Array.from({ length: edges.length / 2 }, (_, index) => [edges[index * 2] ?? 0, edges[index * 2 + 1] ?? 0]);
}

/** From the end of the user's speech to the end of the answer, its later parts included: those that follow in time and before the next turn. */
function longestSilence({ endMs, withinMs }: Placed, answer: Heard, around: Around): Millis {
  let [longest, quietFrom] = [0, endMs];
  for (const { startMs, endMs: until } of around.speech.slice(around.speech.indexOf(answer))) {
    if (startMs >= untilOf(around) || startMs - quietFrom > withinMs) break;
    longest = Math.max(longest, startMs - quietFrom);
    quietFrom = Math.max(quietFrom, until);
  }
  return rounded(longest);
}
