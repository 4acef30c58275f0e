import { mkdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { RealopsError } from '@alice/realops/plugin';
import { openCache } from './cache.js';
import { prepareClips } from './clips.js';
import { detectKind } from './detect.js';
import { locateAll, type Located } from './inside.js';
import { jsonLines, manifestRow, textRow } from './manifest.js';
import { TEXT_KINDS, type CorpusClip, type Finding, type Kind } from './model.js';
import { readCorpus, type Corpus } from './read.js';
import { parseReview, withReview } from './review.js';
import type { Tools } from './source.js';
import { sweep, writeIfDifferent } from './whole-file.js';

/** What is prepared, and how. */
export interface PrepareOptions {
  /** The folder of the corpus. */
  readonly dir: string;
  /** `.realops-prepared` in it when absent. */
  readonly out: string | undefined;
  readonly kind: Kind | undefined;
  readonly split: string | undefined;
  readonly locale: string;
  readonly quality: boolean;
  readonly limit: number | undefined;
  /** A table of remarks; see `parseReview`. */
  readonly review: string | undefined;
  readonly skipFaulty: boolean;
  readonly concurrency: number;
  readonly tools: Tools;
  progress(text: string): void;
}

/** What came of it. */
export interface Preparation {
  readonly kind: Kind;
  readonly split: string;
  readonly out: string;
  /** What a suite names under `data: { file }`; null when faults kept it from being written. */
  readonly manifest: string | null;
  readonly rows: number;
  /** Clips that were made anew, and those that were there already. */
  readonly made: number;
  readonly kept: number;
  /** Rows that are left out because of a fault. */
  readonly leftOut: number;
  readonly flagged: { readonly [reason: string]: number };
  readonly seconds: number;
  readonly speakers: number | null;
  readonly faults: readonly Finding[];
  readonly notes: readonly Finding[];
}

/**
 * Checks a corpus and prepares it into its folder, once: what is there already is not made again. With a fault nothing is written that a suite could use, unless faulty rows may be skipped.
 * @throws RealopsError REALOPS_DATA_INVALID when there is no corpus, REALOPS_FILE_NOT_FOUND when there is no folder
 */
export async function prepareCorpus(options: PrepareOptions): Promise<Preparation> {
  const root = await folderOf(options.dir);
  const out = resolve(options.out ?? join(root, '.realops-prepared'));
  if (out === root) throw new RealopsError('REALOPS_VALUE_INVALID', 'a corpus is not prepared into its own folder', { hint: 'name another folder with --out, or leave it out for .realops-prepared' });
  const { split, locale, quality, tools: { signal } } = options;
  options.progress('reading the lists');
  const kind = options.kind ?? (await detectKind(root, locale));
  const corpus = await reviewed(await readCorpus({ root, kind, split, locale, quality, signal }), options.review, signal);
  const isText = TEXT_KINDS.some((each) => each === kind);
  if (corpus.clips.length + corpus.texts.length === 0 && corpus.faults.length === 0) throw new RealopsError('REALOPS_DATA_INVALID', `${options.dir} holds no rows${corpus.split === '' ? '' : ` of the part ${corpus.split}`}`);
  const clips = corpus.clips.slice(0, options.limit);
  const located = await locateAll(root, clips.map(({ path }) => path), signal);
  const checked = { ...corpus, clips, faults: [...corpus.faults, ...missing(clips, located)] };
  if (checked.faults.length > 0 && !options.skipFaulty) return summary(checked, out, {});
  await mkdir(out, { recursive: true });
  return isText ? prepareTexts(checked, out, options) : prepareSpeech(checked, located, out, options);
}

/** Clips whose files are not there, or not where they may be. */
function missing(clips: readonly CorpusClip[], located: ReadonlyMap<string, Located>): readonly Finding[] {
  return clips.flatMap(({ path, place }) => {
    const found = located.get(path);
    return found !== undefined && 'why' in found ? [{ place, message: found.why }] : [];
  });
}

async function prepareSpeech(corpus: Corpus, located: ReadonlyMap<string, Located>, out: string, options: PrepareOptions): Promise<Preparation> {
  const { tools, concurrency, skipFaulty } = options;
  const { signal, clock } = tools;
  const { clips } = corpus;
  await mkdir(join(out, 'clips'), { recursive: true });
  await sweep(join(out, 'clips'), clock.wall());
  const cache = await openCache(out);
  const progress = (done: number): void => options.progress(`${done} of ${clips.length} clips`);
  const { ready, faults, made } = await prepareClips(clips, { out, located, cache, concurrency, tools, progress });
  await cache.tidy(signal);
  const all = { ...corpus, faults: [...corpus.faults, ...faults] };
  const rows = ready.map(({ clip, record }) => manifestRow(clip, record, corpus.split));
  const seconds = rows.reduce((sum, { durationMs }) => sum + durationMs / 1_000, 0);
  const found = { rows: rows.length, made, kept: rows.length - made, seconds: Math.round(seconds * 10) / 10, flagged: countsOf(rows.flatMap(({ flagged }) => flagged.map((flag) => flag.replace(/^(reported): .*/su, '$1')))) };
  if ((all.faults.length > 0 && !skipFaulty) || rows.length === 0) return summary(all, out, found);
  const manifest = join(out, 'manifest.jsonl');
  await writeIfDifferent(manifest, jsonLines(rows), signal);
  return summary(all, out, { ...found, manifest });
}

async function prepareTexts(corpus: Corpus, out: string, { tools: { signal }, limit }: PrepareOptions): Promise<Preparation> {
  const texts = corpus.texts.slice(0, limit);
  if (texts.length === 0) return summary(corpus, out, {});
  const manifest = join(out, 'texts.jsonl');
  const made = Number(await writeIfDifferent(manifest, jsonLines(texts.map(textRow)), signal)) * texts.length;
  if (corpus.home !== undefined) await writeIfDifferent(join(out, 'home.json'), `${JSON.stringify(corpus.home, null, 2)}\n`, signal);
  return summary(corpus, out, { rows: texts.length, made, kept: texts.length - made, manifest });
}

function summary({ kind, split, faults, notes, speakers }: Corpus, out: string, found: Partial<Preparation>): Preparation {
  return { kind, split, out, manifest: null, rows: 0, made: 0, kept: 0, leftOut: faults.length, flagged: {}, seconds: 0, speakers: speakers ?? null, faults, notes, ...found };
}

async function reviewed(corpus: Corpus, path: string | undefined, signal: AbortSignal): Promise<Corpus> {
  if (path === undefined) return corpus;
  const name = basename(path);
  const text = await readFile(path, { encoding: 'utf8', signal }).catch((cause: unknown) => {
    throw new RealopsError('REALOPS_FILE_NOT_FOUND', `the review ${path} cannot be read`, { cause });
  });
  const review = parseReview({ name, text });
  const { clips, faults } = withReview(corpus.clips, review, name);
  return { ...corpus, clips, faults: [...corpus.faults, ...review.faults, ...faults], notes: [...corpus.notes, ...review.notes] };
}

async function folderOf(dir: string): Promise<string> {
  const found = await stat(dir).catch(() => undefined);
  if (found?.isDirectory() !== true) throw new RealopsError('REALOPS_FILE_NOT_FOUND', found === undefined ? `there is no folder ${dir}` : `${dir} is no folder`, { hint: 'name the folder that the corpus was unpacked into' });
  return realpath(dir);
}

function countsOf(values: readonly string[]): { readonly [value: string]: number } {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
