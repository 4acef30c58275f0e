import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RealopsError } from '@alice/realops/plugin';
import { SOUND } from './folder.js';
import type { Kind } from './model.js';

/** Deeper folders are not looked into. */
const DEEPEST = 8;
/** What a folder of MASSIVE may be named by: its own root, the archive's root, or the folder with the files. */
export const MASSIVE_FOLDERS = ['', 'data/', '1.0/data/', '1.1/data/'] as const;

/**
 * Which kind of corpus lies in a folder, by the names of its files.
 * @throws RealopsError REALOPS_DATA_INVALID when it is none that can be read, with what would help
 */
export async function detectKind(dir: string, locale: string): Promise<Kind> {
  const found = await kindOf(dir, locale);
  if (found !== undefined) return found;
  const names = await filesBelow(dir, 2);
  if (names.some((name) => name.endsWith('.parquet'))) {
    throw new RealopsError('REALOPS_DATA_INVALID', `${dir} holds parquet files, which are not read`, { hint: 'download the archive with tsv files and WAVs: for FLEURS data/sv_se.tar.gz' });
  }
  for (const { name } of (await readdir(dir, { withFileTypes: true })).filter((entry) => entry.isDirectory())) {
    const below = await kindOf(join(dir, name), locale);
    if (below !== undefined) throw new RealopsError('REALOPS_DATA_INVALID', `${dir} is no corpus, but its folder ${name} looks like ${below}`, { hint: `name ${join(dir, name)}` });
  }
  throw new RealopsError('REALOPS_DATA_INVALID', `${dir} is no corpus of a known kind`, { hint: 'Common Voice has clips/ and validated.tsv, FLEURS audio/ and test.tsv, Kaldi wav.scp and text, a folder clips with transcripts (a.wav, a.txt), MASSIVE sv-SE.jsonl, Home Assistant tests/sv' });
}

async function kindOf(dir: string, locale: string): Promise<Kind | undefined> {
  const entries = await readdir(dir, { withFileTypes: true });
  const hasFile = (test: (name: string) => boolean): boolean => entries.some((entry) => !entry.isDirectory() && test(entry.name));
  const hasFolder = (name: string): boolean => entries.some((entry) => entry.name === name && !entry.isFile());
  if (hasFile((name) => name === 'wav.scp')) return 'kaldi';
  if (hasFolder('audio') && hasFile((name) => /^(?:train|dev|test)\.tsv$/u.test(name))) return 'fleurs';
  if (hasFolder('clips') && hasFile((name) => name.endsWith('.tsv'))) return 'common-voice';
  if (hasFile((name) => name === '_fixtures.yaml') || (hasFolder('tests') && (await filesBelow(join(dir, 'tests'), 2)).some((name) => name.endsWith('_fixtures.yaml')))) return 'ha-intents';
  for (const folder of MASSIVE_FOLDERS) if ((await namesIn(join(dir, folder))).includes(`${locale}.jsonl`)) return 'massive';
  return (await filesBelow(dir)).some((name) => SOUND.test(name)) ? 'folder' : undefined;
}

async function namesIn(dir: string): Promise<readonly string[]> {
  return readdir(dir).catch(() => []);
}

/** The files below a folder, relative and in order, with `/`. Folders whose names begin with a dot, and symbolic links to folders, are not entered. */
export async function filesBelow(dir: string, deepest = DEEPEST): Promise<readonly string[]> {
  const found: string[] = [];
  const visit = async (prefix: string, depth: number): Promise<void> => {
    for (const entry of await readdir(join(dir, prefix), { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      if (!entry.isDirectory()) found.push(`${prefix}${entry.name}`);
      else if (depth < deepest) await visit(`${prefix}${entry.name}/`, depth + 1);
    }
  };
  await visit('', 1);
  return found.sort((a, b) => (a < b ? -1 : 1));
}
