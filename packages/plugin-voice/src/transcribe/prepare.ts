import { RealopsError, type Infer, type JsonObject, type Labels, type Millis, type StepContext } from '@alice/realops/plugin';
import { readClip } from '../audio/clip-file.js';
import { insertPauses, type Paused } from '../audio/pauses.js';
import { changingSpeed, reverberating } from '../audio/room.js';
import { inSlices, type Slices } from '../audio/slices.js';
import { findingBounds, type SpeechBounds } from '../audio/speech-bounds.js';
import { SAMPLE_RATE } from '../audio/wav.js';
import type { AsrProtocol } from '../protocols/protocol.js';
import { normaliseFor } from './compare.js';
import type { TRANSCRIBE_WITH } from './parameters.js';
import { formOf, makeStream, type Speech, type Stream } from './stream.js';

/** The parameters of `voice.transcribe` with defaults filled in. */
export type TranscribeParameters = Infer<typeof TRANSCRIBE_WITH>;

/** Everything that is ready before the first byte is sent. */
export interface Prepared extends Pick<Stream, 'snrDb' | 'lostPackets' | 'dropoutMs' | 'heldMs'> {
  readonly speech: Speech;
  readonly bounds: SpeechBounds;
  readonly clipMs: number;
  /** Where in the stream speech begins and ends, in frames: the frame that holds the first and the last speech sample. */
  readonly onsetFrame: number;
  readonly endFrame: number;
  /** Silence that was put in: the frames with the last sample before it and the first one after it. */
  readonly pauses: readonly { readonly fromFrame: number; readonly toFrame: number; readonly ms: Millis }[];
  /** Those of the suite, and our own, which no others take the place of. */
  readonly labels: Labels;
}

/**
 * Reads the clip and the noise and mixes the stream.
 * @throws RealopsError REALOPS_FILE_NOT_FOUND or REALOPS_INPUT_INVALID; a missing input is never replaced
 */
export async function prepare(parameters: TranscribeParameters, protocol: AsrProtocol, context: StepContext): Promise<Prepared> {
  const { reference, speed, reverb } = parameters;
  formOf(parameters, protocol);
  if (reference !== undefined) requireWords([reference, ...parameters.alternatives], parameters);
  const plain = await readClip(parameters.audio, context);
  const { spoken, bounds, paused } = await inSlices(preparing(plain.samples, parameters), context);
  const { speech, frameAt, labels, conditions, snrDb, lostPackets, dropoutMs, heldMs } = await makeStream(spoken, parameters, protocol, context);
  const condition = [...(speed === 1 ? [] : [`speed=${speed}`]), ...(reverb === undefined ? [] : [`reverb=${reverb.rt60Ms}`]), ...conditions].join(',');
  return {
    speech, bounds, snrDb, lostPackets, dropoutMs, heldMs,
    clipMs: plain.durationMs,
    onsetFrame: frameAt(bounds.onsetMs),
    endFrame: frameAt(bounds.endMs - SAMPLE_MS),
    pauses: paused.pauses.map(({ from, to, ms }) => ({ fromFrame: frameAt(Math.max(0, from - 1) * SAMPLE_MS), toFrame: frameAt(to * SAMPLE_MS), ms })),
    labels: { ...parameters.labels, ...labels, ...(condition === '' ? {} : { condition }) },
  };
}

const SAMPLE_MS = 1_000 / SAMPLE_RATE;

/** Speed, pauses and the room, and where speech lies then. */
function* preparing(plain: Int16Array, { onsetMs, endMs, reverb, ...parameters }: TranscribeParameters): Slices<{ readonly spoken: Int16Array; readonly bounds: SpeechBounds; readonly paused: Paused }> {
  const found = yield* findingBounds(plain, { ...(onsetMs === undefined ? {} : { onsetMs }), ...(endMs === undefined ? {} : { endMs }) });
  // As changingSpeed takes it.
  const speed = Math.round(parameters.speed * 100) / 100;
  const paused = insertPauses(yield* changingSpeed(plain, speed), parameters.pauses.map(({ atMs, ms }) => ({ atMs: atMs / speed, ms })));
  const bounds = { ...found, onsetMs: paused.later(found.onsetMs / speed), endMs: paused.later(found.endMs / speed) };
  return { spoken: reverb === undefined ? paused.samples : yield* reverberating(paused.samples, reverb), bounds, paused };
}

/** @throws RealopsError REALOPS_INPUT_INVALID for a text that cannot be held against anything */
export function requireWords(texts: readonly string[], { language, normaliser }: Pick<TranscribeParameters, 'language' | 'normaliser'>): void {
  const wordless = texts.find((text) => normaliseFor(language, text, normaliser) === '');
  if (wordless !== undefined) throw new RealopsError('REALOPS_INPUT_INVALID', `the reference transcript ${JSON.stringify(wordless)} holds no words`, { hint: 'a row without a transcript cannot be judged; leave reference out to measure latency alone' });
}

/** The recogniser's own settings. They come from YAML, so they are JSON. */
export function configOf({ config }: { readonly config?: object }): JsonObject | undefined {
  return config as JsonObject | undefined;
}
