import { RealopsError } from '@alice/realops/plugin';
import { assign } from './assign.js';

/** Somebody speaks, in ms. */
export interface Spoken {
  readonly speaker: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** Diarisation errors, in ms of speaker time. */
export interface DiarisationErrors {
  /** Reference speaker time that is scored. */
  readonly total: number;
  readonly missed: number;
  readonly falseAlarm: number;
  /** Given to the wrong speaker. */
  readonly confusion: number;
  /** Diarisation error rate: (missed + false alarm + confusion) / total; 0 when nothing was said and nothing heard. */
  readonly der: number;
}

interface Stretch {
  readonly ms: number;
  readonly reference: readonly string[];
  readonly hypothesis: readonly string[];
  readonly scored: boolean;
}

/**
 * Who spoke when, held against the truth: NIST's diarisation error rate (RT-09 evaluation plan), speech of several at once included. The speakers of both sides are mapped
 * one to one for the greatest time in common. `collarMs` around each beginning and end in the reference is not scored: 0 counts everything; 250 is customary and
 * much kinder, so name it beside the figure. All time counts; md-eval leaves out what lies outside the reference unless it is given a range.
 * @throws RealopsError REALOPS_INPUT_INVALID for a segment that ends before it begins
 */
export function diarisationErrors(reference: readonly Spoken[], hypothesis: readonly Spoken[], collarMs = 0): DiarisationErrors {
  for (const { speaker, startMs, endMs } of [...reference, ...hypothesis]) {
    if (!(startMs >= 0 && endMs >= startMs && Number.isFinite(endMs))) throw new RealopsError('REALOPS_INPUT_INVALID', `a segment of ${speaker} cannot last from ${startMs} to ${endMs} ms`);
  }
  const stretches = cut(reference, hypothesis, collarMs);
  const [ours, theirs] = [[...new Set(reference.map(({ speaker }) => speaker))], [...new Set(hypothesis.map(({ speaker }) => speaker))]];
  const common = ours.map((one) => theirs.map((other) => stretches.reduce((sum, each) => (each.reference.includes(one) && each.hypothesis.includes(other) ? sum + each.ms : sum), 0)));
  const columns = assign(common);
  const mapped = new Map(ours.flatMap((one, row) => {
    const other = theirs[columns[row] ?? -1];
    return other === undefined ? [] : [[one, other] as const];
  }));
  const sum = { total: 0, missed: 0, falseAlarm: 0, confusion: 0 };
  for (const { ms, reference: said, hypothesis: heard, scored } of stretches) {
    if (!scored) continue;
    const right = said.filter((one) => heard.includes(mapped.get(one) ?? '')).length;
    sum.total += ms * said.length;
    sum.missed += ms * Math.max(0, said.length - heard.length);
    sum.falseAlarm += ms * Math.max(0, heard.length - said.length);
    sum.confusion += ms * (Math.min(said.length, heard.length) - right);
  }
  const errors = sum.missed + sum.falseAlarm + sum.confusion;
  return { ...sum, der: sum.total === 0 ? (errors === 0 ? 0 : Infinity) : errors / sum.total };
}

/** The time cut wherever somebody begins or ends, or a collar does. */
function cut(reference: readonly Spoken[], hypothesis: readonly Spoken[], collarMs: number): readonly Stretch[] {
  const collars = collarMs <= 0 ? [] : merged(reference).flatMap(({ startMs, endMs }) => [startMs, endMs]).map((at) => ({ from: at - collarMs, to: at + collarMs }));
  const edges = [...new Set([...[...reference, ...hypothesis].flatMap(({ startMs, endMs }) => [startMs, endMs]), ...collars.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b);
  const speaking = (spoken: readonly Spoken[], at: number): readonly string[] => [...new Set(spoken.filter(({ startMs, endMs }) => startMs <= at && at < endMs).map(({ speaker }) => speaker))];
  return edges.slice(1).map((to, index) => {
    const from = edges[index] ?? 0;
    return { ms: to - from, reference: speaking(reference, from), hypothesis: speaking(hypothesis, from), scored: !collars.some((collar) => collar.from <= from && from < collar.to) };
  });
}

/** Segments of one speaker that touch are one. */
function merged(spoken: readonly Spoken[]): readonly Spoken[] {
  const out: Spoken[] = [];
  for (const each of [...spoken].sort((a, b) => (a.speaker < b.speaker ? -1 : a.speaker > b.speaker ? 1 : a.startMs - b.startMs))) {
    const last = out.at(-1);
    if (last?.speaker === each.speaker && each.startMs <= last.endMs) out[out.length - 1] = { ...last, endMs: Math.max(last.endMs, each.endMs) };
    else out.push(each);
  }
  return out;
}
