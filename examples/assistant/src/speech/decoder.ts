import { createScorer } from './acoustics.js';
import type { Frame } from './features.js';
import type { WordModel } from './word-model.js';

/** Log penalties of moving inside a word. */
export const transitions = { stay: -0.5, next: -0.9, skip: -4 } as const;

const languageWeight = 8;
const wordPenalty = -3;
const voicedAbove = 0.25;
const none = -1;

/** What the decoder makes of the frames so far. */
export interface Hypothesis {
  readonly words: readonly string[];
  /** 0..1: how close the path came to the best any state could have done, frame by frame. */
  readonly confidence: number;
}

/** Finds the best word sequence for one utterance, frame by frame. */
export interface Decoder {
  next(frame: Frame): void;
  /** The best path at this moment, including the word being spoken once half of it was heard. */
  partial(): Hypothesis;
  /** The best path that ends here, at the end of a word or in silence. */
  final(): Hypothesis;
}

interface Token {
  readonly score: number;
  readonly record: number;
}

/**
 * Average loss per voiced frame to 0..1. On the test clips sentences of the vocabulary lose 2.5–7.5 in quiet, rightly
 * heard ones in café noise about 8, other sentences 9.7 and more.
 */
const toConfidence = (loss: number): number => 1 / (1 + Math.exp(0.6 * (loss - 9)));

/**
 * One-pass Viterbi search by token passing over all words, a silence after each word that remembers which word it was
 * (so that the word pair is judged across a pause), and a word-pair model.
 */
export function createDecoder(model: WordModel): Decoder {
  const { words, bigram } = model;
  const start = words.length;
  const stateCount = words.reduce((sum, word) => sum + word.states, 0);
  const score = createScorer(model);

  let scores = new Float64Array(stateCount).fill(-Infinity);
  let nextScores = new Float64Array(stateCount);
  let records = new Int32Array(stateCount).fill(none);
  let nextRecords = new Int32Array(stateCount);
  const pauseScores = new Float64Array(words.length).fill(-Infinity);
  const pauseRecords = new Int32Array(words.length).fill(none);
  const exitScores = new Float64Array(words.length + 1).fill(-Infinity);
  const exitFromPause = new Uint8Array(words.length);
  const freshRecords = new Int32Array(words.length);
  /** Finished words: word index and the record before it. */
  const spoken: number[] = [];
  const before: number[] = [];
  let openingScore = 0;
  let ceiling = 0;
  let voiced = 0;

  /** The record of having just finished word w at its last state; made once per frame, only when some path takes it. */
  const finish = (w: number): number => {
    const made = freshRecords[w] ?? none;
    if (made !== none) return made;
    const word = words[w];
    spoken.push(w);
    before.push(word ? (records[word.first + word.states - 1] ?? none) : none);
    freshRecords[w] = spoken.length - 1;
    return spoken.length - 1;
  };
  const lastScore = (w: number): number => {
    const word = words[w];
    return word ? (scores[word.first + word.states - 1] ?? -Infinity) + transitions.next : -Infinity;
  };
  const exitRecord = (v: number): number => (v === start ? none : exitFromPause[v] === 1 ? (pauseRecords[v] ?? none) : finish(v));

  const gatherExits = (): void => {
    freshRecords.fill(none);
    for (let v = 0; v < words.length; v++) {
      const last = lastScore(v);
      const pause = pauseScores[v] ?? -Infinity;
      exitFromPause[v] = pause > last ? 1 : 0;
      exitScores[v] = Math.max(last, pause);
    }
    exitScores[start] = openingScore;
  };

  const bestEntry = (w: number): Token & { readonly from: number } => {
    let best = -Infinity;
    let from = start;
    for (let v = 0; v <= words.length; v++) {
      const candidate = (exitScores[v] ?? -Infinity) + languageWeight * (bigram[v]?.[w] ?? -Infinity);
      if (candidate > best) {
        best = candidate;
        from = v;
      }
    }
    return { score: best + wordPenalty, record: none, from };
  };

  const advanceWord = (w: number, stateScores: Float64Array): void => {
    const word = words[w];
    if (!word) return;
    const entry = bestEntry(w);
    for (let i = 0; i < word.states; i++) {
      const state = word.first + i;
      let best = (scores[state] ?? -Infinity) + transitions.stay;
      let record = records[state] ?? none;
      const next = i === 0 ? entry.score : (scores[state - 1] ?? -Infinity) + transitions.next;
      if (next > best) {
        best = next;
        record = i === 0 ? exitRecord(entry.from) : (records[state - 1] ?? none);
      }
      const skip = i < 2 ? -Infinity : (scores[state - 2] ?? -Infinity) + transitions.skip;
      if (skip > best) {
        best = skip;
        record = records[state - 2] ?? none;
      }
      nextScores[state] = best + (stateScores[state] ?? -Infinity);
      nextRecords[state] = record;
    }
  };

  const advancePauses = (silence: number): void => {
    for (let w = 0; w < words.length; w++) {
      const stay = (pauseScores[w] ?? -Infinity) + transitions.stay;
      const enter = lastScore(w);
      if (enter > stay) pauseRecords[w] = finish(w);
      pauseScores[w] = Math.max(stay, enter) + silence;
    }
    openingScore += transitions.stay + silence;
  };

  const wordsUpTo = (record: number): string[] => {
    const list: string[] = [];
    for (let at = record; at !== none; at = before[at] ?? none) list.unshift(words[spoken[at] ?? none]?.text ?? '');
    return list;
  };
  const hypothesis = (list: string[], total: number): Hypothesis => ({
    words: list,
    confidence: list.length === 0 ? 0 : toConfidence((ceiling - total) / Math.max(1, voiced)),
  });

  return {
    next({ features, speech }) {
      const frame = score(features, speech);
      gatherExits();
      for (let w = 0; w < words.length; w++) advanceWord(w, frame.states);
      advancePauses(frame.silence);
      [scores, nextScores] = [nextScores, scores];
      [records, nextRecords] = [nextRecords, records];
      ceiling += frame.best;
      if (speech >= voicedAbove) voiced++;
    },
    partial() {
      let best = openingScore;
      let list: string[] = [];
      words.forEach((word, w) => {
        for (let i = 0; i < word.states; i++) {
          const here = scores[word.first + i] ?? -Infinity;
          if (here <= best) continue;
          best = here;
          list = wordsUpTo(records[word.first + i] ?? none);
          if (i >= word.states / 2 || list.length === 0) list.push(word.text);
        }
        const pause = pauseScores[w] ?? -Infinity;
        if (pause > best) {
          best = pause;
          list = wordsUpTo(pauseRecords[w] ?? none);
        }
      });
      return hypothesis(list, best);
    },
    final() {
      gatherExits();
      let best = openingScore;
      let from = start;
      for (let v = 0; v < words.length; v++) {
        const total = (exitScores[v] ?? -Infinity) + languageWeight * (bigram[v]?.[words.length] ?? -Infinity);
        if (total > best) {
          best = total;
          from = v;
        }
      }
      return hypothesis(wordsUpTo(exitRecord(from)), best);
    },
  };
}
