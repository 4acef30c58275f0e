import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RealopsError } from '@alice/realops/plugin';
import type { Cache, CacheRecord } from './cache.js';
import { prepareClip, preparedPath, recipeOf } from './clip.js';
import type { Located } from './inside.js';
import type { CorpusClip, Finding } from './model.js';
import { decodeSource, type Tools } from './source.js';
import { writeWhole } from './whole-file.js';

/** What the clips of a corpus are prepared with. */
export interface ClipsOptions {
  /** The folder that clips are put into. */
  readonly out: string;
  /** The files of the clips by their paths. */
  readonly located: ReadonlyMap<string, Located>;
  readonly cache: Cache;
  /** So many files are held at once. */
  readonly concurrency: number;
  readonly tools: Tools;
  progress(done: number): void;
}

/** What became of them. */
export interface PreparedClips {
  /** In the order of the clips. */
  readonly ready: readonly { readonly clip: CorpusClip; readonly record: CacheRecord }[];
  readonly faults: readonly Finding[];
  /** Made anew; the others were there already. */
  readonly made: number;
}

/** Larger files are not read at once. */
const MOST_BYTES = 256 << 20;

/** Prepares clips, those of one file together. A clip that cannot be used is a fault of its row; the others go on. */
export async function prepareClips(clips: readonly CorpusClip[], options: ClipsOptions): Promise<PreparedClips> {
  const files = new Map<string, CorpusClip[]>();
  for (const clip of clips) {
    const group = files.get(clip.path);
    if (group === undefined) files.set(clip.path, [clip]);
    else group.push(clip);
  }
  const faults: Finding[] = [];
  const records = new Map<string, CacheRecord>();
  let [done, made] = [0, 0];
  const waiting = [...files.values()];
  const worker = async (): Promise<void> => {
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
      options.tools.signal.throwIfAborted();
      const result = await prepareFile(group, options).catch((error: unknown) => {
        waiting.length = 0;
        throw error;
      });
      faults.push(...result.faults);
      made += result.made;
      for (const record of result.records) records.set(record.id, record);
      done += group.length;
      options.progress(done);
    }
  };
  const workers = Array.from({ length: Math.min(options.concurrency, waiting.length) }, worker);
  // All of them come to an end before a failure of one is told: nothing goes on behind the caller's back.
  for (const result of await Promise.allSettled(workers)) if (result.status === 'rejected') throw result.reason;
  return {
    ready: clips.flatMap((clip) => {
      const record = records.get(clip.id);
      return record === undefined ? [] : [{ clip, record }];
    }),
    faults: faults.sort((a, b) => a.place.line - b.place.line || a.place.file.localeCompare(b.place.file)),
    made,
  };
}

interface FileResult {
  readonly records: readonly CacheRecord[];
  readonly faults: readonly Finding[];
  readonly made: number;
}

async function prepareFile(clips: readonly CorpusClip[], options: ClipsOptions): Promise<FileResult> {
  const [{ path } = { path: '' }] = clips;
  const { out, located, cache, tools } = options;
  const { signal } = tools;
  const faults: Finding[] = [];
  const fault = (clip: CorpusClip, message: string): void => void faults.push({ place: clip.place, message });
  const found = located.get(path);
  if (found === undefined || 'why' in found) return { records: [], faults, made: 0 };
  const { file, size, mtimeMs } = found;
  const isFresh = async (clip: CorpusClip): Promise<CacheRecord | undefined> => {
    const record = cache.get(clip.id);
    if (record === undefined || record.recipe !== recipeOf(clip)) return undefined;
    const made = await stat(join(out, preparedPath(clip))).catch(() => undefined);
    return made?.size === record.bytes ? record : undefined;
  };
  const known = new Map<string, CacheRecord>();
  for (const clip of clips) {
    const record = await isFresh(clip);
    if (record !== undefined) known.set(clip.id, record);
  }
  if (clips.every(({ id }) => isSameFile(known.get(id), size, mtimeMs))) return { records: [...known.values()], faults, made: 0 };
  if (size > MOST_BYTES) {
    for (const clip of clips) fault(clip, `names ${path}, which has ${Math.round(size / 2 ** 20)} MiB; at most ${MOST_BYTES >> 20} are read`);
    return { records: [], faults, made: 0 };
  }
  const bytes = await readFile(file, { signal });
  const sourceSha256 = createHash('sha256').update(bytes).digest('hex');
  const records: CacheRecord[] = [];
  let recording: Int16Array | undefined;
  let made = 0;
  for (const clip of clips) {
    const before = known.get(clip.id);
    const source = { sourceBytes: size, sourceMtimeMs: mtimeMs, sourceSha256 };
    try {
      if (before?.sourceSha256 !== sourceSha256) {
        recording ??= (await decodeSource({ file, name: path, bytes }, tools)).samples;
        const { wav, measured } = prepareClip(recording, clip);
        await writeWhole(join(out, preparedPath(clip)), wav, signal);
        made += 1;
        records.push({ id: clip.id, bytes: wav.length, recipe: recipeOf(clip), ...source, ...measured });
      } else records.push({ ...before, ...source });
      const [record] = records.slice(-1);
      if (record !== undefined && !isSameFile(before, size, mtimeMs)) await cache.add(record);
    } catch (error) {
      if (signal.aborted || !(error instanceof RealopsError)) throw error;
      fault(clip, error.message.startsWith(path) ? error.message : `${path}: ${error.message}`);
    }
  }
  return { records, faults, made };
}

function isSameFile(record: CacheRecord | undefined, size: number, mtimeMs: number): boolean {
  return record?.sourceBytes === size && record.sourceMtimeMs === mtimeMs;
}
