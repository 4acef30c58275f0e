import type { Infer, Millis, StepContext } from '@alice/realops/plugin';
import { asRatio, normaliseFor } from '../transcribe/compare.js';
import { wordErrors } from '../wer/wer.js';
import type { LoadParameters } from './clips.js';
import { mergeHistograms, percentileOf, totalOf, type Histogram } from './histogram.js';
import type { ShareSummary, TurnResult } from './job.js';
import type { LOAD_OUTPUT } from './parameters.js';
import type { ReadyClips } from './ready-clips.js';
import { createSpread, toHundredths, type Spread } from './spread.js';

/** What `voice.load` gives. */
export type LoadOutput = Infer<typeof LOAD_OUTPUT>;

/** Measures turns as they end, and adds them up. */
export interface Tally {
  take(result: TurnResult): void;
  output(shares: readonly ShareSummary[]): LoadOutput;
}

/** Kinds of errors that are told apart. */
const MOST_KINDS = 20;

type Phase = 'ramp' | 'steady' | 'drain';

/**
 * A tally without turns. A turn is five to eight samples, under 0.1 ms of work and 3 KB of log: at 500 streams that say clips of five seconds, one per cent of a core. They are
 * measured at once and not in the end, so that a step that is cut off has them, and kept one by one, since the engine's percentiles and bootstrap want them so. Partials are no
 * events here: there would be ten times as many. Frames are counted in a histogram: there are a thousand times as many.
 */
export function createTally(parameters: LoadParameters, { references, labels: given }: ReadyClips, rampEndMs: Millis, context: StepContext): Tally {
  const labels = { ...given, streams: String(parameters.streams) };
  const counts = { turns: 0, final: 0, missing: 0, broken: 0, refused: 0, truncated: 0, invalid: 0 };
  const phases = { ramp: createPhase(), steady: createPhase(), drain: createPhase() };
  const kinds = new Map<string, { readonly code: string; readonly message: string; count: number }>();
  const drifts = createSpread();
  const words = { part: 0, whole: 0 };
  let drainMs = Infinity;
  const phaseOf = (atMs: Millis): Phase => (atMs < rampEndMs ? 'ramp' : atMs > drainMs ? 'drain' : 'steady');

  const noteError = ({ stream, turn, error }: TurnResult): void => {
    if (error === undefined) return;
    const kind = `${error.code} ${error.message.replaceAll(/\d+/gu, '0')}`;
    const known = kinds.get(kind);
    if (known !== undefined) known.count += 1;
    else if (kinds.size < MOST_KINDS) {
      kinds.set(kind, { ...error, count: 1 });
      context.note('load_error', { ...error, stream: stream + 1, turn: turn + 1 });
    }
  };
  const measureWords = ({ clip, text, ending }: TurnResult, phase: Phase): void => {
    const reference = references[clip];
    if (reference === undefined) return;
    const ratio = asRatio(wordErrors(reference, normaliseFor(parameters.language, text ?? '', parameters.normaliser)));
    words.part += ratio.part;
    words.whole += ratio.whole;
    context.measure('voice.wer', ratio, { labels: { ...labels, phase, ...(ending === 'missing' ? { final: 'missing' } : {}) } });
  };
  return {
    take(result) {
      const { ending, partialMs, finalMs, finalSentMs, truncated, invalid } = result;
      if (result.isLast) drainMs = Math.min(drainMs, result.endedAtMs);
      const phase = phaseOf(result.endedAtMs);
      const there = { labels: { ...labels, phase } };
      const latency = { ...there, ...(invalid === undefined ? {} : { invalid }) };
      const wasReached = ending !== 'refused';
      const hasFailed = ending !== 'final';
      counts.turns += 1;
      counts[ending] += 1;
      if (truncated) counts.truncated += 1;
      if (invalid !== undefined) counts.invalid += 1;
      noteError(result);

      context.measure('voice.refused', !wasReached, there);
      context.measure('voice.connect', result.connectMs, there);
      if (partialMs !== null) context.measure('voice.partial', partialMs, { ...latency, labels: { ...labels, phase: phaseOf(result.partialAtMs ?? 0) } });
      else if (hasFailed) context.measure('voice.partial', null, there);
      if (finalMs !== null) context.measure('voice.final', finalMs, latency);
      else if (hasFailed) context.measure('voice.final', null, there);
      if (wasReached) {
        context.measure('voice.missingFinal', ending === 'missing', there);
        if (!hasFailed) context.measure('voice.truncated', truncated, there);
        if (result.frames > 0) context.measure('voice.senderLateness', result.latenessP99Ms, there);
        measureWords(result, phase);
        if (result.driftMs !== null) drifts.add(result.driftMs);
      }
      const into = phases[phase];
      into.turns += 1;
      if (partialMs !== null || hasFailed) into.partial.add(partialMs);
      if (finalMs !== null || hasFailed) into.final.add(finalMs);
      if (finalSentMs !== null || hasFailed) into.finalSent.add(finalSentMs);
    },
    output(shares) {
      return {
        streams: parameters.streams,
        turns: counts.turns, finals: counts.final, truncated: counts.truncated, missing: counts.missing, broken: counts.broken, refused: counts.refused, invalid: counts.invalid,
        errors: [...kinds.values()].sort((a, b) => b.count - a.count),
        lateness: latenessOf(mergeHistograms(shares.map(({ lateness }) => lateness))),
        workers: shares.map(({ streams, lateness }) => ({ streams, ...latenessOf(lateness) })),
        driftMs: drifts.summary().p50,
        wer: words.whole === 0 ? null : words.part / words.whole,
        ramp: summaryOf(phases.ramp), steady: summaryOf(phases.steady), drain: summaryOf(phases.drain),
      };
    },
  };
}

interface PhaseTally {
  turns: number;
  readonly partial: Spread;
  readonly final: Spread;
  readonly finalSent: Spread;
}

function createPhase(): PhaseTally {
  return { turns: 0, partial: createSpread(), final: createSpread(), finalSent: createSpread() };
}

function summaryOf({ turns, partial, final, finalSent }: PhaseTally): LoadOutput['steady'] {
  return { turns, partialMs: partial.summary(), finalMs: final.summary(), finalSentMs: finalSent.summary() };
}

function latenessOf(histogram: Histogram): LoadOutput['lateness'] {
  const rounded = (ms: number): number => toHundredths(ms) ?? 0;
  return { frames: totalOf(histogram), p50Ms: rounded(percentileOf(histogram, 0.5)), p99Ms: rounded(percentileOf(histogram, 0.99)), maxMs: rounded(histogram.maxMs) };
}
