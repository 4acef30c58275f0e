import type { Millis } from '@alice/realops/plugin';
import type { Stretch } from '../audio/speech-bounds.js';

/** Speech that is there, and what was heard of it. */
export interface Heard extends Stretch {
  readonly missed: boolean;
  /** How much later than it began, and than it ended, that was told; null where it was not. */
  readonly startErrorMs: Millis | null;
  readonly endErrorMs: Millis | null;
}

/** What was found against the truth. */
export interface VadComparison {
  readonly truth: readonly Heard[];
  /** For each stretch that was found whether nobody spoke. */
  readonly falseAlarms: readonly boolean[];
  /** Times outside the collars. */
  readonly speechMs: Millis;
  readonly missedMs: Millis;
  readonly otherMs: Millis;
  readonly falseMs: Millis;
}

/** How stretches are compared. */
export interface CompareOptions {
  readonly streamMs: Millis;
  readonly toleranceMs: Millis;
  readonly collarMs: Millis;
}

/** What was found: a stretch whose end was never told is open. */
export interface Found extends Stretch {
  readonly isOpen: boolean;
}

/**
 * Holds found stretches against the true ones; both in order and apart. A found stretch belongs to every true one that it touches (one may cover several, several may lie in one); one that touches
 * none belongs to the last true one that ended less than the tolerance before it began, when nothing else was found of it: a short word is over before any detector can say so. Times are shares of the
 * whole stream but the collars, as in NIST's evaluations of speech activity detection.
 */
export function compareStretches(truth: readonly Stretch[], found: readonly Found[], { streamMs, toleranceMs, collarMs }: CompareOptions): VadComparison {
  const touching = truth.map((true_) => found.filter((each) => each.startMs < true_.endMs && each.endMs > true_.startMs));
  const late = new Map<Stretch, Found>();
  for (const each of found) {
    if (touching.some((list) => list.includes(each))) continue;
    const index = truth.findLastIndex(({ endMs }) => endMs <= each.startMs);
    const before = truth[index];
    if (before !== undefined && touching[index]?.length === 0 && !late.has(before) && each.startMs - before.endMs < toleranceMs) late.set(before, each);
  }
  const heard = truth.map((each, index): Heard => {
    const all = [...(touching[index] ?? []), ...(late.has(each) ? [late.get(each)] : [])].filter((one) => one !== undefined);
    const [first, last] = [all[0], all.at(-1)];
    if (first === undefined || last === undefined) return { ...each, missed: true, startErrorMs: null, endErrorMs: null };
    // One that began in the speech before, or goes on into the next, tells nothing of this border.
    const [before, after] = [truth[index - 1], truth[index + 1]];
    const isEarlier = before !== undefined && first.startMs < before.endMs;
    const isLater = after !== undefined && last.endMs > after.startMs;
    return { ...each, missed: false, startErrorMs: isEarlier ? null : first.startMs - each.startMs, endErrorMs: isLater || last.isOpen ? null : last.endMs - each.endMs };
  });
  const belongs = new Set([...touching.flat(), ...late.values()]);
  return { truth: heard, falseAlarms: found.map((each) => !belongs.has(each)), ...timesOf(truth, found, streamMs, collarMs) };
}

function timesOf(truth: readonly Stretch[], found: readonly Stretch[], streamMs: Millis, collarMs: Millis): Pick<VadComparison, 'speechMs' | 'missedMs' | 'otherMs' | 'falseMs'> {
  const collars = collarMs === 0 ? [] : truth.flatMap(({ startMs, endMs }) => [startMs, endMs]).map((at) => ({ startMs: at - collarMs, endMs: at + collarMs }));
  const edges = [...new Set([0, streamMs, ...[...truth, ...found, ...collars].flatMap(({ startMs, endMs }) => [startMs, endMs])])].filter((at) => at >= 0 && at <= streamMs).sort((a, b) => a - b);
  const within = (list: readonly Stretch[], at: Millis): boolean => list.some(({ startMs, endMs }) => startMs <= at && at < endMs);
  const sum = { speechMs: 0, missedMs: 0, otherMs: 0, falseMs: 0 };
  edges.slice(1).forEach((to, index) => {
    const from = edges[index] ?? 0;
    if (within(collars, from)) return;
    const [isSpeech, isHeard] = [within(truth, from), within(found, from)];
    if (isSpeech) sum.speechMs += to - from;
    else sum.otherMs += to - from;
    if (isSpeech && !isHeard) sum.missedMs += to - from;
    if (!isSpeech && isHeard) sum.falseMs += to - from;
  });
  return sum;
}
