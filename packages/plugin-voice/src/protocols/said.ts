import type { Said } from './protocol.js';

/** A speaker who is silent for longer has said two things. */
const SPLIT_MS = 500;

/** Who said what, of words with their speakers in the order of time: what a speaker says without a pause is one piece. */
export function joinWords(words: readonly Said[]): readonly Said[] {
  const said: Said[] = [];
  for (const word of words) {
    const last = said.at(-1);
    if (last?.speaker === word.speaker && word.startMs - last.endMs < SPLIT_MS) said[said.length - 1] = { ...last, endMs: word.endMs, text: `${last.text} ${word.text}` };
    else said.push(word);
  }
  return said;
}
