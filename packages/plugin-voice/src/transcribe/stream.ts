import { basename, extname } from 'node:path';
import { RealopsError, type Millis, type StepContext } from '@alice/realops/plugin';
import { readClip } from '../audio/clip-file.js';
import { sendingOver, type Arrived, type ConnectionOptions } from '../audio/connection.js';
import { BYTES_OF, encodingAudio, type AudioForm } from '../audio/encode.js';
import { holdsOf } from '../audio/jitter.js';
import { mixingNoise, type Mix } from '../audio/mix-noise.js';
import { inSlices, type Slices } from '../audio/slices.js';
import { SAMPLE_RATE } from '../audio/wav.js';
import type { AsrProtocol } from '../protocols/protocol.js';
import type { TranscribeParameters } from './prepare.js';

/** What of the parameters says how speech is sent. */
export type StreamParameters = Pick<TranscribeParameters, 'encoding' | 'noise' | 'connection' | 'leadMs' | 'tailMs' | 'tail' | 'frameMs'>;

/** What is sent, in the form that the protocol wants. */
export interface Speech {
  /** Lead, clip and tail, noise included; whole frames. */
  readonly bytes: Uint8Array;
  readonly frameBytes: number;
  readonly frameMs: Millis;
  /** Nothing is sent for so long before the end message. */
  readonly idleMs: Millis;
  /** How long the connection holds back each frame; none when absent. */
  readonly holdsMs?: Float64Array;
  /** Frames that are never sent, though their time passes. */
  readonly unsent?: ReadonlySet<number>;
}

/** Speech on its way to a recogniser. */
export interface Stream {
  readonly speech: Speech;
  /** All that is sent, at 16 kHz, whatever form the protocol wants; silent where nothing is sent. */
  readonly samples: Int16Array;
  /** The frame that holds the sample at this moment of the clip. */
  frameAt(clipMs: Millis): number;
  readonly snrDb: number | null;
  readonly lostPackets: number;
  /** How long all dropouts are together. */
  readonly dropoutMs: Millis;
  /** The longest time that a frame is held back. */
  readonly heldMs: Millis;
  readonly labels: { readonly noise: string; readonly snr?: string };
  /** What the connection does, for the label `condition`. */
  readonly conditions: readonly string[];
}

/**
 * Puts lead and tail around what is said, noise under all of it and the connection behind it.
 * @throws RealopsError REALOPS_FILE_NOT_FOUND or REALOPS_INPUT_INVALID; missing noise is never silence
 */
export async function makeStream(spoken: Int16Array, parameters: StreamParameters, protocol: AsrProtocol, context: StepContext): Promise<Stream> {
  const { noise, connection, frameMs = protocol.frameMs } = parameters;
  const form = formOf(parameters, protocol);
  const bed = noise === undefined ? undefined : (await readClip(noise.file, context)).samples;
  const seed = noise === undefined ? 0 : (noise.seed ?? Math.floor(context.random() * 2 ** 31));
  const { bytes, mix, arrived } = await inSlices(making(spoken, bed, { parameters, form, frame: samplesIn(frameMs), seed, random: () => context.random() }), context);
  const frames = Math.ceil(arrived.samples.length / samplesIn(frameMs));
  const holdsMs = connection?.jitter === undefined ? undefined : holdsOf(frames, frameMs, connection.jitter, () => context.random());
  const unsent = connection?.dropout?.as === 'nothing' ? framesIn(arrived, frameMs) : undefined;
  return {
    speech: {
      bytes, frameMs,
      frameBytes: (form.rate / 1_000) * frameMs * BYTES_OF[form.encoding],
      idleMs: parameters.tail === 'silence' ? 0 : parameters.tailMs,
      ...(holdsMs === undefined ? {} : { holdsMs }),
      ...(unsent === undefined ? {} : { unsent }),
    },
    samples: arrived.samples,
    frameAt: (clipMs) => Math.floor((samplesIn(parameters.leadMs) + samplesIn(clipMs)) / samplesIn(frameMs)),
    snrDb: mix?.snrDb ?? null,
    lostPackets: arrived.lost,
    dropoutMs: arrived.dropouts.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0),
    heldMs: holdsMs?.reduce((most, hold) => Math.max(most, hold), 0) ?? 0,
    labels: noise === undefined ? { noise: 'none' } : { noise: basename(noise.file, extname(noise.file)), snr: String(noise.snrDb) },
    conditions: conditionsOf(connection),
  };
}

/** The form in which the protocol is given speech. @throws RealopsError REALOPS_WITH_INVALID for one that it cannot be given */
export function formOf({ encoding }: Pick<TranscribeParameters, 'encoding'>, protocol: AsrProtocol): AudioForm {
  const form = encoding === undefined ? protocol.audio[0] : protocol.audio.find((each) => each.encoding === encoding);
  if (form !== undefined) return form;
  throw new RealopsError('REALOPS_WITH_INVALID', `the protocol ${protocol.name} cannot be given speech as ${String(encoding)}`, { hint: `it takes ${protocol.audio.map((each) => each.encoding).join(' or ')}` });
}

interface Making {
  readonly parameters: StreamParameters;
  readonly form: AudioForm;
  /** Samples of a frame. */
  readonly frame: number;
  readonly seed: number;
  random(): number;
}

const NONE: ConnectionOptions = {};

function* making(spoken: Int16Array, bed: Int16Array | undefined, { parameters, form, frame, seed, random }: Making): Slices<{ readonly bytes: Uint8Array; readonly mix: Mix | undefined; readonly arrived: Arrived }> {
  const { noise, connection = NONE } = parameters;
  const around = { leadSamples: samplesIn(parameters.leadMs), tailSamples: parameters.tail === 'silence' ? samplesIn(parameters.tailMs) : 0 };
  const mix = noise === undefined || bed === undefined ? undefined : yield* mixingNoise(spoken, bed, { ...around, snrDb: noise.snrDb, seed });
  const arrived = yield* sendingOver(mix?.samples ?? pad(spoken, around), connection, random);
  yield;
  return { bytes: yield* encodingAudio(toFrames(arrived.samples, frame), SAMPLE_RATE, form), mix, arrived };
}

/** A frame is dropped when most of it is. */
function framesIn({ dropouts }: Arrived, frameMs: Millis): ReadonlySet<number> {
  return new Set(dropouts.flatMap(({ fromMs, toMs }) => {
    const first = Math.round(fromMs / frameMs);
    return Array.from({ length: Math.round(toMs / frameMs) - first }, (_, index) => first + index);
  }));
}

function conditionsOf(connection: StreamParameters['connection']): readonly string[] {
  if (connection === undefined) return [];
  const { gainDb, codec, loss, dropout, jitter } = connection;
  return [
    ...(gainDb === 0 ? [] : [`gain=${gainDb}`]), ...(codec === undefined ? [] : [`codec=${codec}`]), ...(loss === undefined ? [] : [`loss=${loss.percent}`]),
    ...(dropout === undefined ? [] : [`dropout=${dropout.ms}${dropout.as === 'nothing' ? '-nothing' : ''}`]), ...(jitter === undefined ? [] : [`jitter=${jitter.meanMs}`]),
  ];
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
