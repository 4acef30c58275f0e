import { readFile, stat } from 'node:fs/promises';
import { RealopsError, type StepContext } from '@alice/realops/plugin';
import { readWav, type Clip } from './wav.js';

/** Larger files cannot be ten minutes of anything that is accepted and worth sending. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/**
 * The clip that a parameter names.
 * @throws RealopsError REALOPS_FILE_NOT_FOUND or REALOPS_INPUT_INVALID; a missing input is never replaced
 */
export async function readClip(file: string, context: StepContext): Promise<Clip> {
  const path = context.file(file);
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) throw new RealopsError('REALOPS_INPUT_INVALID', `${file} has ${Math.round(size / 2 ** 20)} MiB; at most 256 can be read`);
    bytes = await readFile(path, { signal: context.signal });
  } catch (error) {
    if (error instanceof RealopsError || context.signal.aborted) throw error;
    throw new RealopsError('REALOPS_FILE_NOT_FOUND', `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  return readWav(bytes, { name: file });
}
