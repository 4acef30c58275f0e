import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { RealopsError, type Infer, type StepContext } from '@alice/realops/plugin';
import type { LOAD_WITH } from './parameters.js';

/** The parameters of `voice.load` with defaults filled in. */
export type LoadParameters = Infer<typeof LOAD_WITH>;

/** A clip as it was asked for. */
export interface ClipEntry {
  readonly audio: string;
  readonly reference?: string;
  readonly onsetMs?: number;
  readonly endMs?: number;
}

/** The clips of a load: those of the list, or the rows of a table. @throws RealopsError REALOPS_FILE_NOT_FOUND or REALOPS_INPUT_INVALID */
export async function listClips({ clips }: LoadParameters, context: StepContext): Promise<readonly ClipEntry[]> {
  if (typeof clips !== 'string') return clips.map((clip) => (typeof clip === 'string' ? { audio: clip } : clip));
  const path = context.file(clips);
  let text: string;
  try {
    text = await readFile(path, { encoding: 'utf8', signal: context.signal });
  } catch (cause) {
    context.signal.throwIfAborted();
    throw new RealopsError('REALOPS_FILE_NOT_FOUND', `${clips} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  const rows = rowsOf(clips, text.replace(/^\uFEFF/u, ''));
  if (rows.length === 0) throw new RealopsError('REALOPS_INPUT_INVALID', `${clips} holds no clips`, { hint: 'below the header, each line is a clip' });
  return rows.map((row, index) => entryOf(row, dirname(path), `${clips}, clip ${index + 1}`));
}

interface Row {
  readonly [name: string]: unknown;
}

function rowsOf(name: string, text: string): readonly Row[] {
  const lines = text.split(/\r?\n/u).filter((line) => line.trim() !== '');
  switch (extname(name).toLowerCase()) {
    case '.tsv': {
      const [header = '', ...rest] = lines;
      const columns = header.split('\t').map((column) => column.trim());
      return rest.map((line) => Object.fromEntries(line.split('\t').flatMap((value, index) => (columns[index] === undefined || value.trim() === '' ? [] : [[columns[index], value.trim()]]))));
    }
    case '.jsonl':
      return lines.map((line, index) => parseRow(line, `${name}:${index + 1}`));
    default:
      throw new RealopsError('REALOPS_INPUT_INVALID', `a table of clips ends in .tsv or .jsonl, got ${JSON.stringify(name)}`, { hint: 'for one clip, write clips: [a.wav]' });
  }
}

function parseRow(line: string, where: string): Row {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new RealopsError('REALOPS_INPUT_INVALID', `${where} is not JSON`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RealopsError('REALOPS_INPUT_INVALID', `${where} is not a JSON object`);
  return { ...value };
}

function entryOf(row: Row, folder: string, where: string): ClipEntry {
  const path = row['audio'] ?? row['path'];
  if (typeof path !== 'string') throw new RealopsError('REALOPS_INPUT_INVALID', `${where} names no file`, { hint: 'the column is called path or audio' });
  const reference = row['reference'] ?? row['sentence'];
  if (reference !== undefined && typeof reference !== 'string') throw new RealopsError('REALOPS_INPUT_INVALID', `${where}: the reference must be a text, got ${JSON.stringify(reference)}`);
  const [onsetMs, endMs] = [timeOf(row, 'onsetMs', where), timeOf(row, 'endMs', where)];
  return { audio: within(folder, path, where), ...(reference === undefined ? {} : { reference }), ...(onsetMs === undefined ? {} : { onsetMs }), ...(endMs === undefined ? {} : { endMs }) };
}

function timeOf(row: Row, name: 'onsetMs' | 'endMs', where: string): number | undefined {
  const value = row[name];
  if (value === undefined) return undefined;
  const ms = typeof value === 'string' ? Number(value) : value;
  if (typeof ms === 'number' && Number.isFinite(ms) && ms >= 0) return ms;
  throw new RealopsError('REALOPS_INPUT_INVALID', `${where}: ${name} must be a number of milliseconds, got ${JSON.stringify(value)}`);
}

/** The file of a row, in the folder of the table or its `clips` folder; a table does not lead out of it. */
function within(folder: string, path: string, where: string): string {
  const inside = relative(folder, resolve(folder, path));
  if (isAbsolute(path) || isAbsolute(inside) || inside.split(/[\\/]/u)[0] === '..') throw new RealopsError('REALOPS_INPUT_INVALID', `${where}: ${path} is outside the folder of the table`);
  const [beside, below] = [resolve(folder, path), join(folder, 'clips', path)];
  return existsSync(beside) || !existsSync(below) ? beside : below;
}
