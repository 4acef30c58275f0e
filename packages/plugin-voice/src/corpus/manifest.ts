import type { CacheRecord } from './cache.js';
import { preparedPath } from './clip.js';
import type { CorpusClip, CorpusText } from './model.js';

/** A line of `manifest.jsonl`: a row for `voice.transcribe`. It holds nothing of who speaks. */
export interface ManifestRow {
  /** Of the prepared clip, relative to the manifest. */
  readonly path: string;
  readonly sentence: string;
  readonly alternatives: readonly string[];
  readonly onsetMs: number;
  readonly endMs: number;
  readonly boundsSource: string;
  readonly durationMs: number;
  readonly activeDb: number;
  readonly peakDb: number;
  /** Why the row is in doubt; empty when it is not. */
  readonly flagged: readonly string[];
  readonly labels: { readonly [name: string]: string };
  readonly split: string;
  /** The file in the corpus. */
  readonly source: string;
  readonly sourceSha256: string;
}

/** The row of a prepared clip. */
export function manifestRow(clip: CorpusClip, record: CacheRecord, split: string): ManifestRow {
  const { onsetMs, endMs, boundsSource, durationMs, activeDb, peakDb, sourceSha256 } = record;
  return {
    path: preparedPath(clip), sentence: clip.sentence, alternatives: clip.alternatives, onsetMs, endMs, boundsSource, durationMs, activeDb, peakDb,
    flagged: [...new Set([...clip.flagged, ...record.flagged])], labels: clip.labels, split, source: clip.path, sourceSha256,
  };
}

/** A line of `texts.jsonl`. */
export function textRow({ id, utt, intent, slots, context, response, scenario, partition, flagged }: CorpusText): object {
  return { id, utt, intent, slots, context, response, scenario, partition, flagged };
}

/** Rows as JSON lines. */
export function jsonLines(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
