import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Who may use a file. */
export interface Ownership {
  /** The permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Writes a whole file or nothing: a temporary file beside it, synced, then renamed over it. Makes the folder when it is missing. With `ownership` the new file
 * has that mode, owner and group; when they cannot be given to it, nothing is written.
 */
export async function writeFileAtomic(path: string, body: string | Uint8Array, ownership?: Ownership): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      if (ownership !== undefined) {
        const { uid, gid } = await file.stat();
        if (uid !== ownership.uid || gid !== ownership.gid) await file.chown(ownership.uid, ownership.gid);
        await file.chmod(ownership.mode & 0o7777);
      }
      await file.writeFile(body);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
