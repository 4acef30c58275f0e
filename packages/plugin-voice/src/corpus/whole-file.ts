import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What half a file is called until it is a whole one. */
const HALF = /\.[0-9a-f]{12}\.half$/u;
/** A half file that is older than this belongs to nobody any more. */
const STALE_MS = 600_000;

/** Writes a whole file or nothing: beside it, synced, then renamed over it. */
export async function writeWhole(path: string, body: string | Uint8Array, signal: AbortSignal): Promise<void> {
  const half = `${path}.${randomBytes(6).toString('hex')}.half`;
  try {
    const file = await open(half, 'wx');
    try {
      await file.writeFile(body);
      await file.sync();
    } finally {
      await file.close();
    }
    signal.throwIfAborted();
    await rename(half, path);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
}

/** The same, and a file that holds this already is left alone. Says whether it was written. */
export async function writeIfDifferent(path: string, body: string, signal: AbortSignal): Promise<boolean> {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === body) return false;
  await writeWhole(path, body, signal);
  return true;
}

/** Takes away what a killed process left half-written in a folder. */
export async function sweep(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!HALF.test(name)) continue;
    const path = join(folder, name);
    const left = await stat(path).catch(() => undefined);
    if (left !== undefined && now.getTime() - left.mtimeMs > STALE_MS) await rm(path, { force: true });
  }
}
