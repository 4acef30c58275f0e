import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRecogniser, type EndpointSettings } from '../src/speech/recogniser.js';
import { decodeWav } from '../src/speech/pcm.js';
import type { WordModel } from '../src/speech/word-model.js';
import { addRoomTone, mixNoise, pad } from './mixing.js';
import { countWordErrors } from './word-errors.js';

/** A recording of the corpus with the sentence spoken in it. */
export interface Clip {
  readonly path: string;
  readonly sentence: string;
  readonly samples: Float32Array;
}

/** Reads a Common Voice table and its clips. */
export async function readClips(folder: string, table: string): Promise<Clip[]> {
  const [head = '', ...rows] = (await readFile(join(folder, table), 'utf8')).trimEnd().split('\n');
  const columns = head.split('\t');
  return Promise.all(
    rows.map(async (row) => {
      const fields = row.split('\t');
      const path = fields[columns.indexOf('path')] ?? '';
      return { path, sentence: fields[columns.indexOf('sentence')] ?? '', samples: decodeWav(await readFile(join(folder, 'clips', path))) };
    }),
  );
}

export interface Condition {
  readonly settings?: Partial<EndpointSettings>;
  readonly noise?: { readonly samples: Float32Array; readonly snrDb: number };
  readonly seed?: number;
}

/** The settings the assistant starts with. */
export const defaultSettings: EndpointSettings = { vad_start_threshold: 0.35, vad_stop_threshold: 0.3, vad_eos_timeout_ms: 700 };

/** Word errors over all clips, judged like a turn: the first final counts, a missing one is empty. */
export function evaluate(model: WordModel, clips: readonly Clip[], { settings = {}, noise, seed = 11 }: Condition = {}) {
  let errors = 0;
  let words = 0;
  let cutOff = 0;
  const late: number[] = [];
  const confidences: number[] = [];
  const heard: string[] = [];
  clips.forEach(({ samples, sentence }, i) => {
    const tailS = 1.6;
    const padded = addRoomTone(pad(samples, 0, tailS), 5000 + i);
    const audio = noise ? mixNoise(padded, noise.samples, noise.snrDb, seed * 1000 + i) : padded;
    const ear = createRecogniser(model, () => ({ ...defaultSettings, ...settings }));
    const events = [...ear.push(audio), ...ear.end()];
    const final = events.find(({ kind }) => kind === 'final');
    const text = final?.text ?? '';
    heard.push(text);
    const wrong = countWordErrors(sentence, text);
    errors += wrong;
    words += sentence.split(' ').length;
    if (final) {
      late.push(final.atS - samples.length / 16_000);
      confidences.push(final.confidence);
      if (events.filter(({ kind }) => kind === 'final').length > 1) cutOff++;
    }
  });
  return { wer: errors / words, errors, words, cutOff, late, confidences, heard };
}
