import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadWordModel } from '../src/model.js';
import { createFeatureStream } from '../src/speech/features.js';
import { frameMs, sampleRate } from '../src/speech/settings.js';
import type { WordModel } from '../src/speech/word-model.js';
import { align, silenceState } from './align.js';
import { readClips, type Clip } from './evaluate.js';

/**
 * Makes examples/alice/studies/pauses.tsv: for each test clip the moment between two words at which somebody might stop to think, found by aligning the sentence
 * with the sound. Run again only when the clips change: the file is committed.
 */

const alice = new URL('../../alice/', import.meta.url);
/** How far the cut may lie from the boundary: where the sound is quietest, so that no vowel is cut. */
const reachMs = 40;

/** The frames at which the second and each later word begins. */
function wordStarts(model: WordModel, { sentence, samples }: Clip): number[] {
  const words = sentence.split(' ').map((text) => model.words.find((word) => word.text === text));
  const known = words.flatMap((word) => word ?? []);
  if (known.length !== words.length) throw new Error(`"${sentence}" has words outside the vocabulary`);
  const front = createFeatureStream(model);
  const path = align(model, known, [...front.push(samples), ...front.flush()]);
  const starts: number[] = [];
  let at = 0;
  known.forEach((word, position) => {
    while (at < path.length && path[at] !== word.first) at++;
    if (position > 0) starts.push(at);
    // Past the word, so that one that is said twice in a row is found twice.
    while (at < path.length && path[at] !== silenceState && (path[at] ?? 0) >= word.first && (path[at] ?? 0) < word.first + word.states) at++;
  });
  return starts;
}

/** The quietest 10 ms around a frame, in ms from the start of the clip. */
function quietestNear({ samples }: Clip, frame: number): number {
  const energyAt = (index: number): number => samples.subarray((index * frameMs * sampleRate) / 1000, ((index + 1) * frameMs * sampleRate) / 1000).reduce((sum, sample) => sum + sample * sample, 0);
  const near = Array.from({ length: (2 * reachMs) / frameMs + 1 }, (_, offset) => frame + offset - reachMs / frameMs);
  return near.reduce((best, index) => (energyAt(index) < energyAt(best) ? index : best), frame) * frameMs;
}

const model = await loadWordModel();
const clips = await readClips(fileURLToPath(new URL('datasources/sv/', alice)), 'validated.tsv');
const rows = clips.map((clip) => {
  const middle = clip.samples.length / 2 / (sampleRate * frameMs * 1e-3);
  const frame = wordStarts(model, clip).reduce((best, start) => (Math.abs(start - middle) < Math.abs(best - middle) ? start : best), Infinity);
  return [`../datasources/sv/clips/${clip.path}`, clip.sentence, String(quietestNear(clip, frame))].join('\t');
});
const file = fileURLToPath(new URL('studies/pauses.tsv', alice));
await writeFile(file, ['path\tsentence\tat_ms', ...rows].map((line) => `${line}\n`).join(''));
console.log(`wrote ${file}`);
