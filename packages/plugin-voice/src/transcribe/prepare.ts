import { basename, extname } from 'node:path';
import { RealopsError, type Infer, type JsonObject, type Labels, type Millis, type StepContext } from '@alice/realops/plugin';
import { BYTES_OF, encodeAudio, type AudioForm } from '../audio/encode.js';
import { mixNoise } from '../audio/mix-noise.js';
import { sendOver } from '../audio/connection.js';
import { insertPauses } from '../audio/pauses.js';
import { changeSpeed, reverberate } from '../audio/room.js';
import { speechBounds, type SpeechBounds } from '../audio/speech-bounds.js';
import { readClip } from '../audio/clip-file.js';
import { SAMPLE_RATE } from '../audio/wav.js';
import type { AsrProtocol } from '../protocols/protocol.js';
import { normaliseFor } from './compare.js';
import type { TRANSCRIBE_WITH } from './parameters.js';

/** The parameters of `voice.transcribe` with defaults filled in. */
export type TranscribeParameters = Infer<typeof TRANSCRIBE_WITH>;

/** What is sent, in the form that the protocol wants. */
export interface Speech {
  /** Lead, clip and tail, noise included; whole frames. */
  readonly bytes: Uint8Array;
  readonly frameBytes: number;
  readonly frameMs: Millis;
  /** Nothing is sent for so long before the end message. */
  readonly idleMs: Millis;
}

/** Everything that is ready before the first byte is sent. */
export interface Prepared {
  readonly speech: Speech;
  readonly bounds: SpeechBounds;
  readonly clipMs: number;
  /** Where in the stream speech begins and ends, in frames: the frame that holds the first and the last speech sample. */
  readonly onsetFrame: number;
  readonly endFrame: number;
  /** Silence that was put in: the frames with the last sample before it and the first one after it. */
  readonly pauses: readonly { readonly fromFrame: number; readonly toFrame: number; readonly ms: Millis }[];
  readonly snrDb: number | null;
  readonly lostPackets: number;
  /** Those of the suite, and our own, which no others take the place of. */
  readonly labels: Labels;
}

/**
 * Reads the clip and the noise and mixes the stream.
 * @throws RealopsError REALOPS_FILE_NOT_FOUND or REALOPS_INPUT_INVALID; a missing input is never replaced
 */
export async function prepare(parameters: TranscribeParameters, protocol: AsrProtocol, context: StepContext): Promise<Prepared> {
  const { reference, noise, onsetMs, endMs, frameMs = protocol.frameMs } = parameters;
  const form = formOf(parameters, protocol);
  const wordless = [...(reference === undefined ? [] : [reference]), ...parameters.alternatives].find((text) => normaliseFor(parameters.language, text, parameters.normaliser) === '');
  if (wordless !== undefined) throw new RealopsError('REALOPS_INPUT_INVALID', `the reference transcript ${JSON.stringify(wordless)} holds no words`, { hint: 'a row without a transcript cannot be judged; leave reference out to measure latency alone' });
  const plain = await readClip(parameters.audio, context);
  const found = speechBounds(plain.samples, { ...(onsetMs === undefined ? {} : { onsetMs }), ...(endMs === undefined ? {} : { endMs }) });
  const { reverb } = parameters;
  // As changeSpeed takes it.
  const speed = Math.round(parameters.speed * 100) / 100;
  const paused = insertPauses(changeSpeed(plain.samples, speed), parameters.pauses.map(({ atMs, ms }) => ({ atMs: atMs / speed, ms })));
  const bounds = { ...found, onsetMs: paused.later(found.onsetMs / speed), endMs: paused.later(found.endMs / speed) };
  const spoken = reverb === undefined ? paused.samples : reverberate(paused.samples, reverb);
  const lead = samplesIn(parameters.leadMs);
  const around = { leadSamples: lead, tailSamples: parameters.tail === 'silence' ? samplesIn(parameters.tailMs) : 0 };
  const frame = samplesIn(frameMs);
  const mix = noise === undefined ? undefined : mixNoise(spoken, (await readClip(noise.file, context)).samples, { ...around, snrDb: noise.snrDb, seed: noise.seed ?? Math.floor(context.random() * 2 ** 31) });
  const { gainDb = 0, codec, loss } = parameters.connection ?? {};
  const arrived = sendOver(mix?.samples ?? pad(spoken, around), { gainDb, ...(codec === undefined ? {} : { codec }), ...(loss === undefined ? {} : { loss }) }, context.random);
  return {
    speech: {
      bytes: encodeAudio(toFrames(arrived.samples, frame), SAMPLE_RATE, form),
      frameBytes: (form.rate / 1_000) * frameMs * BYTES_OF[form.encoding],
      frameMs,
      idleMs: parameters.tail === 'silence' ? 0 : parameters.tailMs,
    },
    bounds,
    clipMs: plain.durationMs,
    onsetFrame: Math.floor((lead + samplesIn(bounds.onsetMs)) / frame),
    endFrame: Math.floor((lead + samplesIn(bounds.endMs) - 1) / frame),
    pauses: paused.pauses.map(({ from, to, ms }) => ({ fromFrame: Math.floor((lead + Math.max(0, from - 1)) / frame), toFrame: Math.floor((lead + to) / frame), ms })),
    snrDb: mix?.snrDb ?? null,
    lostPackets: arrived.lost,
    labels: {
      ...parameters.labels,
      ...(noise === undefined ? { noise: 'none' } : { noise: basename(noise.file, extname(noise.file)), snr: String(noise.snrDb) }),
      ...conditionOf(parameters),
    },
  };
}

/** What was done to the speech, as a label: `speed=1.1,codec=g711`. */
function conditionOf({ speed, reverb, connection }: TranscribeParameters): { readonly condition?: string } {
  const parts = [
    speed === 1 ? '' : `speed=${speed}`, reverb === undefined ? '' : `reverb=${reverb.rt60Ms}`, (connection?.gainDb ?? 0) === 0 ? '' : `gain=${connection?.gainDb ?? 0}`,
    connection?.codec === undefined ? '' : `codec=${connection.codec}`, connection?.loss === undefined ? '' : `loss=${connection.loss.percent}`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? {} : { condition: parts.join(',') };
}

/** The recogniser's own settings. They come from YAML, so they are JSON. */
export function configOf({ config }: { readonly config?: object }): JsonObject | undefined {
  return config as JsonObject | undefined;
}

/** The form in which the protocol is given speech. @throws RealopsError REALOPS_WITH_INVALID for one that it cannot be given */
export function formOf({ encoding }: TranscribeParameters, protocol: AsrProtocol): AudioForm {
  const form = encoding === undefined ? protocol.audio[0] : protocol.audio.find((each) => each.encoding === encoding);
  if (form !== undefined) return form;
  throw new RealopsError('REALOPS_WITH_INVALID', `the protocol ${protocol.name} cannot be given speech as ${String(encoding)}`, { hint: `it takes ${protocol.audio.map((each) => each.encoding).join(' or ')}` });
}

function samplesIn(ms: number): number {
  return Math.round((ms * SAMPLE_RATE) / 1000);
}

function pad(samples: Int16Array, { leadSamples, tailSamples }: { readonly leadSamples: number; readonly tailSamples: number }): Int16Array {
  const out = new Int16Array(leadSamples + samples.length + tailSamples);
  out.set(samples, leadSamples);
  return out;
}

/** Filled up to whole frames. */
function toFrames(samples: Int16Array, frame: number): Int16Array {
  const out = new Int16Array(Math.ceil(samples.length / frame) * frame);
  out.set(samples);
  return out;
}
