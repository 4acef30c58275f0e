import { readFile } from 'node:fs/promises';
import { RealopsError } from '@alice/realops/plugin';
import type { ClipLevels } from './noise.js';

/**
 * The levels of the clips of a manifest.
 * @throws RealopsError REALOPS_FILE_NOT_FOUND or REALOPS_DATA_INVALID with the line that is none of a manifest
 */
export async function manifestLevels(file: string, signal: AbortSignal): Promise<readonly ClipLevels[]> {
  const text = await readFile(file, { encoding: 'utf8', signal }).catch((cause: unknown) => {
    throw new RealopsError('REALOPS_FILE_NOT_FOUND', `the manifest ${file} cannot be read`, { hint: 'make one: realops voice prepare DIR', cause });
  });
  return text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [levelsOf(line, file, index + 1)]));
}

function levelsOf(text: string, file: string, line: number): ClipLevels {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    row = undefined;
  }
  const [activeDb, peakDb]: readonly unknown[] = ['activeDb', 'peakDb'].map((name): unknown => Reflect.get(Object(row), name));
  if (typeof activeDb === 'number' && typeof peakDb === 'number') return { activeDb, peakDb };
  throw new RealopsError('REALOPS_DATA_INVALID', `${file}:${line} is no line of a manifest: it lacks activeDb or peakDb`, { source: { file, line, column: 1 }, hint: 'name the manifest.jsonl that realops voice prepare wrote' });
}
