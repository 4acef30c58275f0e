import { createFindings } from './findings.js';
import { whyNotPath } from './inside.js';
import { linesOf, numberIn } from './lines.js';
import type { CorpusClip, Parsed } from './model.js';
import type { NamedText } from './common-voice.js';

const COLUMNS = ['id', 'file_name', 'raw_transcription', 'transcription', 'characters', 'num_samples', 'gender'] as const;
/** Of all its clips. */
const RATE = 16_000;

/**
 * Rows of a table of FLEURS, which has seven columns and no header. Quotes are letters of the text. Several speakers say the same sentence under the same id, so a clip is named by its
 * file. The text is the one with case and punctuation.
 */
export function parseFleurs({ name, text }: NamedText, split: string): Parsed<CorpusClip> {
  const findings = createFindings(name);
  const seen = new Map<string, number>();
  const items = linesOf(text, findings).flatMap(({ text: content, line }): readonly CorpusClip[] => {
    const cells = content.split('\t');
    const [, file = '', raw = '', , , samples] = cells;
    if (cells.length !== COLUMNS.length) return findings.fault(line, `has ${cells.length} cells; a row of FLEURS has ${COLUMNS.length}: ${COLUMNS.join(', ')}`), [];
    const why = whyNotPath(file);
    if (why !== undefined) return findings.fault(line, why), [];
    const before = seen.get(file);
    if (before !== undefined) return findings.fault(line, `names ${file} again; line ${before} has it already`), [];
    seen.set(file, line);
    const sentence = findings.text(raw, line);
    if (sentence === '') return findings.fault(line, `has no transcript for ${file}`), [];
    const length = numberIn(samples);
    if (length === undefined || Number.isNaN(length)) return findings.fault(line, `has ${JSON.stringify(samples)} for the number of samples`), [];
    return [{ id: file, path: `audio/${split}/${file}`, sentence, alternatives: [], flagged: [], labels: {}, saidMs: (length / RATE) * 1_000, place: { file: name, line } }];
  });
  return { items, faults: findings.faults, notes: findings.notes() };
}
