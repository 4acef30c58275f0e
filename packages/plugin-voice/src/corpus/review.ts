import { createFindings } from './findings.js';
import { rowsOf } from './lines.js';
import type { NamedText } from './common-voice.js';
import type { CorpusClip, Finding } from './model.js';

/** What people found out about single clips. */
export interface Review {
  readonly remarks: ReadonlyMap<string, { readonly alternatives: readonly string[]; readonly flags: readonly string[]; readonly line: number }>;
  readonly faults: readonly Finding[];
  readonly notes: readonly Finding[];
}

/** A table of one's own with the columns `path` and `alternative`, `flag` or both: another right way to write what is said, or why the row is in doubt. A clip may stand in it more than once. */
export function parseReview({ name, text }: NamedText): Review {
  const findings = createFindings(name);
  const { names, rows } = rowsOf(text, findings);
  const remarks = new Map<string, { readonly alternatives: readonly string[]; readonly flags: readonly string[]; readonly line: number }>();
  if (!names.includes('path') || !(names.includes('alternative') || names.includes('flag'))) findings.fault(1, `the header must hold path and alternative or flag; it has ${names.join(', ') || 'nothing'}`);
  for (const { line, cells } of rows) {
    const path = cells.get('path') ?? '';
    const before = remarks.get(path) ?? { alternatives: [], flags: [], line };
    const more = (column: string): readonly string[] => [findings.text(cells.get(column) ?? '', line)].filter((value) => value !== '');
    remarks.set(path, { ...before, alternatives: [...before.alternatives, ...more('alternative')], flags: [...before.flags, ...more('flag')] });
  }
  return { remarks, faults: findings.faults, notes: findings.notes() };
}

/** Clips with what the review says of them; a remark on a clip that is not there is a fault. */
export function withReview(clips: readonly CorpusClip[], { remarks }: Review, file: string): { readonly clips: readonly CorpusClip[]; readonly faults: readonly Finding[] } {
  const ids = new Set(clips.map(({ id }) => id));
  const faults = [...remarks].filter(([path]) => !ids.has(path)).map(([path, { line }]): Finding => ({ place: { file, line }, message: `speaks of ${path}, which the corpus does not have` }));
  const reviewed = clips.map((clip) => {
    const remark = remarks.get(clip.id);
    return remark === undefined ? clip : { ...clip, alternatives: [...clip.alternatives, ...remark.alternatives], flagged: [...clip.flagged, ...remark.flags] };
  });
  return { clips: reviewed, faults };
}
