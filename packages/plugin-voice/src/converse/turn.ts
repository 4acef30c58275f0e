import type { Millis } from '@alice/realops/plugin';
import type { Heard } from './speech.js';
import type { SaidTurn, Timeline } from './timeline.js';

/** What a turn came to. Times in ms; null where there is none, or where it cannot be told. */
export interface TurnFigures {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** Why it is not `pass`; empty when it is. */
  readonly reason: string;
  /** There was an answer in time; null where none was due, or the next turn came too soon to tell. */
  readonly answered: boolean | null;
  /** The answer began before the user had ended, and not in one of his pauses. */
  readonly early: boolean | null;
  /** From the end of the user's speech to what is heard of the answer, signed; after a barge-in, to the speech after it. */
  readonly latencyMs: Millis | null;
  /** The same until the sound had come, whenever it is played. */
  readonly latencyArrivalMs: Millis | null;
  /** Until the first byte of the answer's sound. */
  readonly firstByteMs: Millis | null;
  /** Silence that the answer begins with. */
  readonly leadingSilenceMs: Millis | null;
  /** How long the first stretch of the answer lasted. */
  readonly answerMs: Millis | null;
  /** From the user cutting in to silence, as heard and as arrived; null when the assistant did not speak, or did not stop. */
  readonly stopMs: Millis | null;
  readonly stopArrivalMs: Millis | null;
  /** It stopped in time because of the user. */
  readonly yielded: boolean | null;
  /** The assistant did as if nothing had happened. */
  readonly ignored: boolean | null;
  /** It was speaking when the turn began. */
  readonly whileSpeaking: boolean;
  /** Stopped by a sound that it should ignore, it spoke on. */
  readonly resumed: boolean | null;
  /** How often it began to speak while the user did, and fell silent again. */
  readonly interruptions: number;
  /** For each pause of the user: whether the assistant took the turn in it. */
  readonly pauses: readonly { readonly ms: Millis; readonly isTaken: boolean }[];
  /** How long both spoke in a turn that the assistant should have listened to. */
  readonly talkOverMs: Millis | null;
  /** The longest time in which nobody spoke, from the end of the user's speech to the end of the answer. */
  readonly silenceMs: Millis | null;
}

/** A turn of which nothing is known. */
export const NONE: TurnFigures = {
  verdict: 'inconclusive', reason: '', answered: null, early: null, latencyMs: null, latencyArrivalMs: null, firstByteMs: null, leadingSilenceMs: null, answerMs: null, stopMs: null,
  stopArrivalMs: null, yielded: null, ignored: null, whileSpeaking: false, resumed: null, interruptions: 0, pauses: [], talkOverMs: null, silenceMs: null,
};

/** A turn that was said. */
export type Placed = SaidTurn & { readonly onsetMs: Millis; readonly endMs: Millis };

/** What a turn is judged among. */
export interface Around {
  readonly timeline: Timeline;
  readonly speech: readonly Heard[];
  /** The turn after it, and the next one that wants an answer. */
  readonly next: Placed | undefined;
  readonly nextAsking: Placed | undefined;
  /** Answers to turns before it. */
  readonly taken: ReadonlySet<Heard>;
}

/** Whether a turn was said. */
export function isPlaced(turn: SaidTurn): turn is Placed {
  return turn.onsetMs !== null && turn.endMs !== null;
}

/** Until when what happens belongs to a turn: the next one that wants an answer, or the end. */
export function untilOf({ nextAsking, timeline }: Around): Millis {
  return nextAsking?.onsetMs ?? timeline.endMs;
}

/** The first speech that begins after the turn did and goes on after it, in time and before the next one. */
export function answerTo({ onsetMs, endMs, withinMs }: Placed, around: Around): Heard | undefined {
  return around.speech.find((each) => each.startMs > onsetMs && each.endMs > endMs && each.startMs <= endMs + withinMs && each.startMs < untilOf(around));
}

/** Whether it can be told that no answer came: all the time for it has passed, or the user took the word because it had. */
export function isAnswerDue({ endMs, withinMs }: Placed, around: Around): boolean {
  return around.nextAsking?.trigger === 'silence' || untilOf(around) >= endMs + withinMs;
}

/** What every turn with an answer has. */
export function answerFigures({ endMs }: Placed, answer: Heard | undefined): Pick<TurnFigures, 'latencyMs' | 'latencyArrivalMs' | 'firstByteMs' | 'leadingSilenceMs' | 'answerMs'> {
  if (answer === undefined) return { latencyMs: null, latencyArrivalMs: null, firstByteMs: null, leadingSilenceMs: null, answerMs: null };
  // Sound that was already coming when the user stopped does not begin with the answer.
  const isOwn = answer.runArrivedMs > endMs;
  return {
    latencyMs: rounded(answer.startMs - endMs), latencyArrivalMs: rounded(answer.startArrivedMs - endMs), answerMs: rounded(answer.endMs - answer.startMs),
    firstByteMs: isOwn ? rounded(answer.runArrivedMs - endMs) : null, leadingSilenceMs: isOwn ? rounded(answer.startMs - answer.runPlaysMs) : null,
  };
}

/** The speech that a turn falls into. */
export function playing({ onsetMs }: Placed, { speech }: Around): Heard | undefined {
  return speech.find(({ startMs, endMs }) => startMs <= onsetMs && endMs > onsetMs);
}

/** Why speech ended: it was cut (speech was cleared away, or it is shorter than it would have been), it was over, or that cannot be told. */
export function causeOfEnd(cut: Heard, { lastsMs }: Placed, { timeline: { vad } }: Around): 'cut' | 'over' | 'unknown' {
  if (cut.isCleared) return 'cut';
  if (lastsMs === null) return 'unknown';
  return cut.endMs - cut.startMs < lastsMs - vad.minSilenceMs ? 'cut' : 'over';
}

/** What is wrong with the words of the reply. */
export function wordFaults({ hasText, hasIntent }: SaidTurn): readonly string[] {
  return [...(hasText === false ? ['the reply lacks the words that were asked for'] : []), ...(hasIntent === false ? ['the intent is another one'] : [])];
}

/** No faults are a pass. */
export function verdictOf(faults: readonly string[]): Pick<TurnFigures, 'verdict' | 'reason'> {
  return faults.length === 0 ? { verdict: 'pass', reason: '' } : { verdict: 'fail', reason: faults.join('; ') };
}

/** To the hundredth. */
export function rounded(value: Millis): Millis {
  return Math.round(value * 100) / 100;
}
