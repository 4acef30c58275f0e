import { relative, resolve } from 'node:path';
import { defineCommand, type CommandContext } from '@alice/realops/plugin';
import { SPEECH_KINDS, TEXT_KINDS, type Finding } from '../corpus/model.js';
import type { Preparation } from '../corpus/prepare.js';

/** So many faults and notes are shown; `--json` has all. */
const SHOWN = 20;

/** `realops voice prepare`: a corpus as rows for scenarios. */
export const prepare = defineCommand({
  name: 'prepare',
  description: 'Checks a corpus of speech or texts and prepares it for scenarios, once: clips as 16 kHz WAV with manifest.jsonl, texts as texts.jsonl.',
  with: {
    type: 'object',
    properties: {
      dir: { type: 'string', minLength: 1, description: 'The folder of the corpus.' },
      kind: { enum: [...SPEECH_KINDS, ...TEXT_KINDS], description: 'What it is; found out when absent.' },
      split: { type: 'string', minLength: 1, description: 'The part that is wanted, such as test or validated; the first of test, validated, dev, train that is there. all, of massive.' },
      locale: { type: 'string', pattern: '^[a-z]{2,3}(-[A-Z]{2})?$', default: 'sv-SE', description: 'Of text sets.' },
      out: { type: 'string', minLength: 1, description: 'Where it is prepared; .realops-prepared in the corpus when absent.' },
      limit: { type: 'integer', minimum: 1, description: 'Only the first N rows.' },
      review: { type: 'string', minLength: 1, description: 'A table (tsv) with path and alternative or flag: other right ways to write a sentence, and rows in doubt.' },
      quality: { type: 'boolean', default: false, description: 'Of massive: only rows that most judges found right.' },
      skipFaulty: { type: 'boolean', default: false, description: 'Leave faulty rows out instead of giving up.' },
      concurrency: { type: 'integer', minimum: 1, maximum: 64, default: 4, description: 'Files that are held at once.' },
      json: { type: 'boolean', default: false, description: 'Print one JSON object.' },
    },
    required: ['dir'],
  },
  positionals: ['dir'],
  examples: ['realops voice prepare cv-corpus-21.0/sv-SE', 'realops voice prepare fleurs/sv_se --split dev --limit 200', 'realops voice prepare 1.0/data --kind massive --quality'],
  async run({ dir, out, kind, split, locale, quality, limit, review, skipFaulty, concurrency, json }, context) {
    const { prepareCorpus } = await import('../corpus/prepare.js');
    const { cwd, env, signal, clock, progress } = context;
    const from = (path: string | undefined): string | undefined => (path === undefined ? undefined : resolve(cwd, path));
    const done = await prepareCorpus({ dir: resolve(cwd, dir), out: from(out), kind, split, locale, quality, limit, review: from(review), skipFaulty, concurrency, tools: { env, clock, signal }, progress });
    progress('');
    if (json) context.out.write(`${JSON.stringify(asJson(done), null, 2)}\n`);
    else show(done, dir, context);
    return done.manifest === null ? 3 : 0;
  },
});

function show(done: Preparation, dir: string, { out, error, cwd }: CommandContext): void {
  const { kind, split, manifest, rows, made, kept, seconds, speakers, flagged, faults, notes } = done;
  const tell = (list: readonly Finding[], write: (text: string) => void): void => {
    for (const { place, message } of list.slice(0, SHOWN)) write(`  ${place.file}:${place.line}  ${message}\n`);
    if (list.length > SHOWN) write(`  … and ${list.length - SHOWN} more; --json has all\n`);
  };
  if (faults.length > 0) {
    error.write(`${faults.length} ${faults.length === 1 ? 'row cannot' : 'rows cannot'} be used\n`);
    tell(faults, (text) => error.write(text));
  }
  if (notes.length > 0) {
    error.write('read all the same\n');
    tell(notes, (text) => error.write(text));
  }
  if (manifest === null) return void error.write(`nothing was made of ${dir} that a suite could use\nhint: mend the rows above, or leave them out with --skip-faulty\n`);
  const reasons = Object.entries(flagged).map(([reason, count]) => `${reason} ${count}`);
  const lines = [
    `${kind}${split === '' ? '' : ` ${split}`}: ${rows} rows${seconds === 0 ? '' : `, ${seconds} s of sound`}${speakers === null ? '' : `, ${speakers} speakers in the list`}`,
    `made ${made}, kept ${kept}${faults.length === 0 ? '' : `, left out ${faults.length}`}`,
    ...(reasons.length === 0 ? [] : [`flagged: ${reasons.join(', ')}`]),
    `data: { file: ${relative(cwd, manifest) || manifest} }`,
  ];
  out.write(`${lines.join('\n')}\n`);
}

function asJson({ faults, notes, ...rest }: Preparation): object {
  const flat = (list: readonly Finding[]): readonly object[] => list.map(({ place: { file, line }, message }) => ({ file, line, message }));
  return { ...rest, faults: flat(faults), notes: flat(notes) };
}
