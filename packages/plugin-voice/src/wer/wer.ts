import { RealopsError } from '@alice/realops/plugin';
import { DELETE, EQUAL, INSERT, SUBSTITUTE, traceEdits, type Trace } from './levenshtein.js';
import { createWordTable, strip } from './words.js';

/** Counts of an alignment. `hits` are reference symbols found again. */
export interface EditCounts {
  readonly hits: number;
  readonly substitutions: number;
  readonly deletions: number;
  readonly insertions: number;
}

/** Word error measures over one or more sentences, pooled. */
export interface WordErrors extends EditCounts {
  /** Word error rate: errors over reference words; above 1 when words were made up. */
  readonly wer: number;
  /** Match error rate: errors over all aligned positions; 0 to 1. */
  readonly mer: number;
  /** Word information lost: 1 − wip. */
  readonly wil: number;
  /** Word information preserved: the share of reference words hit times the share of hypothesis words that hit. */
  readonly wip: number;
}

/** Character error measures over one or more sentences, pooled. */
export interface CharacterErrors extends EditCounts {
  /** Character error rate: errors over reference characters. */
  readonly cer: number;
}

/** One position of a word alignment; the side that has no word there is null. */
export interface AlignedWord {
  readonly op: 'equal' | 'substitute' | 'delete' | 'insert';
  readonly reference: string | null;
  readonly hypothesis: string | null;
}

const table = createWordTable();

/**
 * The word errors of a hypothesis against a reference, with the semantics of jiwer 4: no change of case or punctuation, words parted by spaces only,
 * every sentence aligned on its own and the counts pooled. An empty reference makes the WER the number of inserted words.
 *
 * @example
 * wordErrors('hej alice vad är klockan', 'hej alice vad klockan').wer; // 0.2
 * @throws RealopsError REALOPS_INPUT_INVALID when the two lists differ in length.
 */
export function wordErrors(reference: string | readonly string[], hypothesis: string | readonly string[]): WordErrors {
  const trace: Trace = { counts: new Int32Array(4), position: 0 };
  forEachPair(reference, hypothesis, (one, other) => {
    const words = table.read(one, other);
    traceEdits(words.reference.ids, words.reference.length, words.hypothesis.ids, words.hypothesis.length, words.symbols, trace);
  });
  const counts = asCounts(trace);
  const { hits, substitutions, deletions, insertions } = counts;
  const errors = substitutions + deletions + insertions;
  const inReference = hits + substitutions + deletions;
  const inHypothesis = hits + substitutions + insertions;
  const wip = inReference === 0 ? Number(insertions === 0) : inHypothesis === 0 ? 0 : (hits / inReference) * (hits / inHypothesis);
  return { wer: inReference === 0 ? insertions : errors / inReference, mer: errors === 0 ? 0 : errors / (hits + errors), wil: 1 - wip, wip, ...counts };
}

/**
 * The character errors of a hypothesis against a reference, over code points with spaces counted and the ends stripped (jiwer 4).
 * @throws RealopsError REALOPS_INPUT_INVALID when the two lists differ in length.
 */
export function characterErrors(reference: string | readonly string[], hypothesis: string | readonly string[]): CharacterErrors {
  const trace: Trace = { counts: new Int32Array(4), position: 0 };
  forEachPair(reference, hypothesis, (one, other) => {
    const ids = new Map<number, number>();
    const a = codePoints(strip(one), ids);
    const b = codePoints(strip(other), ids);
    traceEdits(a, a.length, b, b.length, ids.size, trace);
  });
  const counts = asCounts(trace);
  const errors = counts.substitutions + counts.deletions + counts.insertions;
  const inReference = counts.hits + counts.substitutions + counts.deletions;
  return { cer: inReference === 0 ? counts.insertions : errors / inReference, ...counts };
}

/** The alignment behind {@link wordErrors} for one sentence, word by word, for reports. */
export function alignWords(reference: string, hypothesis: string): readonly AlignedWord[] {
  const words = table.read(reference, hypothesis);
  const path = new Uint8Array(words.reference.length + words.hypothesis.length);
  const trace: Trace = { counts: new Int32Array(4), path, position: path.length };
  traceEdits(words.reference.ids, words.reference.length, words.hypothesis.ids, words.hypothesis.length, words.symbols, trace);
  let inReference = 0;
  let inHypothesis = 0;
  const next = { reference: () => slice(reference, words.reference, inReference++), hypothesis: () => slice(hypothesis, words.hypothesis, inHypothesis++) };
  return Array.from(path.subarray(trace.position), (step): AlignedWord => {
    if (step === DELETE) return { op: 'delete', reference: next.reference(), hypothesis: null };
    if (step === INSERT) return { op: 'insert', reference: null, hypothesis: next.hypothesis() };
    return { op: step === EQUAL ? 'equal' : 'substitute', reference: next.reference(), hypothesis: next.hypothesis() };
  });
}

function slice(text: string, words: { readonly starts: Int32Array; readonly ends: Int32Array }, index: number): string {
  return text.slice(words.starts[index], words.ends[index]);
}

function forEachPair(reference: string | readonly string[], hypothesis: string | readonly string[], visit: (reference: string, hypothesis: string) => void): void {
  if (typeof reference === 'string' && typeof hypothesis === 'string') return visit(reference, hypothesis);
  const references = asSentences(reference);
  const hypotheses = asSentences(hypothesis);
  if (references.length !== hypotheses.length) {
    throw new RealopsError('REALOPS_INPUT_INVALID', `${references.length} reference sentences cannot be compared with ${hypotheses.length} hypotheses`, {
      hint: 'give one hypothesis for each reference; an empty text stands for a sentence that was not recognised',
    });
  }
  for (let index = 0; index < references.length; index += 1) visit(references[index] ?? '', hypotheses[index] ?? '');
}

/** No sentence counts as one empty sentence, as in jiwer. */
function asSentences(text: string | readonly string[]): readonly string[] {
  if (typeof text === 'string') return [text];
  return text.length === 0 ? [''] : text;
}

function asCounts({ counts }: Trace): EditCounts {
  return { hits: counts[EQUAL] ?? 0, substitutions: counts[SUBSTITUTE] ?? 0, deletions: counts[DELETE] ?? 0, insertions: counts[INSERT] ?? 0 };
}

function codePoints(text: string, ids: Map<number, number>): Int32Array {
  const points = new Int32Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i += 1) {
    const point = text.codePointAt(i) ?? 0;
    if (point > 0xffff) i += 1;
    let id = ids.get(point);
    if (id === undefined) ids.set(point, (id = ids.size));
    points[length] = id;
    length += 1;
  }
  return points.subarray(0, length);
}
