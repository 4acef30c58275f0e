import { createScorer } from '../src/speech/acoustics.js';
import { transitions } from '../src/speech/decoder.js';
import type { Frame } from '../src/speech/features.js';
import type { Word, WordModel } from '../src/speech/word-model.js';

/** Marks a frame that belongs to silence. */
export const silenceState = -1;

interface Node {
  readonly state: number;
  /** Earlier nodes and the penalty of coming from there. */
  readonly from: readonly (readonly [number, number])[];
}

/** The chain of states of a known word sequence, with an optional silence before, between and after the words. */
function chainOf(words: readonly Word[]): { nodes: Node[]; starts: number[]; ends: number[] } {
  const nodes: Node[] = [{ state: silenceState, from: [[0, transitions.stay]] }];
  const starts = [0];
  let exits: (readonly [number, number])[] = [[0, 0]];
  words.forEach((word, position) => {
    const first = nodes.length;
    if (position === 0) starts.push(first);
    for (let i = 0; i < word.states; i++) {
      const from: (readonly [number, number])[] = [[first + i, transitions.stay]];
      if (i === 0) from.push(...exits);
      else from.push([first + i - 1, transitions.next]);
      if (i >= 2) from.push([first + i - 2, transitions.skip]);
      nodes.push({ state: word.first + i, from });
    }
    const last = nodes.length - 1;
    nodes.push({ state: silenceState, from: [[last + 1, transitions.stay], [last, transitions.next]] });
    exits = [[last, transitions.next], [last + 1, 0]];
  });
  return { nodes, starts, ends: [nodes.length - 1, nodes.length - 2] };
}

/** Viterbi alignment: for every frame, the state of the known word sequence it belongs to. */
export function align(model: Pick<WordModel, 'states' | 'silence'>, words: readonly Word[], frames: readonly Frame[]): Int32Array {
  const score = createScorer(model);
  const { nodes, starts, ends } = chainOf(words);
  let scores = new Float64Array(nodes.length).fill(-Infinity);
  const back = frames.map(() => new Int16Array(nodes.length));
  frames.forEach((frame, t) => {
    const { states, silence } = score(frame.features, frame.speech);
    const next = new Float64Array(nodes.length).fill(-Infinity);
    nodes.forEach(({ state, from }, n) => {
      let best = t === 0 && starts.includes(n) ? 0 : -Infinity;
      let came = n;
      if (t > 0) {
        for (const [earlier, penalty] of from) {
          const candidate = (scores[earlier] ?? -Infinity) + penalty;
          if (candidate > best) {
            best = candidate;
            came = earlier;
          }
        }
      }
      next[n] = best + (state === silenceState ? silence : (states[state] ?? -Infinity));
      const row = back[t];
      if (row) row[n] = came;
    });
    scores = next;
  });
  let node = ends.reduce((best, n) => ((scores[n] ?? -Infinity) > (scores[best] ?? -Infinity) ? n : best));
  const path = new Int32Array(frames.length);
  for (let t = frames.length - 1; t >= 0; t--) {
    path[t] = nodes[node]?.state ?? silenceState;
    node = back[t]?.[node] ?? node;
  }
  return path;
}
