import { open, stat, type FileHandle } from 'node:fs/promises';
import { RealopsError, type StepContext } from '@alice/realops/plugin';
import { decodeFile } from '../ffmpeg/decode.js';
import { containerOf } from './container.js';
import { inSlices } from './slices.js';
import { readingWav, type Clip } from './wav.js';

/** Larger files cannot be ten minutes of anything that is accepted and worth sending. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;
const MAX_SECONDS = 600;
/** What a file is shows in its first bytes. */
const HEAD_BYTES = 4_096;

/**
 * The clip that a parameter names: WAV is read here, anything else by ffmpeg. Long clips are read in slices, so that streams that run beside are not held up.
 * @throws RealopsError REALOPS_FILE_NOT_FOUND, REALOPS_INPUT_INVALID or REALOPS_COMMAND_FAILED; a missing input is never replaced
 */
export async function readClip(file: string, context: StepContext): Promise<Clip> {
  const path = context.file(file);
  const { head, bytes } = await readStart(path, file, context.signal);
  const container = containerOf(head, path);
  const wav = container === undefined || container === 'wav' ? bytes : await decodeFile(path, { name: file, kind: container.name, maxSeconds: MAX_SECONDS, mostBytes: MAX_FILE_BYTES }, context);
  return inSlices(readingWav(wav, { name: file, maxSeconds: MAX_SECONDS }), context);
}

/** The first bytes of a file; all of them where it is no sound that has to be decoded. */
async function readStart(path: string, file: string, signal: AbortSignal): Promise<{ readonly head: Uint8Array; readonly bytes: Uint8Array }> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) throw new RealopsError('REALOPS_FILE_NOT_FOUND', `${file} cannot be read: it is no file`);
    if (facts.size > MAX_FILE_BYTES) throw new RealopsError('REALOPS_INPUT_INVALID', `${file} has ${Math.round(facts.size / 2 ** 20)} MiB; at most 256 can be read`);
    await using input = await open(path);
    const head = await readHead(input);
    const container = containerOf(head, path);
    return { head, bytes: container === undefined || container === 'wav' ? await input.readFile({ signal }) : head };
  } catch (error) {
    if (error instanceof RealopsError || signal.aborted) throw error;
    throw new RealopsError('REALOPS_FILE_NOT_FOUND', `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Read from its place, so that the file can still be read from its beginning. */
async function readHead(input: FileHandle): Promise<Uint8Array> {
  const { buffer, bytesRead } = await input.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}
