import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packModel } from '../src/speech/word-model.js';
import { countPairs, learn, type Utterance } from './learn.js';
import { addRoomTone, mixNoise, pad, trainingNoises } from './mixing.js';
import { drawTrainingSentences, vocabulary } from './sentences.js';
import { speak, type Manner } from './speak.js';

/** Makes the training speech with espeak-ng, learns the word model and writes model/words-sv.json. */

const voices = ['sv', 'sv+m1', 'sv+m3', 'sv+m5', 'sv+m7', 'sv+f1', 'sv+f3', 'sv+f4'];
const speeds = [140, 165, 190];
const pitches = [40, 50, 62];
const sentencesPerVoice = 24;
const snrsDb = [20, 10, 5];
const folder = join(tmpdir(), 'alice-assistant-training');
const target = fileURLToPath(new URL('../model/words-sv.json', import.meta.url));

const sentences = drawTrainingSentences(voices.length * sentencesPerVoice, 1);
const script: { readonly text: string; readonly manner: Manner }[] = voices.flatMap((voice, v) => [
  ...vocabulary.map((text) => ({ text, manner: { voice, speed: 150, pitch: 50 } })),
  ...sentences.slice(v * sentencesPerVoice, (v + 1) * sentencesPerVoice).map((text, i) => ({
    text,
    manner: { voice, speed: speeds[i % 3] ?? 165, pitch: pitches[Math.floor(i / 3) % 3] ?? 50 },
  })),
]);

await mkdir(folder, { recursive: true });
const noises = trainingNoises(7);
const utterances: Utterance[] = [];
for (const [i, { text, manner }] of script.entries()) {
  const clean = addRoomTone(pad(await speak(text, manner, join(folder, `${i}.wav`)), 0.5, 0.6), i);
  const noise = noises[i % noises.length];
  utterances.push({ text, samples: clean });
  if (noise) utterances.push({ text, samples: mixNoise(clean, noise, snrsDb[Math.floor(i / noises.length) % snrsDb.length] ?? 10, i) });
}
await rm(folder, { recursive: true });
console.log(`${script.length} recordings of ${voices.length} voices, each used clean and in noise`);

const pairs = countPairs(sentences, vocabulary);
const model = learn(utterances, vocabulary, pairs, (round) => console.log(`round ${round} done`));
const stored = JSON.stringify(packModel(model, pairs));
await mkdir(fileURLToPath(new URL('.', new URL('../model/words-sv.json', import.meta.url))), { recursive: true });
await writeFile(target, `${stored}\n`);
console.log(`${model.words.reduce((sum, word) => sum + word.states, 0)} states, ${stored.length} bytes: ${target}`);
