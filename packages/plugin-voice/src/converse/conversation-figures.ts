import type { Millis } from '@alice/realops/plugin';
import type { Heard } from './speech.js';
import type { Timeline } from './timeline.js';
import { rounded, type TurnFigures } from './turn-figures.js';

/** What a whole conversation came to. */
export interface ConversationFigures {
  /** From the open connection to the first speech before the user's first turn; null when there was none. */
  readonly greetingMs: Millis | null;
  /** Silence that was the assistant's to break. */
  readonly deadAirMs: Millis;
  readonly longestDeadAirMs: Millis;
  /** Those that are longer than `windows.gapMs`. */
  readonly longGaps: number;
  /** Of which so much is ordinary waiting for an answer. */
  readonly answerGapsMs: Millis;
  /** From the first speech to the last. */
  readonly spanMs: Millis;
  /** Speech after a long silence in which nobody had asked for any. */
  readonly reprompts: number;
  /** For each thing that the assistant said of its speaking: whether it was not so. */
  readonly wrongClaims: readonly boolean[];
}

interface Span {
  readonly startMs: Millis;
  readonly endMs: Millis;
}

/** The figures that belong to no single turn. */
export function conversationFigures(timeline: Timeline, speech: readonly Heard[], turns: readonly TurnFigures[]): ConversationFigures {
  const { windows } = timeline;
  const said = timeline.turns.flatMap(({ onsetMs, endMs, trigger, expect }) => (onsetMs === null || endMs === null ? [] : [{ startMs: onsetMs, endMs, trigger, expect }]));
  const [firstTurn] = said;
  const [first] = speech;
  const greeted = first !== undefined && first.startMs < (firstTurn?.startMs ?? Number.POSITIVE_INFINITY);
  // A silence that the user's script makes is his own; one that he breaks because no answer came is not.
  const own = new Set(said.filter(({ trigger }) => trigger === 'anchor').map(({ startMs }) => startMs));
  const gaps = gapsBetween([...speech, ...said], timeline.endMs).filter(({ endMs }) => !own.has(endMs));
  const answers = new Set(said.flatMap(({ endMs }, index) => (turns[index]?.latencyMs ?? -1) >= 0 ? [rounded(endMs + (turns[index]?.latencyMs ?? 0))] : []));
  const total = gaps.reduce((sum, gap) => sum + lengthOf(gap), 0);
  return {
    greetingMs: greeted ? rounded(first.startMs) : null,
    deadAirMs: rounded(total),
    longestDeadAirMs: rounded(Math.max(0, ...gaps.map(lengthOf))),
    longGaps: gaps.filter((gap) => lengthOf(gap) > windows.gapMs).length,
    answerGapsMs: rounded(gaps.filter(({ endMs }) => answers.has(rounded(endMs))).reduce((sum, gap) => sum + lengthOf(gap), 0)),
    spanMs: rounded(Math.max(0, ...[...speech, ...said].map(({ endMs }) => endMs)) - Math.min(Number.POSITIVE_INFINITY, ...[...speech, ...said].map(({ startMs }) => startMs), timeline.endMs)),
    reprompts: speech.filter((each, index) => {
      const before = speech[index - 1];
      return before !== undefined && each.startMs - before.endMs > windows.gapMs && !said.some(({ endMs, startMs }) => endMs > before.startMs && startMs < each.startMs);
    }).length,
    wrongClaims: timeline.events.flatMap((event) => (event.type === 'claim' ? [isWrong(event, speech, timeline)] : [])),
  };
}

/** Whether the assistant says that it has stopped while it is heard for longer than the tolerance, or that it speaks when nothing is heard around then. */
function isWrong({ atMs, isSpeaking }: { readonly atMs: Millis; readonly isSpeaking: boolean }, speech: readonly Heard[], { windows: { claimMs }, vad }: Timeline): boolean {
  if (!isSpeaking) return speech.some(({ startMs, endMs }) => startMs < atMs && endMs > atMs + claimMs);
  return !speech.some(({ startMs, endMs }) => endMs > atMs - claimMs && startMs < atMs + claimMs + vad.minSilenceMs);
}

/** Spans in which nobody speaks, between the first speech and the last. */
function gapsBetween(spans: readonly Span[], endMs: Millis): readonly Span[] {
  const sorted = [...spans].sort((a, b) => a.startMs - b.startMs);
  const gaps: Span[] = [];
  let quietFrom = sorted[0]?.endMs ?? endMs;
  for (const span of sorted) {
    if (span.startMs > quietFrom) gaps.push({ startMs: quietFrom, endMs: span.startMs });
    quietFrom = Math.max(quietFrom, span.endMs);
  }
  return gaps;
}

function lengthOf({ startMs, endMs }: Span): Millis {
  return endMs - startMs;
}
