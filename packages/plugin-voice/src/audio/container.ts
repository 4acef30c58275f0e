import { extname } from 'node:path';

/** What a file of sound is, by its first bytes: a WAV file of plain samples, or something that has to be decoded, by its name. Undefined for what is no sound that is known. */
export function containerOf(head: Uint8Array, file: string): 'wav' | { readonly name: string } | undefined {
  const name = magicOf(head);
  if (name !== undefined) return name === 'WAV' ? codedWav(head) : { name };
  return head.length > 0 && ENDINGS.has(extname(file).toLowerCase()) ? { name: extname(file).slice(1) } : undefined;
}

/**
 * What the sound of an answer is: by its first bytes, and where they say nothing by its Content-Type, if that names something that has to be decoded. Undefined for what is no
 * sound that is known.
 */
export function answerOf(head: Uint8Array, contentType: string | undefined): ReturnType<typeof containerOf> {
  const name = head.length === 0 ? undefined : codedType(contentType);
  return containerOf(head, '') ?? (name === undefined ? undefined : { name });
}

/** What a Content-Type says that has to be decoded, as a name for people; undefined where it says anything else. */
export function codedType(contentType = ''): string | undefined {
  return CONTENT_TYPES.get(contentType.split(';')[0]?.trim().toLowerCase() ?? '');
}

const CONTENT_TYPES = new Map([
  ['audio/mpeg', 'MP3'], ['audio/mp3', 'MP3'], ['audio/x-mp3', 'MP3'], ['audio/mpeg3', 'MP3'], ['audio/ogg', 'Ogg'], ['application/ogg', 'Ogg'], ['audio/opus', 'Ogg'], ['audio/flac', 'FLAC'], ['audio/x-flac', 'FLAC'],
  ['audio/aac', 'AAC'], ['audio/aacp', 'AAC'], ['audio/x-aac', 'AAC'], ['audio/mp4', 'MP4'], ['audio/x-m4a', 'MP4'], ['audio/m4a', 'MP4'], ['audio/webm', 'Matroska'], ['audio/x-matroska', 'Matroska'],
  ['audio/aiff', 'AIFF'], ['audio/x-aiff', 'AIFF'], ['audio/x-caf', 'CAF'], ['audio/amr', 'AMR'], ['audio/x-ms-wma', 'ASF'],
]);

/** How the sound of a container is named as a file: its ending and its type. */
export function fileOf({ name }: { readonly name: string }): { readonly ending: string; readonly mediaType: string } {
  const [ending, mediaType] = FILES.get(name) ?? (name.startsWith('WAV') ? WAV_FILE : ['sound', 'application/octet-stream']);
  return { ending, mediaType };
}

const WAV_FILE = ['wav', 'audio/wav'] as const;
const FILES = new Map<string, readonly [ending: string, mediaType: string]>([
  ['MP3', ['mp3', 'audio/mpeg']], ['Ogg', ['ogg', 'audio/ogg']], ['FLAC', ['flac', 'audio/flac']], ['AAC', ['aac', 'audio/aac']], ['MP4', ['m4a', 'audio/mp4']], ['Matroska', ['webm', 'audio/webm']], ['AIFF', ['aiff', 'audio/aiff']],
]);

/** Where in the file which bytes stand. */
const MAGIC: readonly (readonly [name: string, at: number, bytes: string])[] = [
  ['MP3', 0, 'ID3'], ['Ogg', 0, 'OggS'], ['FLAC', 0, 'fLaC'], ['MP4', 4, 'ftyp'], ['Matroska', 0, '\x1a\x45\xdf\xa3'], ['AIFF', 8, 'AIFF'], ['AIFF', 8, 'AIFC'], ['AU', 0, '.snd'], ['CAF', 0, 'caff'],
  ['AMR', 0, '#!AMR'], ['ASF', 0, '\x30\x26\xb2\x75\x8e\x66\xcf\x11'], ['Wave64', 0, 'riff\x2e\x91\xcf\x11'],
];
/** A file whose first bytes say nothing is taken for sound by its name. */
const ENDINGS = new Set(['.mp3', '.mp2', '.ogg', '.oga', '.opus', '.flac', '.m4a', '.mp4', '.aac', '.webm', '.mka', '.aif', '.aiff', '.au', '.caf', '.amr', '.wma', '.w64']);

function magicOf(head: Uint8Array): string | undefined {
  if (['RIFF', 'RF64'].includes(latin(head, 0, 4)) && latin(head, 8, 4) === 'WAVE') return 'WAV';
  const known = MAGIC.find(([, at, bytes]) => latin(head, at, bytes.length) === bytes)?.[0];
  if (known !== undefined) return known;
  // A frame of MPEG audio begins with eleven bits that are set; the next two say the version, then two the layer, of which 0 is AAC in ADTS.
  const [first = 0, second = 0] = head;
  if (first !== 0xff || (second & 0xe0) !== 0xe0 || (second & 0x18) === 0x08) return undefined;
  return (second & 0x06) === 0 ? ((second & 0xf0) === 0xf0 ? 'AAC' : undefined) : 'MP3';
}

/** Integers and floats are read here; a malformed file is refused here too. */
function codedWav(head: Uint8Array): ReturnType<typeof containerOf> {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  for (let at = 12; at + 24 <= head.length; at += 8 + view.getUint32(at + 4, true) + (view.getUint32(at + 4, true) % 2)) {
    if (latin(head, at, 4) !== 'fmt ') continue;
    const declared = view.getUint16(at + 8, true);
    const encoding = declared === EXTENSIBLE && at + 34 <= head.length ? view.getUint16(at + 32, true) : declared;
    const coding = CODED.get(encoding);
    return coding === undefined ? 'wav' : { name: `WAV with ${coding}` };
  }
  return 'wav';
}

const EXTENSIBLE = 0xfffe;
const CODED = new Map([[2, 'ADPCM'], [6, 'A-law'], [7, 'µ-law'], [0x11, 'IMA ADPCM'], [0x31, 'GSM'], [0x55, 'MP3']]);

function latin(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
