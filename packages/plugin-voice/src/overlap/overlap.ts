import { defineStep, RealopsError, type StepContext } from '@alice/realops/plugin';
import { readClip } from '../audio/clip-file.js';
import { mixingSpeakers, type SpeakerClip } from '../audio/mix-speakers.js';
import { inSlices } from '../audio/slices.js';
import { SAMPLE_RATE } from '../audio/wav.js';
import { customProtocol } from '../protocols/custom.js';
import { PROTOCOLS } from '../protocols/index.js';
import type { AsrProtocol } from '../protocols/protocol.js';
import { connect, untilDone } from '../transcribe/connect.js';
import { endSentAt, round } from '../transcribe/conclude.js';
import { converse, type Conversation } from '../transcribe/converse.js';
import { requireWords } from '../transcribe/prepare.js';
import { formOf, makeStream } from '../transcribe/stream.js';
import { askDiariser } from './diariser.js';
import { judge, recordMissing, type OverlapParameters, type PreparedMixture } from './judge.js';
import { OVERLAP_METRICS } from './metrics.js';
import { OVERLAP_OUTPUT, OVERLAP_WITH } from './parameters.js';
import { pictureOf } from './picture.js';

/** `voice.overlap`: several who speak at once, mixed with the truth known, streamed into a recogniser. */
export const overlap = defineStep({
  use: 'voice.overlap',
  description: 'Mixes two or more speakers at given levels and places, streams the mixture into a speech recogniser, and counts word errors and, of recognisers that tell speakers apart, diarisation errors.',
  with: OVERLAP_WITH,
  output: OVERLAP_OUTPUT,
  metrics: OVERLAP_METRICS,
  async run(parameters, context) {
    const protocol = typeof parameters.protocol === 'string' ? PROTOCOLS[parameters.protocol] : customProtocol(parameters.protocol, context.evaluate);
    const { target } = parameters;
    const prepared = await prepareMixture(parameters, protocol, context);
    const conversation = target === undefined ? undefined : await stream({ ...parameters, target }, protocol, prepared, context);
    const diarised = parameters.diariser === undefined ? undefined : await askDiariser(prepared.stream.samples, parameters.diariser, context);
    const told = { recogniser: conversation?.turn.finals.flatMap(({ said = [] }) => said) ?? [], diariser: diarised ?? [] };
    context.draw(pictureOf(prepared.truth, told, (prepared.stream.samples.length / SAMPLE_RATE) * 1_000));
    return judge(parameters, prepared, { conversation, diarised }, context);
  },
});

/** Streams the mixture into the recogniser until it has answered. */
async function stream(parameters: OverlapParameters & { readonly target: string }, protocol: AsrProtocol, prepared: PreparedMixture, context: StepContext): Promise<Conversation> {
  const connection = await connect(parameters, protocol, context).catch((error: unknown) => {
    // A final was due, and never came.
    if (!context.signal.aborted) context.measure('voice.final', null, { labels: prepared.labels });
    throw error;
  });
  const { speech } = prepared.stream;
  const conversation: Conversation = converse({
    ...connection, speech, finals: 'all', clock: context.clock, signal: context.signal,
    onPartial: ({ text, confidence }) => context.note('asr_partial', { text, confidence }),
    onFinal: ({ text, confidence, at }) => context.note('asr_final', { text, confidence, latency_ms: round(at - endSentAt(conversation, { speech, endFrame: prepared.endFrame })) }),
    onSign: () => undefined,
  });
  await untilDone(conversation, context, () => recordMissing(parameters, prepared, conversation, context));
  return conversation;
}

/**
 * Reads and mixes everybody, and makes the stream.
 * @throws RealopsError REALOPS_FILE_NOT_FOUND, REALOPS_INPUT_INVALID or REALOPS_WITH_INVALID, before anything is sent
 */
async function prepareMixture(parameters: OverlapParameters, protocol: AsrProtocol, context: StepContext): Promise<PreparedMixture> {
  formOf(parameters, protocol);
  checkSpeakers(parameters);
  const clips: SpeakerClip[] = [];
  for (const { id, audio, levelDb, startMs, overlapMs, segments } of parameters.speakers) {
    const { samples } = await readClip(audio, context);
    clips.push({ id, samples, levelDb, ...(startMs === undefined ? {} : { startMs }), ...(overlapMs === undefined ? {} : { overlapMs }), ...(segments === undefined ? {} : { segments }) });
  }
  const mixture = await inSlices(mixingSpeakers(clips), context);
  const made = await makeStream(mixture.samples, parameters, protocol, context);
  const truth = mixture.speakers.flatMap(({ id, segments }) => segments.map(({ startMs, endMs }) => ({ speaker: id, startMs: startMs + parameters.leadMs, endMs: endMs + parameters.leadMs })));
  const lastMs = Math.max(...truth.map(({ endMs }) => endMs)) - parameters.leadMs;
  const endFrame = made.frameAt(lastMs - 1_000 / SAMPLE_RATE);
  const condition = made.conditions.join(',');
  return {
    stream: made, mixture, truth, endFrame,
    durationMs: (mixture.samples.length / SAMPLE_RATE) * 1_000,
    labels: { ...made.labels, speakers: String(parameters.speakers.length), ...(condition === '' ? {} : { condition }) },
  };
}

function checkSpeakers(parameters: OverlapParameters): void {
  const { speakers, follow, target, diariser } = parameters;
  if (target === undefined && diariser === undefined) throw new RealopsError('REALOPS_WITH_INVALID', 'nobody is asked', { hint: 'give the target of a recogniser, or a diariser' });
  if (target === undefined && follow !== undefined) throw new RealopsError('REALOPS_WITH_INVALID', `without a recogniser nothing follows ${follow}`, { hint: 'give a target' });
  const twice = speakers.find(({ id }, index) => speakers.findIndex((other) => other.id === id) !== index);
  if (twice !== undefined) throw new RealopsError('REALOPS_WITH_INVALID', `two speakers have the id ${JSON.stringify(twice.id)}`);
  const both = speakers.find(({ startMs, overlapMs }) => startMs !== undefined && overlapMs !== undefined);
  if (both !== undefined) throw new RealopsError('REALOPS_WITH_INVALID', `the speaker ${both.id} has startMs and overlapMs`, { hint: 'keep one of them' });
  if (speakers[0]?.overlapMs !== undefined) throw new RealopsError('REALOPS_WITH_INVALID', `${speakers[0].id} is the first speaker, and overlaps nobody before`, { hint: 'give overlapMs to the second one' });
  const followed = speakers.find(({ id }) => id === follow);
  if (follow !== undefined && followed?.reference === undefined) {
    throw new RealopsError('REALOPS_WITH_INVALID', followed === undefined ? `there is no speaker ${JSON.stringify(follow)} to follow` : `what ${follow} says is not given, so nothing can be held against it`, { hint: followed === undefined ? `the speakers are ${speakers.map(({ id }) => id).join(', ')}` : 'give its reference' });
  }
  requireWords(speakers.flatMap(({ reference }) => (reference === undefined ? [] : [reference])), parameters);
}
