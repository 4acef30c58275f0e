import { createFindings, type Findings } from './findings.js';
import { linesOf } from './lines.js';
import type { NamedText } from './common-voice.js';
import type { CorpusText, Parsed } from './model.js';

/** Which rows of MASSIVE are wanted. */
export interface MassiveOptions {
  readonly locale: string;
  /** One of its partitions; all of them when absent. */
  readonly partition?: string | undefined;
  /** Only rows that most of its judges found right in intent and slots; rows without judges stay. */
  readonly quality?: boolean;
}

interface Fields {
  readonly [name: string]: unknown;
}

/** `[time : fem på morgonen]` */
const SLOT = /\[\s*([^[\]:]+?)\s*:\s*([^[\]]*?)\s*\]/gu;

/**
 * Rows of a file of MASSIVE, one JSON object a line. Slots are read from `annot_utt`; that it gives `utt` when its brackets are taken away is checked for each row. Worker ids are
 * dropped. Files without judgments (en-US) or without intents (the held-out set) can be read; intents are null then.
 */
export function parseMassive({ name, text }: NamedText, { locale, partition, quality = false }: MassiveOptions): Parsed<CorpusText> {
  const findings = createFindings(name);
  const seen = new Map<string, number>();
  let [unjudged, dropped] = [0, 0];
  const items = linesOf(text, findings).flatMap(({ text: content, line }): readonly CorpusText[] => {
    const row = objectOf(content);
    if (row === undefined) return findings.fault(line, 'is no JSON object'), [];
    const [id, utt, found] = [row['id'], row['utt'], row['locale'] ?? locale];
    if (typeof id !== 'string' || typeof utt !== 'string') return findings.fault(line, 'lacks id or utt'), [];
    if (found !== locale) return findings.fault(line, `is of the locale ${JSON.stringify(found)}, not ${locale}`), [];
    const before = seen.get(id);
    if (before !== undefined) return findings.fault(line, `has the id ${id} again; line ${before} has it already`), [];
    seen.set(id, line);
    const said = findings.text(utt, line);
    if (said === '') return findings.fault(line, 'has an empty utt'), [];
    if (partition !== undefined && textOf(row['partition']) !== partition) return [];
    const judgments = Array.isArray(row['judgments']) ? row['judgments'].filter(isFields) : [];
    if (judgments.length === 0) unjudged += 1;
    else if (quality && !isGood(judgments)) return (dropped += 1), [];
    const slots = slotsOf(row['annot_utt'], said, line, findings);
    if (slots === undefined) return [];
    const intent = row['intent'];
    return [{ id, utt: said, intent: typeof intent === 'string' ? intent : null, slots, context: {}, response: null, flagged: [], scenario: textOf(row['scenario']), partition: textOf(row['partition']), place: { file: name, line } }];
  });
  if (quality && dropped > 0) findings.note(1, `${dropped} rows were left out since most judges found intent or slots wrong`);
  if (quality && unjudged > 0) findings.note(1, `${unjudged} rows have no judgments; they stay`);
  return { items, faults: findings.faults, notes: findings.notes() };
}

function slotsOf(annotated: unknown, utt: string, line: number, findings: Findings): CorpusText['slots'] | undefined {
  if (annotated === undefined) return [];
  if (typeof annotated !== 'string') return findings.fault(line, 'has an annot_utt that is no text');
  const text = findings.text(annotated, line);
  const stripped = text.replaceAll(SLOT, '$2');
  if (stripped !== utt) return findings.fault(line, `annot_utt without its brackets is ${JSON.stringify(stripped)}, utt is ${JSON.stringify(utt)}`);
  const slots = new Map<string, string[]>();
  for (const [, slot = '', value = ''] of text.matchAll(SLOT)) slots.set(slot, [...(slots.get(slot) ?? []), value]);
  return [...slots].flatMap(([slot, values]) => values.map((value) => ({ name: slot, accepted: [value] })));
}

/** Most judges say that the intent is right, and that the slots are (1), or would be in another order of words (2). */
function isGood(judgments: readonly Fields[]): boolean {
  const most = (holds: (judgment: Fields) => boolean): boolean => judgments.filter(holds).length * 2 > judgments.length;
  return most((judgment) => judgment['intent_score'] === 1) && most((judgment) => judgment['slots_score'] === 1 || judgment['slots_score'] === 2);
}

function objectOf(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
