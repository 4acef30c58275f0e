import { readFile } from 'node:fs/promises';
import { unpackModel, type WordModel } from './speech/word-model.js';

/** Reads the committed word model. This file and the built bundle stand at the same depth beside the `model` folder. */
export async function loadWordModel(): Promise<WordModel> {
  return unpackModel(JSON.parse(await readFile(new URL('../model/words-sv.json', import.meta.url), 'utf8')));
}
