import { readFile } from 'node:fs/promises';
import { unpackModel, type StoredWordModel, type WordModel } from './speech/word-model.js';

/** Reads the committed word model. This file and the built bundle stand at the same depth beside the `model` folder. */
export async function loadWordModel(): Promise<WordModel> {
  const stored: unknown = JSON.parse(await readFile(new URL('../model/words-sv.json', import.meta.url), 'utf8'));
  // The file is ours, made by the training script in this very form.
  return unpackModel(stored as StoredWordModel);
}
