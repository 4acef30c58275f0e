import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';

const AT_ONCE = 16;

/** Why a corpus may not name this file; undefined when it may. A path is relative, goes down only, and parts its names by `/`. */
export function whyNotPath(path: string): string | undefined {
  const shown = JSON.stringify(path);
  if (path.trim() === '') return 'names no file';
  if (/\p{Cc}/u.test(path)) return `names a file with control characters: ${shown}`;
  if (path.startsWith('/') || path.startsWith('~') || /^[A-Za-z]:/.test(path)) return `names a file by its absolute path: ${shown}; paths start from the corpus`;
  if (path.includes('\\')) return `names a file with backslashes: ${shown}`;
  return path.split('/').includes('..') ? `names a file outside of the corpus: ${shown}` : undefined;
}

/** A file of a corpus that is there, by its real path. */
export interface Found {
  readonly file: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** A file that is there; or why it cannot be used. */
export type Located = Found | { readonly why: string };

/** The file of a path that {@link whyNotPath} allows. Symbolic links may not lead out of the corpus. `root` is its real path. */
export async function locate(root: string, path: string): Promise<Located> {
  const why = whyNotPath(path);
  if (why !== undefined) return { why };
  try {
    const file = await realpath(join(root, path));
    if (!isBelow(root, file)) return { why: `names ${path}, a symbolic link that leads out of the corpus` };
    const found = await stat(file);
    if (!found.isFile()) return { why: `names ${path}, which is no file` };
    return found.size === 0 ? { why: `names ${path}, which is empty` } : { file, size: found.size, mtimeMs: found.mtimeMs };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { why: code === 'ENOENT' || code === 'ENOTDIR' ? `names ${path}, which is missing` : `names ${path}, which cannot be read (${code})` };
  }
}

/** Every one of these files; so many are looked at side by side. */
export async function locateAll(root: string, paths: Iterable<string>, signal: AbortSignal): Promise<ReadonlyMap<string, Located>> {
  const found = new Map<string, Located>();
  const waiting = [...new Set(paths)].values();
  const look = async (): Promise<void> => {
    for (const path of waiting) {
      signal.throwIfAborted();
      found.set(path, await locate(root, path));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, look));
  return found;
}

/** Whether a real path lies below a real folder. */
export function isBelow(root: string, file: string): boolean {
  const way = relative(root, file);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
