import { readFile } from 'node:fs/promises';
import { RealopsError } from '@alice/realops/plugin';
import { parseCommonVoice, type NamedText } from './common-voice.js';
import { filesBelow, MASSIVE_FOLDERS } from './detect.js';
import { parseFleurs } from './fleurs.js';
import { pairsOf, parseTranscript } from './folder.js';
import { locate } from './inside.js';
import { parseKaldi } from './kaldi.js';
import { parseMassive } from './massive.js';
import type { HomeFixtures } from './ha-intents.js';
import type { CorpusClip, CorpusText, Finding, Kind, Parsed } from './model.js';

/** What is read of a corpus. */
export interface ReadOptions {
  /** Its folder, as a real path. */
  readonly root: string;
  readonly kind: Kind;
  /** The part of it that is wanted; each kind has a usual one. */
  readonly split: string | undefined;
  /** Of text sets: `sv-SE`. */
  readonly locale: string;
  readonly quality: boolean;
  readonly signal: AbortSignal;
}

/** A corpus as its own files have it. */
export interface Corpus {
  readonly kind: Kind;
  /** Empty where the kind has no parts. */
  readonly split: string;
  readonly clips: readonly CorpusClip[];
  readonly texts: readonly CorpusText[];
  readonly home?: HomeFixtures;
  readonly faults: readonly Finding[];
  readonly notes: readonly Finding[];
  readonly speakers?: number;
}

/** Larger lists than this are no lists of clips. */
const MOST_BYTES = 256 << 20;
/** Parts of a corpus in the order in which one of them is taken when none is asked for. */
const SPLITS = ['test', 'validated', 'dev', 'train'] as const;

/**
 * Reads the lists of a corpus; no clip is opened.
 * @throws RealopsError REALOPS_DATA_INVALID when a list is missing or the part that was asked for is
 */
export async function readCorpus(options: ReadOptions): Promise<Corpus> {
  const { kind, root, split } = options;
  if (split !== undefined && (kind === 'folder' || kind === 'kaldi' || kind === 'ha-intents')) throw new RealopsError('REALOPS_DATA_INVALID', `a corpus of the kind ${kind} has no parts, so there is no ${split}`, { hint: 'leave out --split' });
  if (split !== undefined && !/^[\w-]+$/u.test(split)) throw new RealopsError('REALOPS_DATA_INVALID', `a part of a corpus is one word, got ${JSON.stringify(split)}`);
  switch (kind) {
    case 'common-voice': {
      const part = await partOf(root, split);
      const [clips, durations, reported] = [await textOf(options, `${part}.tsv`), await textIfThere(options, 'clip_durations.tsv'), await textIfThere(options, 'reported.tsv')];
      return speech(kind, part, parseCommonVoice({ clips, durations, reported }));
    }
    case 'fleurs': {
      const part = await partOf(root, split);
      return speech(kind, part, parseFleurs(await textOf(options, `${part}.tsv`), part));
    }
    case 'kaldi': {
      const [recordings, texts, segments, speakers] = [await textOf(options, 'wav.scp'), await textOf(options, 'text'), await textIfThere(options, 'segments'), await textIfThere(options, 'utt2spk')];
      return speech(kind, '', parseKaldi({ recordings, texts, segments, speakers }));
    }
    case 'folder':
      return readFolder(options);
    case 'massive': {
      const partition = split === 'all' ? undefined : (split ?? 'test');
      const names = await filesBelow(root, 3);
      const file = MASSIVE_FOLDERS.map((folder) => `${folder}${options.locale}.jsonl`).find((name) => names.includes(name));
      const { items, ...rest } = parseMassive(await textOf(options, file ?? `${options.locale}.jsonl`), { locale: options.locale, partition, quality: options.quality });
      return { kind, split: partition ?? 'all', clips: [], texts: items, ...rest };
    }
    case 'ha-intents':
      return readIntents(options);
  }
}

function speech(kind: Kind, split: string, { items, ...rest }: Parsed<CorpusClip>): Corpus {
  return { kind, split, clips: items, texts: [], ...rest };
}

async function readFolder(options: ReadOptions): Promise<Corpus> {
  const { pairs, faults } = pairsOf(await filesBelow(options.root));
  const read: Parsed<CorpusClip>[] = [];
  for (const { clip, transcript } of pairs) {
    const { text } = await textOf(options, transcript, true);
    read.push(parseTranscript(clip, transcript, text));
  }
  return { kind: 'folder', split: '', clips: read.flatMap(({ items }) => items), texts: [], faults: [...faults, ...read.flatMap((each) => each.faults)], notes: read.flatMap(({ notes }) => notes) };
}

async function readIntents(options: ReadOptions): Promise<Corpus> {
  const { parseExpectedFailures, parseFixtures, parseIntentTests } = await import('./ha-intents.js');
  const language = options.locale.split('-')[0] ?? options.locale;
  const names = await filesBelow(options.root, 4);
  const folder = [`tests/${language}/`, ''].find((prefix) => names.includes(`${prefix}_fixtures.yaml`));
  if (folder === undefined) throw new RealopsError('REALOPS_DATA_INVALID', `there is no tests/${language}/_fixtures.yaml in ${options.root}`, { hint: 'name the folder of home-assistant/intents, and --locale for another language' });
  const files = names.filter((name) => name.startsWith(folder) && /^[^/]+\.ya?ml$/u.test(name.slice(folder.length)));
  const parsed: Parsed<CorpusText>[] = [];
  for (const name of files.filter((each) => !each.slice(folder.length).startsWith('_'))) parsed.push(parseIntentTests(await textOf(options, name), language));
  const failing = files.includes(`${folder}_test_failures.yaml`) ? parseExpectedFailures(await textOf(options, `${folder}_test_failures.yaml`), language) : undefined;
  const { home, faults, notes } = parseFixtures(await textOf(options, `${folder}_fixtures.yaml`));
  const texts = parsed.flatMap(({ items }) => items).map((text) => (failing?.items.includes(text.utt) === true ? { ...text, flagged: ['expected failure'] } : text));
  const all = [...parsed, ...(failing === undefined ? [] : [failing])];
  return { kind: 'ha-intents', split: '', clips: [], texts, home, faults: [...faults, ...all.flatMap((each) => each.faults)], notes: [...notes, ...all.flatMap((each) => each.notes)] };
}

/** The part that was asked for, or the first that is there. */
async function partOf(root: string, split: string | undefined): Promise<string> {
  const names = (await filesBelow(root, 1)).filter((name) => name.endsWith('.tsv')).map((name) => name.slice(0, -4));
  const part = split === undefined ? (SPLITS.find((name) => names.includes(name)) ?? names[0]) : names.find((name) => name === split);
  if (part !== undefined) return part;
  throw new RealopsError('REALOPS_DATA_INVALID', split === undefined ? `${root} holds no table (.tsv)` : `${root} has no part ${split}`, { hint: `there are ${names.join(', ') || 'none'}` });
}

async function textOf({ root, signal }: ReadOptions, name: string, mayBeEmpty = false): Promise<NamedText> {
  const found = await locate(root, name);
  if ('why' in found) {
    if (mayBeEmpty && found.why.endsWith('which is empty')) return { name, text: '' };
    throw new RealopsError('REALOPS_DATA_INVALID', `the corpus ${found.why}`, { source: { file: name, line: 1, column: 1 } });
  }
  if (found.size > MOST_BYTES) throw new RealopsError('REALOPS_DATA_INVALID', `${name} has ${Math.round(found.size / 2 ** 20)} MiB; at most ${MOST_BYTES >> 20} are read`, { hint: 'name another part of the corpus with --split' });
  return { name, text: await readFile(found.file, { encoding: 'utf8', signal }) };
}

async function textIfThere(options: ReadOptions, name: string): Promise<NamedText | undefined> {
  return (await filesBelow(options.root, 1)).includes(name) ? textOf(options, name, true) : undefined;
}
