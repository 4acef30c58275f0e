import { defineStep, RealopsError, type Infer, type Millis, type StepContext } from '@alice/realops/plugin';
import { readClip } from '../audio/clip-file.js';
import { checkStretches, findingSpeech, type Stretch } from '../audio/speech-bounds.js';
import { inSlices } from '../audio/slices.js';
import { SAMPLE_RATE } from '../audio/wav.js';
import { customProtocol } from '../protocols/custom.js';
import { PROTOCOLS } from '../protocols/index.js';
import type { AsrProtocol } from '../protocols/protocol.js';
import { invalidityOf } from '../stream/pace.js';
import { connect } from '../transcribe/connect.js';
import { round, sentAt } from '../transcribe/conclude.js';
import { converse, type Conversation, type Sign } from '../transcribe/converse.js';
import { formOf, makeStream, type Stream } from '../transcribe/stream.js';
import { compareStretches, type VadComparison } from './compare.js';
import { claimed, createVadListener } from './listen.js';
import { VAD_METRICS } from './metrics.js';
import { pictureOf } from './picture.js';
import { VAD_OUTPUT, VAD_WITH } from './parameters.js';

type VadParameters = Infer<typeof VAD_WITH>;

const NOTES: { readonly [sign in Sign]: string } = { speechStart: 'asr_speech_start', speechStop: 'asr_speech_stop', turnEnd: 'asr_turn_end' };

/** `voice.vad`: streams a clip and holds when the recogniser says that it hears speech against where speech is. */
export const vad = defineStep({
  use: 'voice.vad',
  description: 'Streams a clip in real time into a recogniser and measures when it says that speech begins and ends against the truth: signed errors, misses and false alarms, in stretches and in time.',
  with: VAD_WITH,
  output: VAD_OUTPUT,
  metrics: VAD_METRICS,
  async run(parameters, context) {
    const protocol = typeof parameters.protocol === 'string' ? PROTOCOLS[parameters.protocol] : customProtocol(parameters.protocol, context.evaluate);
    checkProtocol(parameters, protocol);
    const { stream, truth } = await prepareStream(parameters, protocol, context);
    const connection = await connect(parameters, protocol, context);
    const listener = createVadListener();
    const hear = (sign: Sign, at: Millis, claimedMs?: Millis): void => {
      // A turn that ends may be told in addition; by its own account its speech has ended before.
      if (parameters.time === 'claim' && sign === 'turnEnd' && claimedMs === undefined) return;
      listener.says(sign, parameters.time === 'claim' ? claimed(sign, claimedMs, protocol.name) : at - conversation.pacer.startedAt);
      context.note(NOTES[sign], { at_ms: round(at - conversation.pacer.startedAt), claimed_ms: claimedMs ?? null });
    };
    const conversation: Conversation = converse({
      ...connection, speech: stream.speech, finals: 'none', clock: context.clock, signal: context.signal,
      onPartial: ({ at }) => void (parameters.by === 'texts' && hear('speechStart', at)),
      onFinal: ({ at }) => void (parameters.by === 'texts' && hear('speechStop', at)),
      onSign: (sign, at, claimedMs) => void (parameters.by === 'signs' && hear(sign, at, claimedMs)),
    });
    await conversation.done;
    const streamMs = (stream.speech.bytes.length / stream.speech.frameBytes) * stream.speech.frameMs + stream.speech.idleMs;
    const found = listener.found(streamMs);
    const comparison = compareStretches(truth, found, { streamMs, toleranceMs: parameters.toleranceMs, collarMs: parameters.collarMs });
    context.draw(pictureOf(comparison, found, streamMs));
    return conclude(parameters, { stream, found, comparison, streamMs }, conversation, context);
  },
});

/** @throws RealopsError REALOPS_WITH_INVALID for a recogniser that cannot be asked in this way */
function checkProtocol(parameters: VadParameters, protocol: AsrProtocol): void {
  formOf(parameters, protocol);
  if (parameters.by === 'texts' && parameters.time === 'claim') throw new RealopsError('REALOPS_WITH_INVALID', 'texts do not claim where speech is', { hint: 'leave time: claim out' });
  if (parameters.by === 'signs' && protocol.tellsSpeech !== true) {
    throw new RealopsError('REALOPS_WITH_INVALID', `the protocol ${protocol.name} does not say when speech begins and ends`, { hint: protocol.name === 'custom' ? 'give it speechStart, and speechStop or turnEnd' : 'with by: texts the first partial is the beginning and the final the end' });
  }
}

async function prepareStream(parameters: VadParameters, protocol: AsrProtocol, context: StepContext): Promise<{ readonly stream: Stream; readonly truth: readonly Stretch[] }> {
  const { samples } = await readClip(parameters.audio, context);
  if (parameters.segments !== undefined) checkStretches(parameters.segments, samples, 'the clip');
  const speech = parameters.segments ?? (await inSlices(findingSpeech(samples, parameters.minSilenceMs), context));
  const stream = await makeStream(samples, parameters, protocol, context);
  return { stream, truth: speech.map(({ startMs, endMs }) => ({ startMs: startMs + parameters.leadMs, endMs: endMs + parameters.leadMs })) };
}

interface Result {
  readonly stream: Stream;
  readonly found: readonly Stretch[];
  readonly comparison: VadComparison;
  readonly streamMs: Millis;
}

function conclude(parameters: VadParameters, { stream, found, comparison, streamMs }: Result, conversation: Conversation, context: StepContext): Infer<typeof VAD_OUTPUT> {
  const { leadMs, time, collarMs } = parameters;
  const pace = conversation.pacer.report();
  const condition = stream.conditions.join(',');
  const labels = { ...stream.labels, time, ...(condition === '' ? {} : { condition }) };
  const inTime = { labels, ...(time === 'arrival' ? invalidityOf(pace) : {}) };
  /** Errors count from when the sample was sent; in the stream from where it is. */
  const since = (errorMs: Millis | null, placeMs: Millis, sampleMs: Millis): number | null => {
    if (errorMs === null || time === 'claim') return round(errorMs ?? NaN);
    return round(errorMs + placeMs + conversation.pacer.startedAt - sentAt(conversation, stream.speech, stream.frameAt(sampleMs - leadMs)));
  };
  const truth = comparison.truth.map(({ startMs, endMs, missed, startErrorMs, endErrorMs }) => ({
    startMs, endMs, missed, startErrorMs: since(startErrorMs, startMs, startMs), endErrorMs: since(endErrorMs, endMs, endMs - 1_000 / SAMPLE_RATE),
  }));
  for (const { missed, startErrorMs, endErrorMs } of truth) {
    context.measure('voice.vadMiss', missed, inTime);
    if (startErrorMs !== null) context.measure('voice.vadStart', startErrorMs, inTime);
    if (endErrorMs !== null) context.measure('voice.vadStop', endErrorMs, inTime);
  }
  for (const isFalse of comparison.falseAlarms) context.measure('voice.vadFalseAlarm', isFalse, inTime);
  const { speechMs, missedMs, otherMs, falseMs } = comparison;
  const scored = { ...inTime, labels: { ...labels, collar: String(collarMs) } };
  if (speechMs > 0) context.measure('voice.vadMissedTime', { part: missedMs, whole: speechMs }, scored);
  if (otherMs > 0) context.measure('voice.vadFalseTime', { part: falseMs, whole: otherMs }, scored);
  context.measure('voice.senderLateness', pace.p99Ms, { labels });
  return {
    found: found.map(({ startMs, endMs }) => ({ startMs: round(startMs) ?? 0, endMs: round(endMs) ?? 0 })),
    truth,
    truthSource: parameters.segments === undefined ? 'vad' : 'given',
    misses: truth.filter(({ missed }) => missed).length,
    falseAlarms: comparison.falseAlarms.filter((isFalse) => isFalse).length,
    missedShare: speechMs === 0 ? null : missedMs / speechMs,
    falseShare: otherMs === 0 ? null : falseMs / otherMs,
    snrDb: round(stream.snrDb ?? NaN),
    senderLatenessP99Ms: round(pace.p99Ms) ?? 0,
    durationMs: streamMs,
  };
}
