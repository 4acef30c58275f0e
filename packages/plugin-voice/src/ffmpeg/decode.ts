import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealopsError, type CheckContext } from '@alice/realops/plugin';
import { findFfmpeg, GET_FFMPEG, type Ffmpeg } from './find.js';
import { runProcess, type Ended } from './process.js';

/** What is decoded, and how much of it. */
export interface DecodeOptions {
  /** What messages call it. */
  readonly name: string;
  /** What it is: `MP3`. */
  readonly kind: string;
  readonly maxSeconds: number;
  readonly mostBytes: number;
}

const DECODE_MS = 60_000;
/** Formats that hold sound and name no other files: a list of pieces would be followed to wherever it leads. */
const FORMATS = 'mp3,ogg,flac,mov,matroska,aac,aiff,au,caf,amr,amrnb,amrwb,asf,wav,w64';
/** Decoders leave out what encoders put in at both ends, and lengths are given in hundredths of a second. */
const SLACK_S = 0.15;
const SLACK_SHARE = 0.005;

/**
 * The first sound of a file as a WAV file of 32-bit floats, at its own rate and with its own channels. The exit code is not believed: what was decoded must be as long as the file says.
 * @throws RealopsError REALOPS_INPUT_INVALID for a file that cannot be decoded, is cut off, or needs an ffmpeg that is not there; REALOPS_COMMAND_FAILED for an ffmpeg that does not work
 */
export async function decodeFile(path: string, options: DecodeOptions, context: CheckContext): Promise<Uint8Array> {
  return decode(await ffmpegFor(options, context), path, options, context);
}

async function ffmpegFor({ name, kind }: DecodeOptions, context: CheckContext): Promise<Ffmpeg> {
  const ffmpeg = await findFfmpeg(context);
  if (ffmpeg !== undefined) return ffmpeg;
  throw new RealopsError('REALOPS_INPUT_INVALID', `${name} is ${kind}, and there is no ffmpeg to read it with`, { hint: GET_FFMPEG });
}

async function decode(ffmpeg: Ffmpeg, path: string, { name, kind, maxSeconds, mostBytes }: DecodeOptions, context: CheckContext): Promise<Uint8Array> {
  const refuse = (how: string, hint?: string): never => {
    throw new RealopsError('REALOPS_INPUT_INVALID', `${name} ${how}`, { hint });
  };
  const { code, output, errors, isCut } = await run(ffmpeg, path, { maxSeconds, mostBytes }, context).catch((error: unknown) => {
    if (error instanceof RealopsError && error.code === 'REALOPS_TIMEOUT' && !context.signal.aborted) return refuse(`could not be decoded within ${DECODE_MS / 1_000} s`);
    throw error;
  });
  if (isCut) return refuse(`holds more than ${Math.round(mostBytes / 2 ** 20)} MiB of sound`, 'cut it into utterances');
  if (code !== 0 || output.length === 0) return refuse(`cannot be decoded: ${reasonOf(errors, path) || `ffmpeg ended with ${code}`}`, `ffmpeg ${ffmpeg.version} took it for ${kind}`);
  const [declared, decoded] = [declaredSeconds(errors), lengthMs(output) / 1_000];
  if (declared !== undefined && decoded < Math.min(declared, maxSeconds) - SLACK_S - SLACK_SHARE * declared) {
    return refuse(`is cut off or damaged: it should last ${declared.toFixed(2)} s, but only ${decoded.toFixed(2)} s could be decoded`, 'copy or record the file again');
  }
  return output;
}

/** The same of bytes that are no file: how long a sound is shows in many formats only to who can go to and fro in it, so they are one for so long. */
export async function decodeBytes(bytes: Uint8Array, options: DecodeOptions, context: CheckContext): Promise<Uint8Array> {
  const ffmpeg = await ffmpegFor(options, context);
  const folder = await mkdtemp(join(tmpdir(), 'realops-sound-'));
  try {
    const path = join(folder, 'sound');
    await writeFile(path, bytes, { mode: 0o600, signal: context.signal });
    return await decode(ffmpeg, path, options, context);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * How many ms of sound can be decoded of the beginning of a sound; 0 where it is too short to be one. It is read from its beginning to its end, as who plays it while it comes has to.
 * @throws RealopsError REALOPS_TIMEOUT or REALOPS_COMMAND_FAILED for an ffmpeg that does not work
 */
export async function decodableMs(beginning: Uint8Array, limits: Pick<DecodeOptions, 'maxSeconds' | 'mostBytes'>, context: CheckContext): Promise<number> {
  const ffmpeg = await findFfmpeg(context);
  if (ffmpeg === undefined) throw new RealopsError('REALOPS_COMMAND_FAILED', 'there is no ffmpeg', { hint: GET_FFMPEG });
  return lengthMs((await run(ffmpeg, beginning, limits, context)).output);
}

function run({ path }: Ffmpeg, source: string | Uint8Array, { maxSeconds, mostBytes }: Pick<DecodeOptions, 'maxSeconds' | 'mostBytes'>, { env, clock, signal }: CheckContext): Promise<Ended> {
  const [protocol, input] = typeof source === 'string' ? ['file', `file:${source}`] : ['pipe', 'pipe:0'];
  const parameters = [
    '-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info', '-threads', '1', '-protocol_whitelist', protocol, '-format_whitelist', FORMATS, '-i', input,
    '-map', '0:a:0', '-t', String(maxSeconds + 1), '-c:a', 'pcm_f32le', '-bitexact', '-f', 'wav', 'pipe:1',
  ];
  return runProcess(path, parameters, { env, clock, signal, atMostMs: DECODE_MS, mostBytes, ...(typeof source === 'string' ? {} : { input: source }) });
}

/** How long the file says that it is; undefined where it does not say, or its decoder only guesses. */
function declaredSeconds(errors: string): number | undefined {
  if (errors.includes('Estimating duration')) return undefined;
  const [, hours, minutes, seconds] = /Duration: (\d+):(\d+):(\d+\.\d+)/u.exec(errors) ?? [];
  return hours === undefined ? undefined : Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

/** How long a WAV file is that ffmpeg has written: its header says how many bytes a second has. */
export function lengthMs(wav: Uint8Array): number {
  if (wav.length < 44) return 0;
  return (Math.max(0, wav.length - 44) * 1_000) / Math.max(1, new DataView(wav.buffer, wav.byteOffset).getUint32(28, true));
}

/** The last error that it told, without the path and the names of its parts. */
function reasonOf(errors: string, path: string): string {
  const told = errors.split('\n').filter((line) => /\[(?:error|fatal|panic)\]/u.test(line)).map((line) => line.replaceAll(/\[[^\]]*\]\s*/gu, '').replaceAll(`file:${path}`, 'the file').trim()).filter((line) => line !== '');
  return (told.at(-1) ?? '').slice(0, 200);
}
