import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Measured } from './clip.js';
import { writeIfDifferent } from './whole-file.js';

/** What was prepared of one clip, and of what. */
export interface CacheRecord extends Measured {
  readonly id: string;
  /** The size of the prepared file. */
  readonly bytes: number;
  /** See `recipeOf`. */
  readonly recipe: string;
  readonly sourceBytes: number;
  readonly sourceMtimeMs: number;
  readonly sourceSha256: string;
}

/** Remembers what was prepared, also when the process is killed: each clip is a line that is added when its file is whole. */
export interface Cache {
  get(id: string): CacheRecord | undefined;
  add(record: CacheRecord): Promise<void>;
  /** One line for each clip, in order. A cache to which nothing was added is left alone. */
  tidy(signal: AbortSignal): Promise<void>;
}

/** The cache of a prepared folder. A line that was cut off by a kill is passed over. */
export async function openCache(folder: string): Promise<Cache> {
  const file = join(folder, 'cache.jsonl');
  const text = await readFile(file, 'utf8').catch(() => '');
  const records = new Map<string, CacheRecord>();
  for (const line of text.split('\n')) {
    const record = recordOf(line);
    if (record !== undefined) records.set(record.id, record);
  }
  // A cut line must not swallow the next one.
  let before = text === '' || text.endsWith('\n') ? '' : '\n';
  return {
    get: (id) => records.get(id),
    async add(record) {
      records.set(record.id, record);
      const line = `${before}${JSON.stringify(record)}\n`;
      before = '';
      await appendFile(file, line);
    },
    async tidy(signal) {
      const sorted = [...records.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
      await writeIfDifferent(file, sorted.map((record) => `${JSON.stringify(record)}\n`).join(''), signal);
    },
  };
}

function recordOf(line: string): CacheRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is CacheRecord {
  const has = (name: string, type: string): boolean => typeof Reflect.get(Object(value), name) === type;
  return ['id', 'recipe', 'sourceSha256', 'boundsSource'].every((name) => has(name, 'string')) && ['bytes', 'sourceBytes', 'sourceMtimeMs', 'onsetMs', 'endMs', 'durationMs', 'activeDb', 'peakDb'].every((name) => has(name, 'number')) && Array.isArray(Reflect.get(Object(value), 'flagged'));
}
