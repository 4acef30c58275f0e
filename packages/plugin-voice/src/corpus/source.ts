import { RealopsError, type Clock } from '@alice/realops/plugin';
import { readWav, type Clip } from '../audio/wav.js';

/** Recordings of Kaldi's lists may hold hours, of which segments are cut. */
const MOST_SECONDS = 4 * 3_600;

/** A file of a corpus, read. */
export interface Source {
  /** Its real path, and how messages call it. */
  readonly file: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What reading a corpus may use of the machine: a program is found by the environment. */
export interface Tools {
  readonly env: { readonly [name: string]: string };
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The sound of a file of a corpus as 16 kHz mono. The one place that decides what is decoded by whom.
 * @throws RealopsError REALOPS_INPUT_INVALID for a file that is damaged, REALOPS_PACKAGE_MISSING for one that is no WAV
 */
export async function decodeSource({ name, bytes }: Source, { signal }: Tools): Promise<Clip> {
  signal.throwIfAborted();
  if (/\.wav$/iu.test(name)) return readWav(bytes, { name, maxSeconds: MOST_SECONDS });
  throw new RealopsError('REALOPS_PACKAGE_MISSING', `${name} is no WAV file; reading it needs ffmpeg`, { hint: 'convert it: ffmpeg -i IN.mp3 -ar 16000 -ac 1 OUT.wav' });
}
