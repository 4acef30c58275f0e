import type { Millis } from '@alice/realops/plugin';
import type { Heard } from './speech.js';
import type { Timeline } from './timeline.js';
import { isPlaced, rounded, type Placed, type TurnFigures } from './turn.js';

/** What a whole conversation came to. */
export interface ConversationFigures {
  /** From the open connection to the first speech before the user's first turn; null when there was none. */
  readonly greetingMs: Millis | null;
  /** Silence that was the assistant's to break. */
  readonly deadAirMs: Millis;
  readonly longestDeadAirMs: Millis;
  /** Those that are longer than `windows.gapMs`. */
  readonly longGaps: number;
  /** Of which so much is ordinary waiting for an answer that came. */
  readonly answerGapsMs: Millis;
  /** From the first speech to the last. */
  readonly spanMs: Millis;
  /** How often the assistant spoke again after a long silence in which the user had said nothing. */
  readonly reprompts: number;
  /** For each thing that the assistant said of its speaking: whether it was not so. */
  readonly wrongClaims: readonly boolean[];
}

/** A turn with what it came to. */
interface Said {
  readonly turn: Placed;
  readonly figures: TurnFigures | undefined;
}

interface Gap {
  readonly startMs: Millis;
  readonly endMs: Millis;
}

/** The figures that belong to no single turn. */
export function conversationFigures(timeline: Timeline, speech: readonly Heard[], turns: readonly TurnFigures[]): ConversationFigures {
  const { gapMs } = timeline.windows;
  const said: readonly Said[] = timeline.turns.flatMap((turn, index) => (isPlaced(turn) ? [{ turn, figures: turns[index] }] : []));
  const spans = [...speech.map(({ startMs, endMs }) => ({ startMs, endMs })), ...said.map(({ turn }) => ({ startMs: turn.onsetMs, endMs: turn.endMs })), ...waitingInVain(timeline, said)].sort((a, b) => a.startMs - b.startMs);
  const gaps = gapsBetween(spans).filter((gap) => !isUsersOwn(gap, said));
  const lengths = gaps.map(({ startMs, endMs }) => endMs - startMs);
  const answers = new Set(said.flatMap(({ turn, figures }) => (figures === undefined || figures.latencyMs === null ? [] : [rounded(turn.endMs + figures.latencyMs)])));
  const [first] = speech;
  return {
    greetingMs: first !== undefined && first.startMs < (said[0]?.turn.onsetMs ?? Number.POSITIVE_INFINITY) ? rounded(first.startMs) : null,
    deadAirMs: rounded(sumOf(lengths)),
    longestDeadAirMs: rounded(Math.max(0, ...lengths)),
    longGaps: lengths.filter((length) => length > gapMs).length,
    answerGapsMs: rounded(sumOf(gaps.filter(({ endMs }) => answers.has(rounded(endMs))).map(({ startMs, endMs }) => endMs - startMs))),
    spanMs: rounded(Math.max(0, ...spans.map(({ endMs }) => endMs)) - (spans[0]?.startMs ?? 0)),
    reprompts: repromptsOf(timeline, speech, said),
    wrongClaims: timeline.events.flatMap((event) => (event.type === 'claim' ? wrongOrRight(event, speech, timeline) : [])),
  };
}

/** The end of the silence after a last question that was never answered: an empty span, so that the silence before it counts. */
function waitingInVain({ endMs }: Timeline, said: readonly Said[]): readonly Gap[] {
  const last = said.at(-1);
  if (last?.figures?.answered !== false || last.figures.yielded === false) return [];
  const until = Math.min(endMs, last.turn.endMs + last.turn.withinMs);
  return [{ startMs: until, endMs: until }];
}

/** Spans in which nobody speaks, between the first speech and the last. */
function gapsBetween(spans: readonly Gap[]): readonly Gap[] {
  const gaps: Gap[] = [];
  let quietFrom = spans[0]?.endMs ?? 0;
  for (const { startMs, endMs } of spans) {
    if (startMs > quietFrom) gaps.push({ startMs: quietFrom, endMs: startMs });
    quietFrom = Math.max(quietFrom, endMs);
  }
  return gaps;
}

/** A silence that the user's script makes is his own, unless the assistant owed him an answer. */
function isUsersOwn(gap: Gap, said: readonly Said[]): boolean {
  const breaks = said.find(({ turn }) => turn.onsetMs === gap.endMs);
  if (breaks === undefined || breaks.turn.trigger === 'silence') return false;
  const before = said.findLast(({ turn }) => turn.endMs <= gap.startMs);
  return before?.turn.endMs !== gap.startMs || before.figures?.answered !== false;
}

function repromptsOf({ windows }: Timeline, speech: readonly Heard[], said: readonly Said[]): number {
  return speech.filter((each, index) => {
    const before = speech[index - 1];
    return before !== undefined && each.startMs - before.endMs > windows.gapMs && !said.some(({ turn }) => turn.endMs > before.startMs && turn.onsetMs < each.startMs);
  }).length;
}

/**
 * Whether it is not so: the assistant says that it has stopped and is heard for longer than the tolerance, or says that it speaks and nothing is heard around then. Nothing
 * where the conversation ended before it could be told.
 */
function wrongOrRight({ atMs, isSpeaking }: { readonly atMs: Millis; readonly isSpeaking: boolean }, speech: readonly Heard[], { endMs, windows: { claimMs } }: Timeline): readonly boolean[] {
  if (!isSpeaking) return [speech.some((each) => each.startMs < atMs && each.endMs > atMs + claimMs)];
  const isHeard = speech.some((each) => each.endMs > atMs - claimMs && each.startMs < atMs + claimMs);
  return isHeard || atMs + claimMs <= endMs ? [!isHeard] : [];
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
