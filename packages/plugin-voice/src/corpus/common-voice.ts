import { createFindings } from './findings.js';
import { whyNotPath } from './inside.js';
import { numberIn, rowsOf, type TableRow } from './lines.js';
import type { CorpusClip, Parsed } from './model.js';

/** The files of a Common Voice corpus, as texts with their names. */
export interface CommonVoiceFiles {
  readonly clips: NamedText;
  /** `clip_durations.tsv`, from version 16.1 on. */
  readonly durations?: NamedText | undefined;
  /** `reported.tsv`: sentences that somebody complained of. */
  readonly reported?: NamedText | undefined;
}

/** A text file by its name in the corpus. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Columns that become labels; `accent` was renamed in version 17. */
const LABELS: { readonly [label: string]: readonly string[] } = { accent: ['accents', 'accent'], variant: ['variant'], domain: ['sentence_domain'] };

/**
 * Rows of a Common Voice table (versions 11 to 21), by the names of its columns: those of later versions, and columns of one's own, do no harm. `onset_ms` and `end_ms` say
 * where speech lies. Speakers are counted and not named: client_id never leaves this function.
 */
export function parseCommonVoice({ clips, durations, reported }: CommonVoiceFiles): Parsed<CorpusClip> {
  const findings = createFindings(clips.name);
  const { names, rows } = rowsOf(clips.text, findings);
  const missing = ['path', 'sentence'].filter((name) => !names.includes(name));
  if (missing.length > 0) return { items: [], faults: [...findings.faults, { place: { file: clips.name, line: 1 }, message: `the header lacks the column ${missing.join(' and ')}; it has ${names.join(', ') || 'none'}` }], notes: findings.notes() };
  const beside = [readDurations(durations), readReports(reported)] as const;
  const [lengths, complaints] = beside;
  const seen = new Map<string, number>();
  const speakers = new Set<string>();
  const items = rows.flatMap(({ line, cells }): readonly CorpusClip[] => {
    const name = cells.get('path') ?? '';
    const why = whyNotPath(name);
    if (why !== undefined) return findings.fault(line, why), [];
    const before = seen.get(name);
    if (before !== undefined) return findings.fault(line, `names ${name} again; line ${before} has it already`), [];
    seen.set(name, line);
    const sentence = findings.text(cells.get('sentence') ?? '', line);
    if (sentence === '') return findings.fault(line, `has no transcript for ${name}`), [];
    const [onsetMs, endMs] = [numberIn(cells.get('onset_ms')), numberIn(cells.get('end_ms'))];
    if (Number.isNaN(onsetMs) || Number.isNaN(endMs)) return findings.fault(line, 'has an onset_ms or end_ms that is no number'), [];
    const speaker = cells.get('client_id') ?? '';
    if (speaker !== '') speakers.add(speaker);
    const saidMs = lengths.values.get(name);
    return [{
      id: name, path: `clips/${name}`, sentence, alternatives: [], flagged: flagsOf(cells, complaints.values), labels: labelsOf(cells), place: { file: clips.name, line },
      ...(onsetMs === undefined ? {} : { onsetMs }), ...(endMs === undefined ? {} : { endMs }), ...(saidMs === undefined ? {} : { saidMs }),
    }];
  });
  const faults = [...findings.faults, ...beside.flatMap((each) => each.faults)];
  return { items, faults, notes: [...findings.notes(), ...beside.flatMap((each) => each.notes)], ...(speakers.size === 0 ? {} : { speakers: speakers.size }) };
}

function flagsOf(cells: TableRow['cells'], complaints: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const [up, down] = [numberIn(cells.get('up_votes')) ?? 0, numberIn(cells.get('down_votes')) ?? 0];
  const reasons = complaints.get(`id ${cells.get('sentence_id') ?? ''}`) ?? complaints.get(`text ${cells.get('sentence') ?? ''}`) ?? [];
  return [...(down > 0 && down >= up ? ['down-voted'] : []), ...reasons.map((reason) => `reported: ${reason}`)];
}

function labelsOf(cells: TableRow['cells']): CorpusClip['labels'] {
  const found = Object.entries(LABELS).map(([label, columns]) => [label, columns.map((column) => (cells.get(column) ?? '').normalize('NFC').trim()).find((value) => value !== '') ?? ''] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== ''));
}

interface Beside<T> extends Parsed<never> {
  readonly values: ReadonlyMap<string, T>;
}

function readDurations(file: NamedText | undefined): Beside<number> {
  if (file === undefined) return { items: [], faults: [], notes: [], values: new Map() };
  const findings = createFindings(file.name);
  const { names, rows } = rowsOf(file.text, findings);
  const length = names.find((name) => name.startsWith('duration'));
  const clip = names.find((name) => name !== length);
  if (length === undefined || clip === undefined) findings.fault(1, 'the header lacks the column duration[ms]');
  const values = new Map<string, number>();
  for (const { cells } of rows) {
    const ms = numberIn(cells.get(length ?? ''));
    if (ms !== undefined && !Number.isNaN(ms)) values.set(cells.get(clip ?? '') ?? '', ms);
  }
  return { items: [], faults: findings.faults, notes: findings.notes(), values };
}

/** Complaints by the id of the sentence, and by its text for versions without ids. */
function readReports(file: NamedText | undefined): Beside<readonly string[]> {
  if (file === undefined) return { items: [], faults: [], notes: [], values: new Map() };
  const findings = createFindings(file.name);
  const { names, rows } = rowsOf(file.text, findings);
  if (rows.length > 0 && !names.includes('sentence') && !names.includes('sentence_id')) findings.fault(1, 'the header lacks the column sentence or sentence_id');
  const values = new Map<string, readonly string[]>();
  for (const { line, cells } of rows) {
    const reason = findings.text(cells.get('reason') ?? '', line) || 'no reason given';
    const id = cells.get('sentence_id') ?? '';
    for (const key of [...(id === '' ? [] : [`id ${id}`]), `text ${cells.get('sentence') ?? ''}`]) values.set(key, [...new Set([...(values.get(key) ?? []), reason])]);
  }
  return { items: [], faults: findings.faults, notes: findings.notes(), values };
}
