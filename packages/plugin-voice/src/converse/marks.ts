import type { Millis } from '@alice/realops/plugin';

/** Remembers what the assistant wants to be told of: that all before a mark was played, or will not be. */
export interface Marks {
  /** A mark that is reached at this moment, when all before it is over. */
  set(name: string, dueMs: Millis): void;
  /** What was not played yet will not be: all marks are reached. */
  clear(atMs: Millis): void;
  /** The marks that are reached by now, once each, in the order in which they came. */
  reached(nowMs: Millis): readonly string[];
}

/** No marks yet. */
export function createMarks(): Marks {
  let waiting: { readonly name: string; readonly dueMs: Millis }[] = [];
  return {
    set: (name, dueMs) => void waiting.push({ name, dueMs }),
    clear: (atMs) => void (waiting = waiting.map(({ name, dueMs }) => ({ name, dueMs: Math.min(dueMs, atMs) }))),
    reached(nowMs) {
      const names = waiting.filter(({ dueMs }) => dueMs <= nowMs).map(({ name }) => name);
      waiting = waiting.filter(({ dueMs }) => dueMs > nowMs);
      return names;
    },
  };
}
