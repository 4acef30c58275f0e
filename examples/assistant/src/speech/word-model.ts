import { cepstrumCount, featureCount } from './settings.js';

/** One word of the vocabulary: a left-to-right chain of states, each one diagonal Gaussian. */
export interface Word {
  readonly text: string;
  /** Index of its first state in the model's state arrays. */
  readonly first: number;
  readonly states: number;
}

/** Diagonal Gaussians stored one after the other, {@link featureCount} values each. */
export interface Gaussians {
  readonly means: Float32Array;
  readonly variances: Float32Array;
}

/** Everything the recogniser has learnt. */
export interface WordModel {
  readonly language: string;
  readonly words: readonly Word[];
  readonly states: Gaussians;
  readonly silence: Gaussians & { readonly weights: readonly number[] };
  /** Mean cepstrum of speech over the training data. */
  readonly cepstralMean: readonly number[];
  /** `bigram[v][w]`: natural log probability of word w after v. Row `words.length` is the sentence start, column `words.length` its end. */
  readonly bigram: readonly Float64Array[];
}

/** The model as it lies on disk: a readable head, Gaussians packed in base64. */
export interface StoredWordModel {
  readonly format: 1;
  readonly language: string;
  readonly words: readonly { readonly text: string; readonly states: number }[];
  readonly cepstralMean: readonly number[];
  readonly silenceWeights: readonly number[];
  /** `[previous, next, count]`; `words.length` stands for sentence start and end. */
  readonly wordPairs: readonly (readonly [number, number, number])[];
  /** Per feature dimension: half range of the means, and lowest and highest log variance. */
  readonly ranges: readonly (readonly [number, number, number])[];
  /** Word states, then silence: means as int16, little endian. */
  readonly means: string;
  /** Word states, then silence: log variances as uint8. */
  readonly variances: string;
}

const unseenShare = 0.02;

/** Word-pair counts to log probabilities, mixed with 2 % of a uniform choice so that any word may follow any. */
export function bigramOf(wordCount: number, pairs: StoredWordModel['wordPairs']): Float64Array[] {
  const counts = Array.from({ length: wordCount + 1 }, () => new Float64Array(wordCount + 1));
  for (const [previous, next, count] of pairs) {
    const row = counts[previous];
    if (row) row[next] = (row[next] ?? 0) + count;
  }
  return counts.map((row) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    const uniform = 1 / (wordCount + 1);
    return row.map((count) => Math.log(total === 0 ? uniform : (1 - unseenShare) * (count / total) + unseenShare * uniform));
  });
}

/** Lays words one after the other over the state arrays. */
export function wordsOf(words: readonly { readonly text: string; readonly states: number }[]): Word[] {
  let first = 0;
  return words.map(({ text, states }) => {
    const word = { text, first, states };
    first += states;
    return word;
  });
}

const join = (a: Float32Array, b: Float32Array): Float32Array => {
  const all = new Float32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
};

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Packs a model for disk: means to 16 bits, log variances to 8. */
export function packModel(model: WordModel, pairs: StoredWordModel['wordPairs']): StoredWordModel {
  const means = join(model.states.means, model.silence.means);
  const variances = join(model.states.variances, model.silence.variances).map((value) => Math.log(value));
  const count = means.length / featureCount;
  const ranges = Array.from({ length: featureCount }, (_, k): [number, number, number] => {
    const values = Array.from({ length: count }, (_, i) => i * featureCount + k);
    const logs = values.map((i) => variances[i] ?? 0);
    return [
      round(Math.max(...values.map((i) => Math.abs(means[i] ?? 0))) + 1e-4, 4),
      round(Math.min(...logs) - 1e-4, 4),
      round(Math.max(...logs) + 1e-4, 4),
    ];
  });
  const packedMeans = Buffer.alloc(2 * means.length);
  const packedVariances = Buffer.alloc(variances.length);
  for (let i = 0; i < means.length; i++) {
    const [half, low, high] = ranges[i % featureCount] ?? [1, 0, 1];
    packedMeans.writeInt16LE(Math.round(((means[i] ?? 0) / half) * 32_767), 2 * i);
    packedVariances.writeUInt8(Math.round((((variances[i] ?? 0) - low) / (high - low)) * 255), i);
  }
  return {
    format: 1,
    language: model.language,
    words: model.words.map(({ text, states }) => ({ text, states })),
    cepstralMean: model.cepstralMean.map((value) => round(value, 4)),
    silenceWeights: model.silence.weights.map((value) => round(value, 4)),
    wordPairs: pairs,
    ranges,
    means: packedMeans.toString('base64'),
    variances: packedVariances.toString('base64'),
  };
}

/**
 * Unpacks a model read from disk.
 * @throws Error when the parts do not fit together, which means that the file is damaged.
 */
export function unpackModel(stored: StoredWordModel): WordModel {
  const words = wordsOf(stored.words);
  const stateCount = words.reduce((sum, word) => sum + word.states, 0);
  const total = (stateCount + stored.silenceWeights.length) * featureCount;
  const packedMeans = Buffer.from(stored.means, 'base64');
  const packedVariances = Buffer.from(stored.variances, 'base64');
  if (packedMeans.length !== 2 * total || packedVariances.length !== total || stored.cepstralMean.length !== cepstrumCount) {
    throw new Error(`word model is damaged: expected ${total} means and variances, got ${packedMeans.length / 2} and ${packedVariances.length}`);
  }
  const means = new Float32Array(total);
  const variances = new Float32Array(total);
  for (let i = 0; i < total; i++) {
    const [half, low, high] = stored.ranges[i % featureCount] ?? [1, 0, 1];
    means[i] = (packedMeans.readInt16LE(2 * i) / 32_767) * half;
    variances[i] = Math.exp(low + (packedVariances.readUInt8(i) / 255) * (high - low));
  }
  const split = stateCount * featureCount;
  return {
    language: stored.language,
    words,
    states: { means: means.subarray(0, split), variances: variances.subarray(0, split) },
    silence: { means: means.subarray(split), variances: variances.subarray(split), weights: stored.silenceWeights },
    cepstralMean: stored.cepstralMean,
    bigram: bigramOf(words.length, stored.wordPairs),
  };
}
