import { createFindings } from './findings.js';
import { linesOf } from './lines.js';
import type { CorpusClip, Finding, Parsed } from './model.js';

/** Endings of files that hold sound. */
export const SOUND = /\.(?:wav|mp3|flac|ogg|oga|opus|m4a|aac|webm)$/iu;

/** A clip without its transcript, or a transcript without its clip, in a list of files (relative, with `/`). */
export function pairsOf(files: readonly string[]): { readonly pairs: readonly { readonly clip: string; readonly transcript: string }[]; readonly faults: readonly Finding[] } {
  const stem = (file: string): string => file.replace(/\.[^./]+$/u, '');
  const transcripts = new Map(files.filter((file) => /\.txt$/iu.test(file)).map((file) => [stem(file), file]));
  const clips = new Map<string, string>();
  const faults: Finding[] = [];
  for (const clip of files.filter((file) => SOUND.test(file))) {
    const before = clips.get(stem(clip));
    if (before === undefined) clips.set(stem(clip), clip);
    else faults.push({ place: { file: clip, line: 1 }, message: `has the same name as ${before}, so that one transcript would stand for both` });
  }
  for (const [name, clip] of clips) if (!transcripts.has(name)) faults.push({ place: { file: clip, line: 1 }, message: `has no transcript ${name}.txt` });
  for (const [name, transcript] of transcripts) if (!clips.has(name)) faults.push({ place: { file: transcript, line: 1 }, message: 'is a transcript without a clip' });
  return { pairs: [...clips].flatMap(([name, clip]) => (transcripts.has(name) ? [{ clip, transcript: transcripts.get(name) ?? '' }] : [])), faults };
}

/** A clip with the text file beside it: the first line is what is said, further lines are other ways to write it. */
export function parseTranscript(clip: string, name: string, text: string): Parsed<CorpusClip> {
  const findings = createFindings(name);
  const lines = linesOf(text, findings);
  const [sentence = '', ...alternatives] = lines.map(({ text: content, line }) => findings.text(content, line)).filter((each) => each !== '');
  if (sentence === '') findings.fault(1, `has no transcript for ${clip}`);
  const items = sentence === '' ? [] : [{ id: clip, path: clip, sentence, alternatives, flagged: [], labels: {}, place: { file: name, line: lines[0]?.line ?? 1 } }];
  return { items, faults: findings.faults, notes: findings.notes() };
}
