import type { Millis } from '@alice/realops/plugin';

/** The kinds of corpora that can be read: the first four hold speech, the others texts. */
export const SPEECH_KINDS = ['common-voice', 'fleurs', 'folder', 'kaldi'] as const;
export const TEXT_KINDS = ['massive', 'ha-intents'] as const;
/** Each of them. */
export type Kind = (typeof SPEECH_KINDS)[number] | (typeof TEXT_KINDS)[number];

/** A line of a file of the corpus; the file relative to its folder. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Something that is wrong with a corpus, or worth knowing of it. */
export interface Finding {
  readonly place: Place;
  readonly message: string;
}

/** What was read of a file: what can be used, what cannot, and what was read in spite of its form. */
export interface Parsed<T> {
  readonly items: readonly T[];
  /** Rows that are left out of the items. */
  readonly faults: readonly Finding[];
  readonly notes: readonly Finding[];
  /** How many speakers; who they are stays with the reader. */
  readonly speakers?: number;
}

/** A clip with what is said in it. */
export interface CorpusClip {
  /** Unique in the corpus. */
  readonly id: string;
  /** The file, relative to the folder of the corpus, with `/`. */
  readonly path: string;
  /** A part of the file; all of it when absent. */
  readonly cut?: { readonly fromMs: Millis; readonly toMs: Millis };
  readonly sentence: string;
  readonly alternatives: readonly string[];
  /** Where speech begins and ends, when the corpus says so. */
  readonly onsetMs?: Millis;
  readonly endMs?: Millis;
  /** How long the corpus says that it lasts. */
  readonly saidMs?: Millis;
  /** Why the row is in doubt. */
  readonly flagged: readonly string[];
  /** What samples may be told apart by: accent, variant, domain. */
  readonly labels: { readonly [name: string]: string };
  readonly place: Place;
}

/** A text with what it means. */
export interface CorpusText {
  readonly id: string;
  readonly utt: string;
  /** Null when the corpus does not say. */
  readonly intent: string | null;
  readonly slots: readonly { readonly name: string; /** Any of these is right. */ readonly accepted: readonly string[] }[];
  /** What is known besides the words, such as the area that they are said in. */
  readonly context: { readonly [name: string]: string };
  /** The reply that belongs to it, where the corpus has one. */
  readonly response: string | null;
  /** Why the row is in doubt. */
  readonly flagged: readonly string[];
  readonly scenario: string;
  readonly partition: string;
  readonly place: Place;
}
