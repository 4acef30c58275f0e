import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';

/**
 * The absolute path of a file parameter. A relative path is looked up beside the row's data file, in its `clips` folder (Common Voice layout),
 * then beside the suite file; the last is given when none exists, so that the step can say which file is missing.
 */
export function findFile(path: string, folders: { readonly directory: string; readonly rowDirectory: string | undefined }): string {
  if (isAbsolute(path)) return path;
  const beside = folders.rowDirectory === undefined ? [] : [folders.rowDirectory, join(folders.rowDirectory, 'clips')];
  const candidates = [...beside, folders.directory].map((folder) => resolve(folder, path));
  return candidates.find((candidate) => existsSync(candidate)) ?? resolve(folders.directory, path);
}
