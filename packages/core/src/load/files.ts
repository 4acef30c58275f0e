import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { messageOf, RealopsError } from '../errors/index.js';
import { parseYaml } from '../yaml/index.js';
import { child, items, type Draft, type Node } from './draft.js';

const MAIN_FILES = ['scenarios.yaml', 'scenarios.yml', 'realops.yaml', 'realops.yml'];

/**
 * The suite file that an argument names: the file itself, or `scenarios.yaml` (or `realops.yaml`) in a folder.
 * @throws RealopsError REALOPS_FILE_NOT_FOUND
 */
export async function findSuiteFile(argument: string): Promise<string> {
  const path = resolve(argument);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new RealopsError('REALOPS_FILE_NOT_FOUND', `there is no file or folder ${argument}`, { hint: 'give a suite file, or a folder that holds scenarios.yaml' });
  if (!found.isDirectory()) return path;
  for (const name of MAIN_FILES) {
    const file = join(path, name);
    if ((await stat(file).catch(() => undefined))?.isFile() === true) return file;
  }
  throw new RealopsError('REALOPS_FILE_NOT_FOUND', `${argument} holds no suite file`, { hint: `one of ${MAIN_FILES.join(', ')} is looked for` });
}

/** Why a file cannot be read, by the name that the suite gives it. */
export function whyUnreadable(error: unknown, name: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return `there is no file ${name}`;
  if (code === 'EISDIR') return `${name} is a folder, not a file`;
  if (code === 'EACCES' || code === 'EPERM') return `${name} may not be read by this user`;
  return `${name} cannot be read: ${messageOf(error)}`;
}

/** Reads the given files and everything they include, each once, in the order of mention. Problems go to the draft. */
export async function readSuiteFiles(files: readonly string[], draft: Draft): Promise<readonly Node[]> {
  const roots: Node[] = [];
  const seen = new Set<string>();
  const read = async (file: string, from: Node | undefined): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (from === undefined) draft.add({ code: 'REALOPS_FILE_NOT_FOUND', message: whyUnreadable(error, file) });
      else draft.report('REALOPS_FILE_NOT_FOUND', whyUnreadable(error, String(from.value)), from, 'the path starts from the file that names it');
      return;
    }
    const document = parseYaml(file, text);
    for (const problem of document.problems) draft.add(problem);
    if (document.problems.length > 0) return;
    const root: Node = { document, path: [], value: document.value };
    roots.push(root);
    for (const included of items(child(root, 'include'))) {
      if (typeof included.value === 'string') await read(resolve(dirname(file), included.value), included);
    }
  };
  for (const file of files) await read(file, undefined);
  return roots;
}
