import type { Infer, Labels, StepContext } from '@alice/realops/plugin';
import type { Mixture } from '../audio/mix-speakers.js';
import { inSlices } from '../audio/slices.js';
import { diarisationErrors, type Spoken } from '../diarise/der.js';
import type { Said } from '../protocols/protocol.js';
import { asRatio, normaliseFor } from '../transcribe/compare.js';
import { finalLatency, round } from '../transcribe/conclude.js';
import type { Conversation } from '../transcribe/converse.js';
import type { Stream } from '../transcribe/stream.js';
import { invalidityOf } from '../stream/pace.js';
import { concatenatedErrors, mixedErrors, type SpeakerText } from '../wer/speakers.js';
import { wordErrors } from '../wer/wer.js';
import type { Share } from '../wer/keywords.js';
import type { OVERLAP_OUTPUT, OVERLAP_WITH } from './parameters.js';

/** The parameters of `voice.overlap` with defaults filled in. */
export type OverlapParameters = Infer<typeof OVERLAP_WITH>;

/** A mixture on its way, and the truth about it. */
export interface PreparedMixture {
  readonly stream: Stream;
  readonly mixture: Mixture;
  /** Who speaks when, in ms of the stream. */
  readonly truth: readonly Spoken[];
  readonly durationMs: number;
  /** The frame with the last speech sample of all. */
  readonly endFrame: number;
  readonly labels: Labels;
}

/** What came back: a conversation with a recogniser, and who spoke when by the account of a diariser; undefined for what was not asked. */
export interface Answers {
  readonly conversation: Conversation | undefined;
  readonly diarised: readonly Spoken[] | undefined;
}

const NO_WORDS: Errors = { follow: undefined, overlap: undefined, cp: undefined };

/** Holds what was understood against the truth, measures, and makes the output. */
export async function judge(parameters: OverlapParameters, prepared: PreparedMixture, { conversation, diarised }: Answers, context: StepContext): Promise<Infer<typeof OVERLAP_OUTPUT>> {
  const { stream, mixture, truth, labels } = prepared;
  const { collarMs } = parameters;
  const finals = conversation?.turn.finals ?? [];
  const text = finals.map((each) => each.text.trim()).filter((each) => each !== '').join(' ');
  const said = finals.flatMap((each) => each.said ?? []);
  const { follow, overlap, cp } = conversation === undefined ? NO_WORDS : await errorsOf(parameters, text, said, context);
  for (const [metric, share] of [['voice.wer', follow], ['voice.overlapWer', overlap], ['voice.cpWer', cp]] as const) if (share !== undefined) context.measure(metric, { part: share.part, whole: share.whole }, { labels });
  const der = (by: string, segments: readonly Spoken[] | undefined): number | null => {
    const found = segments === undefined ? undefined : diarisationErrors(truth, segments, collarMs);
    // Where the collars leave nothing to be scored there is no rate.
    if (found === undefined || found.total === 0) return null;
    context.measure('voice.der', { part: found.missed + found.falseAlarm + found.confusion, whole: found.total }, { labels: { ...labels, collar: String(collarMs), by } });
    return round(found.der);
  };
  const rates = { der: der('recogniser', said.length === 0 ? undefined : said), diariserDer: der('diariser', diarised) };
  const timing = conversation === undefined ? { finalMs: null, senderLatenessP99Ms: 0 } : measureTime(prepared, conversation, context);

  const inStream = (ms: number): number => ms + parameters.leadMs;
  const overlaps = mixture.overlaps.map(({ startMs, endMs }) => ({ startMs: inStream(startMs), endMs: inStream(endMs) }));
  return {
    text,
    said: said.map(({ speaker, startMs, endMs, text: words }) => ({ speaker, startMs, endMs, text: words })),
    truth: truth.map(({ speaker, startMs, endMs }) => ({ speaker, startMs, endMs })),
    overlaps,
    overlapMs: overlaps.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
    wer: rateOf(follow),
    overlapWer: rateOf(overlap),
    cpWer: rateOf(cp),
    ...rates,
    diarised: (diarised ?? []).map(({ speaker, startMs, endMs }) => ({ speaker, startMs, endMs })),
    collarMs,
    levels: mixture.speakers.map(({ id, levelDb }) => ({ speaker: id, levelDb: round(levelDb) ?? 0, takenFor: cp?.of.get(id) ?? null })),
    gain: mixture.gain,
    ...timing,
    snrDb: round(stream.snrDb ?? NaN),
    durationMs: prepared.durationMs,
  };
}

function measureTime({ stream, endFrame, labels }: PreparedMixture, conversation: Conversation, context: StepContext): { readonly finalMs: number | null; readonly senderLatenessP99Ms: number } {
  const pace = conversation.pacer.report();
  const { latencyMs, truncated } = finalLatency(conversation.turn.finals.at(-1)?.at ?? NaN, conversation, { speech: stream.speech, endFrame });
  if (!truncated) context.measure('voice.final', latencyMs, { labels, ...invalidityOf(pace) });
  context.measure('voice.missingFinal', false, { labels });
  context.measure('voice.senderLateness', pace.p99Ms, { labels });
  return { finalMs: round(latencyMs), senderLatenessP99Ms: round(pace.p99Ms) ?? 0 };
}

/** A recogniser that was reached but gave no final: every word of everybody is deleted. Whether it would have told speakers apart nobody knows. */
export function recordMissing(parameters: OverlapParameters, { labels }: PreparedMixture, { turn, pacer }: Conversation, context: StepContext): void {
  const pace = pacer.report();
  if (turn.finals.length === 0) {
    const all = wholeOf(parameters);
    const missing = { ...labels, final: 'missing' };
    if (all.follow !== undefined) context.measure('voice.wer', { part: all.follow, whole: all.follow }, { labels: missing });
    if (all.everybody !== undefined) context.measure('voice.overlapWer', { part: all.everybody, whole: all.everybody }, { labels: missing });
    context.measure('voice.missingFinal', true, { labels });
    context.measure('voice.final', null, { labels });
  }
  if (pace.sent > 0) context.measure('voice.senderLateness', pace.p99Ms, { labels });
}

interface Errors {
  readonly follow: Share | undefined;
  readonly overlap: Share | undefined;
  readonly cp: ReturnType<typeof concatenatedErrors> | undefined;
}

async function errorsOf(parameters: OverlapParameters, text: string, said: readonly Said[], context: StepContext): Promise<Errors> {
  const normalised = (given: string): string => normaliseFor(parameters.language, given, parameters.normaliser);
  const references = referencesOf(parameters);
  const heard = normalised(text);
  const followed = parameters.speakers.find(({ id }) => id === parameters.follow)?.reference;
  return {
    follow: followed === undefined ? undefined : asRatio(wordErrors(normalised(followed), heard)),
    overlap: references === undefined ? undefined : await inSlices(mixedErrors(references.map((each) => each.text), heard), context),
    cp: references === undefined || said.length === 0 ? undefined : concatenatedErrors(references, bySpeaker(said).map((each) => ({ ...each, text: normalised(each.text) }))),
  };
}

/** What everybody said, normalised; nothing where it is not known of everybody. */
function referencesOf({ speakers, language, normaliser }: OverlapParameters): readonly SpeakerText[] | undefined {
  const known = speakers.flatMap(({ id, reference }) => (reference === undefined ? [] : [{ speaker: id, text: normaliseFor(language, reference, normaliser) }]));
  return known.length === speakers.length ? known : undefined;
}

function wholeOf(parameters: OverlapParameters): { readonly follow: number | undefined; readonly everybody: number | undefined } {
  const words = (text: string): number => text.split(' ').filter((word) => word !== '').length;
  const references = referencesOf(parameters);
  const followed = parameters.speakers.find(({ id }) => id === parameters.follow)?.reference;
  return { follow: followed === undefined ? undefined : words(normaliseFor(parameters.language, followed, parameters.normaliser)), everybody: references?.reduce((sum, { text }) => sum + words(text), 0) };
}

/** All that each speaker is said to have said, in the order of time. */
function bySpeaker(said: readonly Said[]): readonly SpeakerText[] {
  const texts = new Map<string, string>();
  for (const { speaker, text } of [...said].sort((a, b) => a.startMs - b.startMs)) texts.set(speaker, `${texts.get(speaker) ?? ''} ${text}`.trim());
  return [...texts].map(([speaker, text]) => ({ speaker, text }));
}

function rateOf(share: Share | undefined): number | null {
  return share === undefined || share.whole === 0 ? null : share.part / share.whole;
}
