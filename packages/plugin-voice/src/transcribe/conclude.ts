import type { Infer, Labels, Millis, StepContext } from '@alice/realops/plugin';
import { invalidityOf } from '../stream/pace.js';
import { asRatio, compareTexts, normaliseFor, type Comparison } from './compare.js';
import type { Conversation } from './converse.js';
import type { Observations } from './observe.js';
import type { TRANSCRIBE_OUTPUT } from './parameters.js';
import type { Prepared, TranscribeParameters } from './prepare.js';
import type { Speech } from './stream.js';
import { lastFinal, textOf } from './turn.js';

/** When the frame with the first speech sample was sent; NaN while it was not. What a connection held back was sent when it was given to the connection. */
export function onsetSentAt(conversation: Pick<Conversation, 'pacer'>, { speech, onsetFrame }: Pick<Prepared, 'speech' | 'onsetFrame'>): Millis {
  return sentAt(conversation, speech, onsetFrame);
}

/** When the frame with the last speech sample was sent; NaN while it was not. */
export function endSentAt(conversation: Pick<Conversation, 'pacer'>, { speech, endFrame }: Pick<Prepared, 'speech' | 'endFrame'>): Millis {
  return sentAt(conversation, speech, endFrame);
}

/** When a frame was sent, or given to a connection that held it back; NaN while it was not. */
export function sentAt({ pacer }: Pick<Conversation, 'pacer'>, { holdsMs }: Pick<Speech, 'holdsMs'>, frame: number): Millis {
  return (pacer.sentAt[frame] ?? NaN) - (holdsMs?.[frame] ?? 0);
}

/** From the last speech sample to the final. A final that came before that sample had left is truncated, and counted from when the sample was due. */
export function finalLatency(at: Millis, conversation: Pick<Conversation, 'pacer'>, prepared: Pick<Prepared, 'speech' | 'endFrame'>): { readonly latencyMs: number; readonly truncated: boolean } {
  const left = conversation.pacer.sentAt[prepared.endFrame] ?? NaN;
  if (at >= left) return { latencyMs: at - endSentAt(conversation, prepared), truncated: false };
  return { latencyMs: at - (conversation.pacer.startedAt + prepared.endFrame * prepared.speech.frameMs), truncated: true };
}

/** Measures a closed turn and makes the step's output. */
export function conclude(parameters: TranscribeParameters, prepared: Prepared, conversation: Conversation, seen: Observations, context: StepContext): Infer<typeof TRANSCRIBE_OUTPUT> {
  const { turn, pacer } = conversation;
  const { labels, bounds } = prepared;
  const [text, last] = [textOf(turn), lastFinal(turn)];
  const { latencyMs, truncated } = finalLatency(last?.at ?? NaN, conversation, prepared);
  const [onsetAt, endAt] = [onsetSentAt(conversation, prepared), endSentAt(conversation, prepared)];
  const partialMs = round(seen.text - onsetAt);
  const endpointMs = conversation.endSent || parameters.finals === 'all' ? null : round(finalLatency(seen.endpoint, conversation, prepared).latencyMs);
  const pace = pacer.report();
  const comparison = compareWithAll(parameters, text);

  const latency = { labels, ...invalidityOf(pace) };
  if (partialMs !== null) context.measure('voice.partial', partialMs, latency);
  if (!truncated) context.measure('voice.final', latencyMs, latency);
  const others = { 'voice.partialCorrect': round(seen.correct - onsetAt), 'voice.endpoint': endpointMs, 'voice.vadStart': round(seen.speechStart - onsetAt), 'voice.vadStop': round(seen.speechStop - endAt) };
  for (const [metric, value] of Object.entries(others)) if (value !== null) context.measure(metric, value, latency);
  measurePauses(prepared, conversation, context);
  const over = seen.turnEnds.find((at) => at >= endAt);
  if (over !== undefined && parameters.finals === 'all') context.measure('voice.finalLate', turn.finals.some((each) => each.at > over && each.text.trim() !== ''), { labels });
  if (comparison !== undefined && typeof last?.confidence === 'number') context.measure('voice.brier', (last.confidence - Number(comparison.words.wer === 0)) ** 2, { labels });
  measureErrors(comparison, labels, context);
  context.measure('voice.truncated', truncated, { labels });
  context.measure('voice.missingFinal', false, { labels });
  context.measure('voice.senderLateness', pace.p99Ms, { labels });
  const finalWords = normaliseFor('', text).split(' ').filter((word) => word !== '').length;
  if (finalWords > 0) context.measure('voice.revision', { part: turn.revisedWords, whole: finalWords }, { labels });

  return {
    text,
    confidence: last?.confidence ?? null,
    partials: turn.partials,
    ...(turn.firstPartial === undefined ? {} : { firstPartial: turn.firstPartial }),
    wer: comparison?.words.wer ?? null,
    werStrict: comparison?.strict.wer ?? null,
    werCompound: comparison?.compound.wer ?? null,
    cer: comparison?.characters.cer ?? null,
    ...(comparison === undefined ? {} : { words: countsOf(comparison) }),
    finalMs: round(latencyMs),
    endpointMs,
    partialMs,
    truncated,
    senderLatenessP99Ms: round(pace.p99Ms) ?? 0,
    snrDb: round(prepared.snrDb ?? NaN),
    lostPackets: prepared.lostPackets,
    dropoutMs: round(prepared.dropoutMs) ?? 0,
    heldMs: round(prepared.heldMs) ?? 0,
    onsetMs: bounds.onsetMs,
    endMs: bounds.endMs,
    boundsSource: bounds.source,
    durationMs: prepared.clipMs,
  };
}

/** The text against what was said: of several ways to write it the one with the fewest errors, the first of equals. Undefined without a reference. */
function compareWithAll({ reference, alternatives, language, keywords, normaliser }: TranscribeParameters, text: string): Comparison | undefined {
  if (reference === undefined) return undefined;
  const all = [reference, ...alternatives].map((each) => compareTexts(each, text, language, { keywords, normaliser }));
  return all.reduce((best, each) => (each.words.wer < best.words.wer ? each : best));
}

function countsOf({ words: { hits, substitutions, deletions, insertions } }: Comparison): { hits: number; substitutions: number; deletions: number; insertions: number } {
  return { hits, substitutions, deletions, insertions };
}

/** A recogniser that was reached but gave no final: every reference word is deleted, and the record says that this is why. */
export function recordMissingFinal(parameters: TranscribeParameters, { labels }: Prepared, conversation: Conversation, context: StepContext): void {
  const { turn, pacer, endSent } = conversation;
  const pace = pacer.report();
  if (turn.finals.length === 0) {
    const missing = { ...labels, final: 'missing' };
    measureErrors(compareWithAll(parameters, ''), missing, context);
    context.measure('voice.missingFinal', true, { labels });
    context.note('final_missing', { frames_sent: pace.sent, end_sent: endSent, partials: turn.partials, last_partial: turn.lastPartial });
  }
  if (pace.sent > 0) context.measure('voice.senderLateness', pace.p99Ms, { labels });
}

/** Whether a final came between the last sample before a pause and the first one after it, for each pause that was sent to its end or cut. */
function measurePauses({ pauses, labels }: Prepared, { turn, pacer }: Conversation, context: StepContext): void {
  for (const { fromFrame, toFrame, ms } of pauses) {
    const [from, to] = [pacer.sentAt[fromFrame] ?? NaN, pacer.sentAt[toFrame] ?? NaN];
    const cut = turn.finals.some(({ at }) => at >= from && !(at >= to));
    if (cut || !Number.isNaN(to)) context.measure('voice.pauseCut', cut, { labels: { ...labels, pause: String(ms) }, ...invalidityOf(pacer.report()) });
  }
}

function measureErrors(comparison: Comparison | undefined, labels: Labels, context: StepContext): void {
  if (comparison === undefined) return;
  context.measure('voice.wer', asRatio(comparison.words), { labels });
  context.measure('voice.werStrict', asRatio(comparison.strict), { labels });
  context.measure('voice.werCompound', asRatio(comparison.compound), { labels });
  context.measure('voice.cer', asRatio(comparison.characters), { labels });
  for (const [metric, share] of [['voice.keywordErrors', comparison.keywords], ['voice.numberErrors', comparison.numbers]] as const) {
    if (share.part > 0 || share.whole > 0) context.measure(metric, share, { labels });
  }
}

/** To a hundredth; null when there is no number. */
export function round(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 100) / 100 : null;
}
