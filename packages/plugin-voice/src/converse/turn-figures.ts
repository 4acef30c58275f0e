import type { Millis } from '@alice/realops/plugin';
import type { Heard } from './speech.js';
import type { SaidTurn, Timeline } from './timeline.js';

/** What a turn came to. Times in ms; null where there is none. */
export interface TurnFigures {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** Why it is not `pass`; empty when it is. */
  readonly reason: string;
  /** From the end of the user's speech to what is heard of the answer, signed; after a barge-in, to the speech after it. */
  readonly latencyMs: Millis | null;
  /** The same until the sound had come, whenever it is played. */
  readonly latencyArrivalMs: Millis | null;
  /** Until the first byte of the answer's sound. */
  readonly firstByteMs: Millis | null;
  /** Silence that the answer begins with. */
  readonly leadingSilenceMs: Millis | null;
  /** There was an answer in time; null where none was due. */
  readonly answered: boolean | null;
  /** From the user cutting in to silence, as heard and as arrived; null when the assistant did not speak, or did not stop. */
  readonly stopMs: Millis | null;
  readonly stopArrivalMs: Millis | null;
  /** It stopped in time because of the user; null when that cannot be told. */
  readonly yielded: boolean | null;
  /** The assistant did as if nothing had happened; null when that cannot be told. */
  readonly ignored: boolean | null;
  /** It was speaking when the turn began. */
  readonly whileSpeaking: boolean;
  /** Stopped by a sound that it should ignore, it spoke on. */
  readonly resumed: boolean | null;
  /** It began to speak while the user did, and fell silent again. */
  readonly interruptions: number;
  /** For each pause of the user: whether the assistant took the turn in it. */
  readonly pauses: readonly { readonly ms: Millis; readonly isTaken: boolean }[];
  /** How long both spoke in a turn that the assistant should have listened to. */
  readonly talkOverMs: Millis | null;
  /** The longest time in which nobody spoke, from the end of the user's speech to the end of the answer. */
  readonly silenceMs: Millis | null;
}

const NONE: TurnFigures = {
  verdict: 'inconclusive', reason: '', latencyMs: null, latencyArrivalMs: null, firstByteMs: null, leadingSilenceMs: null, answered: null, stopMs: null, stopArrivalMs: null, yielded: null,
  ignored: null, whileSpeaking: false, resumed: null, interruptions: 0, pauses: [], talkOverMs: null, silenceMs: null,
};

/** A turn that was said. */
type Placed = SaidTurn & { readonly onsetMs: Millis; readonly endMs: Millis };
/** What a turn is judged among. `untilMs` is the next turn that wants an answer, or the end. */
interface Around {
  readonly timeline: Timeline;
  readonly speech: readonly Heard[];
  readonly untilMs: Millis;
  /** Answers to earlier turns. */
  readonly taken: ReadonlySet<Heard>;
}

/** Every turn of a timeline, in order. */
export function turnFigures(timeline: Timeline, speech: readonly Heard[]): readonly TurnFigures[] {
  const taken = new Set<Heard>();
  const placed = timeline.turns.filter(isPlaced);
  return timeline.turns.map((turn) => {
    if (!isPlaced(turn)) return { ...NONE, reason: 'what it waited for never came' };
    const next = placed.slice(placed.indexOf(turn) + 1).find(({ expect }) => expect !== 'ignore');
    const around = { timeline, speech, untilMs: next?.onsetMs ?? timeline.endMs, taken };
    const answer = turn.expect === 'ignore' ? undefined : answerTo(turn, around);
    if (answer !== undefined) taken.add(answer);
    if (turn.expect === 'respond') return judgeResponse(turn, answer, around);
    return turn.expect === 'stop' ? judgeStop(turn, answer, around) : judgeIgnore(turn, around);
  });
}

function isPlaced(turn: SaidTurn): turn is Placed {
  return turn.onsetMs !== null && turn.endMs !== null;
}

/** The first speech that begins after the turn did and goes on after it, in time and before the next one. */
function answerTo({ onsetMs, endMs, withinMs }: Placed, { speech, untilMs }: Around): Heard | undefined {
  return speech.find((each) => each.startMs > onsetMs && each.endMs > endMs && each.startMs <= endMs + withinMs && each.startMs < untilMs);
}

/** What every turn with an answer has. */
function answerFigures({ endMs }: Placed, answer: Heard | undefined): Pick<TurnFigures, 'latencyMs' | 'latencyArrivalMs' | 'firstByteMs' | 'leadingSilenceMs'> {
  if (answer === undefined) return { latencyMs: null, latencyArrivalMs: null, firstByteMs: null, leadingSilenceMs: null };
  // Sound that was already coming when the user stopped does not begin with the answer.
  const isOwn = answer.runArrivedMs > endMs;
  return {
    latencyMs: rounded(answer.startMs - endMs), latencyArrivalMs: rounded(answer.startArrivedMs - endMs),
    firstByteMs: isOwn ? rounded(answer.runArrivedMs - endMs) : null, leadingSilenceMs: isOwn ? rounded(answer.startMs - answer.runPlaysMs) : null,
  };
}

/** What the assistant did while the user spoke. */
function meanwhile(turn: Placed, answer: Heard | undefined, { speech }: Around): Pick<TurnFigures, 'interruptions' | 'pauses' | 'talkOverMs'> {
  const { onsetMs, endMs, pauses } = turn;
  const inPause = ({ startMs }: Heard): boolean => pauses.some(({ fromMs, toMs }) => startMs >= fromMs && startMs < toMs);
  const begun = speech.filter(({ startMs }) => startMs > onsetMs && startMs < endMs);
  const spans = spokenSpans(turn);
  const both = speech.reduce((sum, each) => sum + spans.reduce((part, [from, to]) => part + Math.max(0, Math.min(each.endMs, to) - Math.max(each.startMs, from)), 0), 0);
  return {
    interruptions: begun.filter((each) => each !== answer && !inPause(each)).length,
    pauses: pauses.map(({ fromMs, toMs, ms }) => ({ ms, isTaken: begun.some(({ startMs }) => startMs >= fromMs && startMs < toMs) })),
    talkOverMs: rounded(both),
  };
}

function judgeResponse(turn: Placed, answer: Heard | undefined, around: Around): TurnFigures {
  const { endMs, withinMs } = turn;
  const figures = { ...NONE, ...answerFigures(turn, answer), ...meanwhile(turn, answer, around), whileSpeaking: playing(turn, around) !== undefined };
  if (answer === undefined) {
    if (around.untilMs < endMs + withinMs) return { ...figures, reason: 'the next turn, or the end, came before an answer was due' };
    return { ...figures, verdict: 'fail', reason: `no answer within ${withinMs} ms`, answered: false, silenceMs: withinMs };
  }
  const silenceMs = longestSilence(endMs, answer, around);
  const isEarly = answer.startMs < endMs;
  const faults = [isEarly ? 'the assistant began before the user had ended' : '', figures.pauses.some(({ isTaken }) => isTaken) ? "it took the turn in the user's pause" : '', ...wordFaults(turn)].filter((fault) => fault !== '');
  return { ...figures, answered: true, silenceMs, ...verdictOf(faults) };
}

function judgeStop(turn: Placed, answer: Heard | undefined, around: Around): TurnFigures {
  const { onsetMs, lastsMs } = turn;
  const { windows, endMs: over } = around.timeline;
  const cut = playing(turn, around);
  if (cut === undefined) return { ...NONE, reason: 'the assistant was not speaking when the user cut in' };
  const stopMs = rounded(cut.endMs - onsetMs);
  const stopArrivalMs = rounded(cut.endArrivedMs - onsetMs);
  const figures = { ...NONE, ...answerFigures(turn, answer), whileSpeaking: true, answered: answer !== undefined, interruptions: meanwhile(turn, answer, around).interruptions };
  if (cut.isOpen || stopMs > windows.stopMs) {
    if (cut.isOpen && over - onsetMs < windows.stopMs) return { ...figures, reason: 'the conversation ended before the assistant had to have stopped' };
    return { ...figures, verdict: 'fail', reason: `it spoke on for ${cut.isOpen ? 'more than ' : ''}${Math.round(cut.isOpen ? over - onsetMs : stopMs)} ms`, yielded: false, stopMs: cut.isOpen ? null : stopMs, stopArrivalMs };
  }
  const cause = causeOfEnd(cut, lastsMs, around);
  if (cause === 'unknown') return { ...figures, stopMs, stopArrivalMs, reason: 'its speech ended soon after, and nothing shows that it did not just come to its end: give lastsMs' };
  if (cause === 'over') return { ...figures, reason: 'its speech came to its own end' };
  const faults = [answer === undefined ? `no answer within ${turn.withinMs} ms` : '', ...wordFaults(turn)].filter((fault) => fault !== '');
  return { ...figures, stopMs, stopArrivalMs, yielded: true, ...verdictOf(faults) };
}

function judgeIgnore(turn: Placed, around: Around): TurnFigures {
  const { onsetMs, endMs, lastsMs } = turn;
  const { timeline: { windows, endMs: over }, speech, taken } = around;
  const cut = playing(turn, around);
  if (cut === undefined) {
    const reaction = speech.find((each) => each.startMs > onsetMs && each.startMs <= endMs + windows.ignoreSilentMs && each.startMs < around.untilMs && !taken.has(each));
    if (reaction !== undefined) return { ...NONE, verdict: 'fail', reason: `it answered after ${Math.round(reaction.startMs - endMs)} ms`, ignored: false };
    if (Math.min(over, around.untilMs) < endMs + windows.ignoreSilentMs) return { ...NONE, reason: 'the next turn, or the end, came before that could be told' };
    return { ...NONE, verdict: 'pass', ignored: true };
  }
  const figures = { ...NONE, whileSpeaking: true };
  if (cut.isOpen || cut.endMs > endMs + windows.ignoreSpeakingMs) {
    if (cut.isOpen && over < endMs + windows.ignoreSpeakingMs) return { ...figures, reason: 'the conversation ended before that could be told' };
    return { ...figures, verdict: 'pass', ignored: true };
  }
  const cause = causeOfEnd(cut, lastsMs, around);
  if (cause !== 'cut') return { ...figures, reason: cause === 'over' ? 'its speech came to its own end' : 'its speech ended soon after, and nothing shows why: give lastsMs' };
  const after = speech[speech.indexOf(cut) + 1];
  const resumed = after !== undefined && after.startMs - cut.endMs <= windows.resumeMs;
  return { ...figures, verdict: 'fail', reason: resumed ? 'it stopped, and spoke on later' : 'it stopped', ignored: false, resumed, stopMs: rounded(cut.endMs - onsetMs), stopArrivalMs: rounded(cut.endArrivedMs - onsetMs) };
}

/** The speech that a turn falls into. */
function playing({ onsetMs }: Placed, { speech }: Around): Heard | undefined {
  return speech.find(({ startMs, endMs }) => startMs <= onsetMs && endMs > onsetMs);
}

/** Why speech ended: it was cut (sound was cleared away, or it is shorter than it would have been), it was over, or that cannot be told. */
function causeOfEnd(cut: Heard, lastsMs: Millis | null, { timeline: { vad } }: Around): 'cut' | 'over' | 'unknown' {
  if (cut.isCleared) return 'cut';
  if (lastsMs === null) return 'unknown';
  return cut.endMs - cut.startMs < lastsMs - vad.minSilenceMs ? 'cut' : 'over';
}

/** When the user really spoke: from onset to end without the pauses. */
function spokenSpans({ onsetMs, endMs, pauses }: Placed): readonly (readonly [Millis, Millis])[] {
  const edges = [onsetMs, ...pauses.flatMap(({ fromMs, toMs }) => [fromMs, toMs]), endMs];
  return Array.from({ length: edges.length / 2 }, (_, index) => [edges[index * 2] ?? 0, edges[index * 2 + 1] ?? 0]);
}

/** From the end of the user's speech to the end of the answer, its later parts included: those that follow before the next turn. */
function longestSilence(endMs: Millis, answer: Heard, { speech, untilMs, timeline: { windows } }: Around): Millis {
  let [longest, quietFrom] = [0, endMs];
  for (const { startMs, endMs: until } of speech.slice(speech.indexOf(answer))) {
    if (startMs >= untilMs || (quietFrom > endMs && startMs - quietFrom > windows.respondMs)) break;
    longest = Math.max(longest, startMs - quietFrom);
    quietFrom = Math.max(quietFrom, until);
  }
  return rounded(longest);
}

function wordFaults({ hasText, hasIntent }: SaidTurn): readonly string[] {
  return [hasText === false ? 'the reply lacks the words that were asked for' : '', hasIntent === false ? 'the intent is another one' : ''];
}

function verdictOf(faults: readonly string[]): Pick<TurnFigures, 'verdict' | 'reason'> {
  return faults.length === 0 ? { verdict: 'pass', reason: '' } : { verdict: 'fail', reason: faults.join('; ') };
}

/** To the hundredth. */
export function rounded(value: Millis): Millis {
  return Math.round(value * 100) / 100;
}
