import type { NamedText } from './common-voice.js';
import { createFindings, type Findings } from './findings.js';
import { whyNotPath } from './inside.js';
import { linesOf } from './lines.js';
import type { CorpusClip, Parsed } from './model.js';

/** The lists of a folder of Kaldi. */
export interface KaldiFiles {
  /** `wav.scp`: recording and file. */
  readonly recordings: NamedText;
  /** `text`: utterance and words. */
  readonly texts: NamedText;
  /** `segments`: utterance, recording, begin and end in seconds; without it each recording is an utterance. */
  readonly segments?: NamedText | undefined;
  /** `utt2spk`: utterance and speaker, who are counted only. */
  readonly speakers?: NamedText | undefined;
}

interface Entry {
  readonly rest: string;
  readonly line: number;
}

/** The utterances of Kaldi's lists. Commands in wav.scp (`sox … |`) are refused: nothing of a corpus is ever run. */
export function parseKaldi({ recordings, texts, segments, speakers }: KaldiFiles): Parsed<CorpusClip> {
  const found = [recordings, texts, ...(segments === undefined ? [] : [segments]), ...(speakers === undefined ? [] : [speakers])].map(({ name, text }) => {
    const findings = createFindings(name);
    return { name, findings, entries: entriesOf(text, findings) };
  });
  const of = (file: NamedText | undefined): (typeof found)[number] | undefined => found.find(({ name }) => name === file?.name);
  const [scp, words, parts, who] = [of(recordings), of(texts), of(segments), of(speakers)];
  const paths = new Map<string, string>();
  for (const [recording, { rest, line }] of scp?.entries ?? []) {
    const isCommand = /^\||\|$/u.test(rest);
    const why = isCommand ? `holds a command (${JSON.stringify(rest.slice(0, 60))}); commands are not run` : whyNotPath(rest);
    if (why === undefined) paths.set(recording, rest);
    else scp?.findings.fault(line, why);
  }
  const items = [...(words?.entries ?? [])].flatMap(([utterance, { rest, line }]): readonly CorpusClip[] => {
    const sentence = words?.findings.text(rest, line) ?? '';
    if (sentence === '') return words?.findings.fault(line, `has no transcript for ${utterance}`), [];
    const part = parts?.entries.get(utterance);
    if (parts !== undefined && part === undefined) return words?.findings.fault(line, `${utterance} has no segment in ${parts.name}`), [];
    const cut = part === undefined ? undefined : cutOf(part, parts?.findings);
    if (part !== undefined && cut === undefined) return [];
    const recording = cut?.recording ?? utterance;
    if (scp?.entries.has(recording) !== true) return words?.findings.fault(line, `${utterance}: ${recordings.name} has no recording ${recording}`), [];
    const path = paths.get(recording);
    if (path === undefined) return [];
    return [{ id: utterance, path, sentence, alternatives: [], flagged: [], labels: {}, place: { file: texts.name, line }, ...(cut === undefined ? {} : { cut: { fromMs: cut.fromMs, toMs: cut.toMs } }) }];
  });
  for (const [utterance, { line }] of parts?.entries ?? []) if (words?.entries.has(utterance) !== true) parts?.findings.fault(line, `${utterance} has no transcript in ${texts.name}`);
  if (parts === undefined) for (const [recording, { line }] of scp?.entries ?? []) if (words?.entries.has(recording) !== true) scp?.findings.fault(line, `${recording} has no transcript in ${texts.name}`);
  const people = new Set([...(who?.entries.values() ?? [])].map(({ rest }) => rest));
  return { items, faults: found.flatMap(({ findings }) => findings.faults), notes: found.flatMap(({ findings }) => findings.notes()), ...(people.size === 0 ? {} : { speakers: people.size }) };
}

/** Lines of a name and the rest, by name. */
function entriesOf(text: string, findings: Findings): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const { text: content, line } of linesOf(text, findings)) {
    const [, name = '', rest = ''] = /^(\S+)\s*(.*)$/u.exec(content.trim()) ?? [];
    const before = entries.get(name);
    if (before === undefined) entries.set(name, { rest, line });
    else findings.fault(line, `names ${name} again; line ${before.line} has it already`);
  }
  return entries;
}

function cutOf({ rest, line }: Entry, findings: Findings | undefined): { readonly recording: string; readonly fromMs: number; readonly toMs: number } | undefined {
  const [recording = '', begin = '', end = '', ...more] = rest.split(/\s+/u);
  const [fromMs, toMs] = [Number(begin) * 1_000, Number(end) * 1_000];
  if (more.length === 0 && begin !== '' && fromMs >= 0 && toMs > fromMs && Number.isFinite(toMs)) return { recording, fromMs, toMs };
  return findings?.fault(line, `must hold a recording, its begin and a later end in seconds, got ${JSON.stringify(rest)}`);
}
