import { documents } from './documents.js';

/** A document that fits a question, with its score. */
export interface Hit {
  readonly doc_id: string;
  readonly score: number;
  readonly text: string;
}

const k1 = 1.2;
const b = 0.75;

const indexed = documents.map(({ id, text }) => ({ id, text, words: wordsOf(text) }));
const averageLength = indexed.reduce((sum, { words }) => sum + words.length, 0) / indexed.length;

/** The `topK` documents that fit a question best, by BM25 (Robertson & Zaragoza 2009) over word beginnings of five letters. */
export function retrieve(question: string, topK: number): readonly Hit[] {
  const asked = [...new Set(wordsOf(question))];
  return indexed
    .map(({ id, text, words }) => {
      const score = asked.reduce((sum, word) => {
        const frequency = words.filter((each) => each === word).length;
        if (frequency === 0) return sum;
        const containing = indexed.filter((each) => each.words.includes(word)).length;
        const idf = Math.log(1 + (indexed.length - containing + 0.5) / (containing + 0.5));
        return sum + (idf * frequency * (k1 + 1)) / (frequency + k1 * (1 - b + (b * words.length) / averageLength));
      }, 0);
      return { doc_id: id, score: Math.round(score * 1_000) / 1_000, text };
    })
    .sort((x, y) => y.score - x.score || (x.doc_id < y.doc_id ? -1 : 1))
    .slice(0, topK);
}

function wordsOf(text: string): readonly string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length > 2).map((word) => word.slice(0, 5));
}
