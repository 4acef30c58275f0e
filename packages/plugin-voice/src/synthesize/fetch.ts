import { Buffer } from 'node:buffer';
import { RealopsError, type Json, type StepContext } from '@alice/realops/plugin';
import { answerOf, codedType } from '../audio/container.js';
import { wavOf } from '../audio/wav-file.js';
import { decodableMs, decodeBytes, lengthMs } from '../ffmpeg/decode.js';
import { requestSpeech, type SpeechAnswer } from './request.js';

/** What is to be said by whom. */
export interface SpeechOrder {
  /** A target name or a URL. */
  readonly url: string;
  readonly method: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: { readonly [name: string]: unknown };
  /** Gives the sound of a JSON answer in base64; without it the body is the sound. */
  readonly audio: string | undefined;
  /** The sound is 16-bit samples of this rate without a header. */
  readonly rawRate: number | undefined;
}

/** What a synthesiser gave. */
export interface Speech {
  readonly answer: SpeechAnswer;
  /** The sound as a WAV file. */
  readonly wav: Uint8Array;
  /** How it came, where it had to be decoded. */
  readonly coded: Coded | undefined;
  /** The JSON of the answer, where it is asked for. */
  json(isNeeded: boolean): Json;
}

/** A sound that came as mp3, ogg or the like. */
export interface Coded {
  /** What it is: `MP3`. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** How much sound can be decoded of so many of its bytes. */
  decodableMs(bytes: number): Promise<number>;
}

/** As for clips. */
const LIMITS = { maxSeconds: 600, mostBytes: 256 << 20 };
/** What messages call it. */
const NAME = 'the sound';

/**
 * Has something said. A sound that is no plain WAV is decoded by ffmpeg.
 * @throws RealopsError as `requestSpeech`, REALOPS_TARGET_FAILED for a status that is not of success, REALOPS_PROTOCOL for an answer without a sound, REALOPS_INPUT_INVALID for one that cannot be decoded
 */
export async function fetchSpeech({ url, method, headers, body, audio, rawRate }: SpeechOrder, context: StepContext): Promise<Speech> {
  const { traceId } = context.step;
  const target = context.target(url);
  if (target.protocol !== 'http:' && target.protocol !== 'https:') throw new RealopsError('REALOPS_WITH_INVALID', `a synthesiser is spoken to by http and https, not ${target.protocol}//`, { hint: 'check the URL of the target' });
  const answer = await requestSpeech({
    url: target, method, clock: context.clock, signal: context.signal, body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-${traceId.slice(16)}-01`, ...headers },
  });
  if (answer.status < 200 || answer.status > 299) throw new RealopsError('REALOPS_TARGET_FAILED', `the synthesiser answered with status ${answer.status}`, { hint: 'its answer is not shown, since it may hold what was said' });
  const json = (isNeeded: boolean): Json => readJson(answer, isNeeded);
  const bytes = audio === undefined ? answer.body : Buffer.from(soundIn(await context.evaluate(audio, json(true))), 'base64');
  // Only of a body that is the sound does the type say what the sound is.
  const contentType = audio === undefined ? answer.headers['content-type'] : undefined;
  if (rawRate !== undefined) return { answer, wav: wavOf(samplesOf(bytes, contentType), rawRate), coded: undefined, json };
  const container = answerOf(bytes, contentType);
  if (container === undefined || container === 'wav') return { answer, wav: bytes, coded: undefined, json };
  const { name } = container;
  const wav = await decodeBytes(bytes, { name: NAME, kind: name, ...LIMITS }, context);
  return { answer, wav, coded: { name, bytes, decodableMs: async (length) => (length >= bytes.length ? lengthMs(wav) : decodableMs(bytes.subarray(0, length), LIMITS, context)) }, json };
}

/** Samples without a header cannot be told from anything else, so it must not say that it is something else. */
function samplesOf(bytes: Buffer, contentType: string | undefined): Buffer {
  const type = codedType(contentType);
  if (type === undefined) return bytes;
  throw new RealopsError('REALOPS_PROTOCOL', `the synthesiser answered with ${type} (${contentType ?? ''}), not with samples without a header`, { hint: 'leave pcm out: what the sound is shows in the answer' });
}

function readJson({ body }: SpeechAnswer, isNeeded: boolean): Json {
  try {
    return JSON.parse(body.toString('utf8')) as Json;
  } catch (cause) {
    if (!isNeeded) return null;
    throw new RealopsError('REALOPS_PROTOCOL', `the synthesiser answered with ${body.length} bytes that are not JSON`, { hint: 'leave audio out when the body is the sound', cause });
  }
}

function soundIn(sound: Json | undefined): string {
  if (typeof sound === 'string' && sound !== '') return sound;
  throw new RealopsError('REALOPS_PROTOCOL', `the expression audio gives ${sound === undefined ? 'nothing' : JSON.stringify(sound).slice(0, 60)}, not a text of base64`);
}
