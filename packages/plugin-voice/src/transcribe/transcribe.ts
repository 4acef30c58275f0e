import { defineStep, RealopsError, type Infer, type Millis, type StepContext } from '@alice/realops/plugin';
import { PROTOCOLS } from '../protocols/index.js';
import { webSocketChannel } from './channel.js';
import { asRatio, compareTexts, normaliseFor, type Comparison } from './compare.js';
import { converse, type Conversation } from './converse.js';
import { TRANSCRIBE_METRICS, TRANSCRIBE_OUTPUT, TRANSCRIBE_WITH } from './parameters.js';
import { configOf, prepare, type Prepared, type TranscribeParameters } from './prepare.js';
import type { Heard } from './turn.js';

/** A sender later than this at its 99th percentile, or with more than this unsent, measures itself. */
const LATE_MS = 20;
const BACKLOG_BYTES = 64 * 1024;

/** `voice.transcribe`: streams a clip in real time into a recogniser, times what comes back from the samples that were sent, and counts word errors. */
export const transcribe = defineStep({
  use: 'voice.transcribe',
  description: 'Streams a WAV clip in real time into a speech recogniser, with noise if wanted; measures latencies from the samples sent and word errors.',
  with: TRANSCRIBE_WITH,
  output: TRANSCRIBE_OUTPUT,
  metrics: TRANSCRIBE_METRICS,
  async run(parameters, context) {
    const prepared = await prepare(parameters, context);
    const channel = await context.use(webSocketChannel({ url: context.target(parameters.target), traceId: context.step.traceId, clock: context.clock }));
    const first = { at: NaN, text: '' };
    const seen = (heard: Heard): void => {
      if (!Number.isNaN(first.at) || heard.text.trim() === '' || !(heard.at >= onsetSentAt(conversation, prepared))) return;
      Object.assign(first, { at: heard.at, text: heard.text });
    };
    const conversation: Conversation = converse({
      channel,
      protocol: PROTOCOLS[parameters.protocol],
      stream: { language: parameters.language, config: configOf(parameters) },
      pcm: prepared.pcm,
      frameMs: parameters.frameMs,
      finals: parameters.finals,
      clock: context.clock,
      signal: context.signal,
      onPartial(heard) {
        seen(heard);
        context.note('asr_partial', { text: heard.text, confidence: heard.confidence, latency_ms: round(heard.at - onsetSentAt(conversation, prepared)) });
      },
      onFinal(heard) {
        seen(heard);
        const { latencyMs, truncated } = finalLatency(heard.at, conversation, prepared, parameters);
        context.note('asr_final', { text: heard.text, confidence: heard.confidence, latency_ms: round(latencyMs), truncated: truncated && parameters.finals === 'first', ...(parameters.reference === undefined ? {} : { reference: parameters.reference }) });
      },
    });
    // The engine stops listening to a step once its signal has aborted, so a final missing at the deadline is put on the record at that very moment.
    const atDeadline = (): void => {
      if (context.signal.reason instanceof RealopsError && context.signal.reason.code === 'REALOPS_TIMEOUT') recordMissingFinal(parameters, prepared, conversation, context);
    };
    context.signal.addEventListener('abort', atDeadline, { once: true });
    try {
      await conversation.done;
    } catch (error) {
      if (!context.signal.aborted) recordMissingFinal(parameters, prepared, conversation, context);
      throw error;
    } finally {
      context.signal.removeEventListener('abort', atDeadline);
    }
    return conclude(parameters, prepared, conversation, first.at, context);
  },
});

/** When the frame with the first speech sample was sent; NaN while it was not. */
function onsetSentAt({ pacer }: Conversation, { onsetFrame }: Prepared): Millis {
  return pacer.sentAt[onsetFrame] ?? NaN;
}

/** From the last speech sample to the final. A final that came before that sample was sent is truncated, and counted from when the sample was due. */
function finalLatency(at: Millis, { pacer }: Conversation, { endFrame }: Prepared, { frameMs }: TranscribeParameters): { readonly latencyMs: number; readonly truncated: boolean } {
  const sentAt = pacer.sentAt[endFrame] ?? NaN;
  if (at >= sentAt) return { latencyMs: at - sentAt, truncated: false };
  return { latencyMs: at - (pacer.startedAt + endFrame * frameMs), truncated: true };
}

/** Measures a closed turn and makes the step's output. */
function conclude(parameters: TranscribeParameters, prepared: Prepared, conversation: Conversation, firstTextAt: Millis, context: StepContext): Infer<typeof TRANSCRIBE_OUTPUT> {
  const { turn, pacer } = conversation;
  const { labels, bounds } = prepared;
  const text = turn.finals.map((each) => each.text.trim()).filter((each) => each !== '').join(' ');
  const last = turn.finals.at(-1);
  const { latencyMs, truncated } = finalLatency(last?.at ?? NaN, conversation, prepared, parameters);
  const partialMs = round(firstTextAt - onsetSentAt(conversation, prepared));
  const pace = pacer.report();
  const comparison = parameters.reference === undefined ? undefined : compareTexts(parameters.reference, text, parameters.language);

  const latency = { labels, ...invalidity(pace) };
  if (partialMs !== null) context.measure('voice.partial', partialMs, latency);
  if (!truncated) context.measure('voice.final', latencyMs, latency);
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
    cer: comparison?.characters.cer ?? null,
    ...(comparison === undefined ? {} : { words: countsOf(comparison) }),
    finalMs: round(latencyMs),
    partialMs,
    truncated,
    senderLatenessP99Ms: round(pace.p99Ms) ?? 0,
    snrDb: round(prepared.snrDb ?? NaN),
    onsetMs: bounds.onsetMs,
    endMs: bounds.endMs,
    boundsSource: bounds.source,
    durationMs: prepared.clipMs,
  };
}

function countsOf({ words: { hits, substitutions, deletions, insertions } }: Comparison): { hits: number; substitutions: number; deletions: number; insertions: number } {
  return { hits, substitutions, deletions, insertions };
}

/** A recogniser that was reached but gave no final: every reference word is deleted, and the record says that this is why. */
function recordMissingFinal(parameters: TranscribeParameters, { labels }: Prepared, conversation: Conversation, context: StepContext): void {
  const { turn, pacer, endSent } = conversation;
  const pace = pacer.report();
  if (turn.finals.length === 0) {
    const missing = { ...labels, final: 'missing' };
    if (parameters.reference !== undefined) measureErrors(compareTexts(parameters.reference, '', parameters.language), missing, context);
    context.measure('voice.missingFinal', true, { labels });
    context.note('final_missing', { frames_sent: pace.sent, end_sent: endSent, partials: turn.partials, last_partial: turn.lastPartial });
  }
  if (pace.sent > 0) context.measure('voice.senderLateness', pace.p99Ms, { labels });
}

function measureErrors(comparison: Comparison | undefined, labels: { readonly [name: string]: string }, context: StepContext): void {
  if (comparison === undefined) return;
  context.measure('voice.wer', asRatio(comparison.words), { labels });
  context.measure('voice.werStrict', asRatio(comparison.strict), { labels });
  context.measure('voice.cer', asRatio(comparison.characters), { labels });
}

function invalidity({ p99Ms, peakBuffered }: { readonly p99Ms: number; readonly peakBuffered: number }): { readonly invalid?: string } {
  if (p99Ms > LATE_MS) return { invalid: `sender late: p99 ${Math.round(p99Ms)} ms` };
  return peakBuffered > BACKLOG_BYTES ? { invalid: `sender backed up: ${Math.round(peakBuffered / 1024)} KiB unsent` } : {};
}

/** To a hundredth; null when there is no number. */
function round(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value * 100) / 100 : null;
}
