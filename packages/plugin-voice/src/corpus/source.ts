import type { CheckContext } from '@alice/realops/plugin';
import { containerOf } from '../audio/container.js';
import { inSlices } from '../audio/slices.js';
import { readingWav, type Clip } from '../audio/wav.js';
import { decodeFile } from '../ffmpeg/decode.js';

/** Recordings of Kaldi's lists may hold hours, of which segments are cut. */
const MOST_SECONDS = 4 * 3_600;
const MOST_BYTES = 1 << 30;
/** What a file is shows in its first bytes. */
const HEAD_BYTES = 4_096;

/** A file of a corpus, read. */
export interface Source {
  /** Its real path, and how messages call it. */
  readonly file: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What reading a corpus may use of the machine: a program is found by the environment. */
export type Tools = CheckContext;

/**
 * The sound of a file of a corpus as 16 kHz mono: WAV is read here, anything else by ffmpeg.
 * @throws RealopsError REALOPS_INPUT_INVALID for a file that is damaged, or that needs an ffmpeg that is not there; REALOPS_COMMAND_FAILED for an ffmpeg that does not work
 */
export async function decodeSource({ file, name, bytes }: Source, tools: Tools): Promise<Clip> {
  tools.signal.throwIfAborted();
  const container = containerOf(bytes.subarray(0, HEAD_BYTES), name);
  const wav = container === undefined || container === 'wav' ? bytes : await decodeFile(file, { name, kind: container.name, maxSeconds: MOST_SECONDS, mostBytes: MOST_BYTES }, tools);
  return inSlices(readingWav(wav, { name, maxSeconds: MOST_SECONDS }), tools);
}
