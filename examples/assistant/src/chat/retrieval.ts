import { documents } from './documents.js';

/** A document that fits a question, with its score. */
export interface Hit {
  readonly doc_id: string;
  readonly score: number;
  readonly text: string;
}

const k1 = 1.2;
const b = 0.75;
const shortestWord = 3;
/** Words are cut to their beginning: a poor man's stemmer that suits Swedish endings. */
const stemLength = 5;

const stems = (text: string): string[] =>
  (text.toLocaleLowerCase('sv').match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => word.length >= shortestWord).map((word) => word.slice(0, stemLength));

const indexed = documents.map(({ id, text }) => {
  const words = stems(text);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { id, text, length: words.length, counts };
});
const averageLength = indexed.reduce((sum, { length }) => sum + length, 0) / indexed.length;

function rarity(word: string): number {
  const containing = indexed.filter(({ counts }) => counts.has(word)).length;
  return Math.log(1 + (indexed.length - containing + 0.5) / (containing + 0.5));
}

/**
 * The `topK` documents that fit a question best by BM25 (Robertson & Zaragoza 2009), best first. Like a vector store it
 * always gives `topK` of them, however little they fit.
 */
export function retrieve(question: string, topK: number): readonly Hit[] {
  const asked = [...new Set(stems(question))].map((word) => ({ word, idf: rarity(word) }));
  return indexed
    .map(({ id, text, length, counts }) => {
      const score = asked.reduce((sum, { word, idf }) => {
        const frequency = counts.get(word) ?? 0;
        return sum + (idf * frequency * (k1 + 1)) / (frequency + k1 * (1 - b + (b * length) / averageLength));
      }, 0);
      return { doc_id: id, score: Math.round(score * 1000) / 1000, text };
    })
    .sort((x, y) => y.score - x.score || (x.doc_id < y.doc_id ? -1 : 1))
    .slice(0, topK);
}
