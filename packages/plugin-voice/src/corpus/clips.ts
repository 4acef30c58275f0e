import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RealopsError } from '@alice/realops/plugin';
import type { Cache, CacheRecord } from './cache.js';
import { prepareClip, preparedPath, recipeOf } from './clip.js';
import type { Found, Located } from './inside.js';
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

/** What came of the clips of one file. */
interface FileResult {
  readonly records: readonly CacheRecord[];
  readonly faults: readonly Finding[];
  readonly made: number;
}

async function prepareFile(clips: readonly CorpusClip[], options: ClipsOptions): Promise<FileResult> {
  const found = options.located.get(clips[0]?.path ?? '');
  // What is not there was told before anything was made.
  if (found === undefined || 'why' in found) return { records: [], faults: [], made: 0 };
  const known = await knownRecords(clips, options);
  if (clips.every(({ id }) => isOf(known.get(id), found))) return { records: [...known.values()], faults: [], made: 0 };
  return makeClips(clips, found, known, options);
}

/** What is remembered of clips that are still as they were made, whatever has become of their source. */
async function knownRecords(clips: readonly CorpusClip[], { out, cache }: ClipsOptions): Promise<ReadonlyMap<string, CacheRecord>> {
  const known = new Map<string, CacheRecord>();
  for (const clip of clips) {
    const record = cache.get(clip.id);
    if (record === undefined || record.recipe !== recipeOf(clip)) continue;
    const made = await stat(join(out, preparedPath(clip))).catch(() => undefined);
    if (made?.size === record.bytes) known.set(clip.id, record);
  }
  return known;
}

async function makeClips(clips: readonly CorpusClip[], { file, size, mtimeMs }: Found, known: ReadonlyMap<string, CacheRecord>, { out, cache, tools }: ClipsOptions): Promise<FileResult> {
  const { signal } = tools;
  const [{ path: name } = { path: '' }] = clips;
  const result: { readonly records: CacheRecord[]; readonly faults: Finding[]; made: number } = { records: [], faults: [], made: 0 };
  const tell = (error: unknown, ...all: readonly CorpusClip[]): void => {
    if (signal.aborted || !(error instanceof RealopsError)) throw error;
    const message = error.message.startsWith(name) ? error.message : `${name}: ${error.message}`;
    for (const { place } of all) result.faults.push({ place, message });
  };
  if (size > MOST_BYTES) return tell(new RealopsError('REALOPS_INPUT_INVALID', `${name} has ${Math.round(size / 2 ** 20)} MiB; at most ${MOST_BYTES >> 20} are read`), ...clips), result;
  const bytes = await readFile(file, { signal });
  const source = { sourceBytes: size, sourceMtimeMs: mtimeMs, sourceSha256: createHash('sha256').update(bytes).digest('hex') };
  const stale = clips.filter(({ id }) => known.get(id)?.sourceSha256 !== source.sourceSha256);
  const keep = async (record: CacheRecord): Promise<void> => {
    result.records.push(record);
    await cache.add(record);
  };
  for (const { id } of clips) {
    const record = known.get(id);
    if (record?.sourceSha256 === source.sourceSha256) await keep({ ...record, ...source });
  }
  if (stale.length === 0) return result;
  const recording = await decodeSource({ file, name, bytes }, tools).catch((error: unknown) => (tell(error, ...stale), undefined));
  if (recording === undefined) return result;
  for (const clip of stale) {
    try {
      const { wav, measured } = prepareClip(recording.samples, clip);
      await writeWhole(join(out, preparedPath(clip)), wav, signal);
      result.made += 1;
      await keep({ id: clip.id, bytes: wav.length, recipe: recipeOf(clip), ...source, ...measured });
    } catch (error) {
      tell(error, clip);
    }
  }
  return result;
}

function isOf(record: CacheRecord | undefined, { size, mtimeMs }: Found): boolean {
  return record?.sourceBytes === size && record.sourceMtimeMs === mtimeMs;
}
