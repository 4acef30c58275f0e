import { RealopsError } from '@alice/realops/plugin';

/** What a WAV file says about its samples, and the samples as they lie in the file. */
export interface WavContent {
  readonly encoding: 'integer' | 'float';
  readonly channels: number;
  readonly sampleRate: number;
  /** Of one sample of one channel: 8, 16, 24, 32 or 64. */
  readonly bits: number;
  /** Whole frames only, little endian, channels interleaved. */
  readonly data: Uint8Array;
}

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
const ENCODINGS: { readonly [tag: number]: string } = { 2: 'ADPCM', 6: 'A-law', 7: 'µ-law', 0x11: 'IMA ADPCM', 0x55: 'MP3' };
/** Writers to a pipe cannot know the length and put 0xFFFFFFFF (ffmpeg) or about 0x7FFFF000 (espeak-ng, sox); any other length is meant. */
const isUnknown = (size: number): boolean => size === 0xffffffff || (size >= 0x7ffff000 && size <= 0x7fffffff);

/**
 * Takes a WAV file apart (RIFF or RF64) and checks everything later code relies on. An unfinished or cut file is refused: a shortened clip would be
 * counted as word errors of the recogniser.
 * @throws RealopsError REALOPS_INPUT_INVALID that begins with `name`
 */
export function readRiff(bytes: Uint8Array, name: string): WavContent {
  const refuse = (message: string, hint = 'convert it with: sox IN.wav -b 16 OUT.wav'): never => {
    throw new RealopsError('REALOPS_INPUT_INVALID', `${name} ${message}`, { hint });
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || !['RIFF', 'RF64'].includes(tag(0)) || tag(8) !== 'WAVE') return refuse(bytes.length === 0 ? 'is empty' : 'is not a WAV file: it does not begin with RIFF … WAVE');

  let format: Omit<WavContent, 'data'> | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const id = tag(at);
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (id === 'fmt ') format = readFormat(view, body, Math.min(size, bytes.length - body), refuse);
    if (id === 'data') {
      if (format === undefined) return refuse('has its data before its format');
      return { ...format, data: readData(bytes, body, size, format, refuse) };
    }
    at = body + size + (size % 2);
  }
  return refuse(format === undefined ? 'has no format chunk' : 'has no data chunk: it was cut off or never written to the end');
}

type Refuse = (message: string, hint?: string) => never;

function readFormat(view: DataView, at: number, size: number, refuse: Refuse): Omit<WavContent, 'data'> {
  if (size < 16) return refuse(`has a format chunk of ${size} bytes; at least 16 are needed`);
  const declared = view.getUint16(at, true);
  const channels = view.getUint16(at + 2, true);
  const sampleRate = view.getUint32(at + 4, true);
  const align = view.getUint16(at + 12, true);
  const bits = view.getUint16(at + 14, true);
  if (declared === EXTENSIBLE && size < 40) return refuse(`has an extensible format chunk of ${size} bytes; 40 are needed`);
  const encoding = declared === EXTENSIBLE ? view.getUint16(at + 24, true) : declared;
  if (encoding !== PCM && encoding !== FLOAT) return refuse(`holds ${ENCODINGS[encoding] ?? `encoding ${encoding}`}; only uncompressed integer and float samples can be read`);
  if (channels < 1 || channels > 8) return refuse(`has ${channels} channels; 1 to 8 can be read`);
  if (sampleRate < 8_000 || sampleRate > 192_000) return refuse(`has a sample rate of ${sampleRate} Hz; 8000 to 192000 can be read`);
  const allowed = encoding === PCM ? [8, 16, 24, 32] : [32, 64];
  if (!allowed.includes(bits)) return refuse(`has ${bits} bits a sample; ${encoding === PCM ? 'integer samples of 8, 16, 24 or 32' : 'float samples of 32 or 64'} can be read`);
  if (align !== (channels * bits) / 8) return refuse(`says that a frame has ${align} bytes, but ${channels} channels of ${bits} bits make ${(channels * bits) / 8}`);
  return { encoding: encoding === PCM ? 'integer' : 'float', channels, sampleRate, bits };
}

function readData(bytes: Uint8Array, at: number, size: number, { channels, bits }: Omit<WavContent, 'data'>, refuse: Refuse): Uint8Array {
  const frame = (channels * bits) / 8;
  const present = bytes.length - at;
  if (size === 0) return refuse(present > 0 ? `says that it holds no samples although ${present} bytes follow: the recording was not closed` : 'holds no samples', 'write the file again; sox --ignore-length IN.wav OUT.wav rescues an unclosed one');
  if (isUnknown(size) && size > present) {
    const whole = present - (present % frame);
    return whole === 0 ? refuse('holds no samples') : bytes.subarray(at, at + whole);
  }
  if (size > present) return refuse(`is cut off: its data should have ${size} bytes but the file ends after ${present}`, 'copy or record the file again');
  if (size % frame !== 0) return refuse(`is damaged: its ${size} bytes of data are not a whole number of ${frame}-byte frames`);
  return bytes.subarray(at, at + size);
}
