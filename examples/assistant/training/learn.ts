import { createFeatureStream, type Frame } from '../src/speech/features.js';
import { cepstrumCount, featureCount } from '../src/speech/settings.js';
import { bigramOf, wordsOf, type StoredWordModel, type Word, type WordModel } from '../src/speech/word-model.js';
import { align, silenceState } from './align.js';
import { clusterSilence, createStatistics, spreadOf } from './estimate.js';

/** One recording and what is said in it. */
export interface Utterance {
  readonly text: string;
  readonly samples: Float32Array;
}

const statesPerFrame = 0.25;
const rounds = 5;
const silenceGaussians = 4;
const clearSpeech = 0.3;
const clearSilence = 0.1;

function framesOf(samples: Float32Array, cepstralMean: readonly number[], meanWeight: number): Frame[] {
  const stream = createFeatureStream({ cepstralMean, meanWeight });
  return [...stream.push(samples), ...stream.flush()];
}

/** Mean cepstrum over the voiced frames of all recordings. */
function cepstralMeanOf(utterances: readonly Utterance[]): number[] {
  const zero = Array.from({ length: cepstrumCount }, () => 0);
  const sum = [...zero];
  let count = 0;
  for (const { samples } of utterances) {
    for (const { speech, features } of framesOf(samples, zero, Infinity)) {
      if (speech < 0.25) continue;
      count++;
      for (let k = 0; k < cepstrumCount; k++) sum[k] = (sum[k] ?? 0) + (features[k] ?? 0);
    }
  }
  return sum.map((value) => value / count);
}

/** The frames between the first and the last that surely hold speech. */
function spokenPart(frames: readonly Frame[]): readonly Frame[] {
  const first = frames.findIndex(({ speech }) => speech >= clearSpeech);
  return first < 0 ? [] : frames.slice(first, frames.findLastIndex(({ speech }) => speech >= clearSpeech) + 1);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Sentence texts to word-pair counts, with sentence start and end. */
export function countPairs(sentences: readonly string[], vocabulary: readonly string[]): StoredWordModel['wordPairs'] {
  const edge = vocabulary.length;
  const counts = new Map<string, number>();
  for (const sentence of sentences) {
    const path = [edge, ...sentence.split(' ').map((word) => vocabulary.indexOf(word)), edge];
    for (let i = 1; i < path.length; i++) {
      const key = `${path[i - 1] ?? edge} ${path[i] ?? edge}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return [...counts].map(([key, count]): [number, number, number] => {
    const [previous = 0, next = 0] = key.split(' ').map(Number);
    return [previous, next, count];
  }).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

interface Labelled {
  readonly words: readonly Word[];
  readonly frames: readonly Frame[];
}

/** First model: isolated words cut evenly over their states. */
function flatStart(words: readonly Word[], clips: readonly Labelled[], spread: Float64Array): Pick<WordModel, 'states' | 'silence'> {
  const stateCount = words.reduce((sum, word) => sum + word.states, 0);
  const statistics = createStatistics(stateCount);
  for (const { words: [word, another], frames } of clips) {
    if (!word || another) continue;
    const spoken = spokenPart(frames);
    spoken.forEach(({ features }, t) => statistics.add(word.first + Math.floor((t * word.states) / spoken.length), features));
  }
  const empty = {
    means: new Float32Array(stateCount * featureCount),
    variances: Float32Array.from({ length: stateCount * featureCount }, (_, at) => spread[at % featureCount] ?? 1),
  };
  const quiet = clips.flatMap(({ frames }) => frames.filter(({ speech, index }) => speech < clearSilence && index > 15));
  return { states: statistics.estimate(empty, spread), silence: clusterSilence(quiet, silenceGaussians, spread) };
}

/** One round: align everything with the present model, then estimate it anew. */
function refine(model: Pick<WordModel, 'states' | 'silence'>, clips: readonly Labelled[], spread: Float64Array): Pick<WordModel, 'states' | 'silence'> {
  const statistics = createStatistics(model.states.means.length / featureCount);
  const quiet: Frame[] = [];
  for (const { words, frames } of clips) {
    const path = align(model, words, frames);
    frames.forEach((frame, t) => {
      const state = path[t] ?? silenceState;
      if (state === silenceState) quiet.push(frame);
      else statistics.add(state, frame.features);
    });
  }
  return { states: statistics.estimate(model.states, spread), silence: clusterSilence(quiet, silenceGaussians, spread) };
}

/** Learns a word model from recordings of single words and sentences. `pairs` is the word-pair model. */
export function learn(utterances: readonly Utterance[], vocabulary: readonly string[], pairs: StoredWordModel['wordPairs'], onRound: (round: number) => void): WordModel {
  const cepstralMean = cepstralMeanOf(utterances);
  const heard = utterances.map(({ text, samples }) => ({ text, frames: framesOf(samples, cepstralMean, 30) }));
  const words = wordsOf(
    vocabulary.map((text) => {
      const lengths = heard.filter((clip) => clip.text === text).map(({ frames }) => spokenPart(frames).length);
      return { text, states: Math.min(22, Math.max(3, Math.round(statesPerFrame * median(lengths)))) };
    }),
  );
  const byText = new Map(words.map((word) => [word.text, word]));
  const clips = heard.map(({ text, frames }): Labelled => ({ words: text.split(' ').flatMap((word) => byText.get(word) ?? []), frames }));
  const spread = spreadOf(clips.flatMap(({ frames }) => frames.filter(({ speech }) => speech >= 0.25)));
  let model = flatStart(words, clips, spread);
  for (let round = 1; round <= rounds; round++) {
    model = refine(model, clips, spread);
    onRound(round);
  }
  return { language: 'sv', words, ...model, cepstralMean, bigram: bigramOf(words.length, pairs) };
}
