import type { Said } from '../protocols/protocol.js';

/**
 * A list of `{ speaker, startMs, endMs }`, with `text` where there is one; a single one is a list of one, and nothing is none. Speakers may be numbers.
 * @throws what `refuse` makes of the first that is none of it
 */
export function spokenIn(value: unknown, refuse: (each: unknown) => Error): readonly Said[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((each) => each !== undefined && each !== null && each !== false).map((each) => {
    const [speaker, startMs, endMs, text = '']: readonly unknown[] = ['speaker', 'startMs', 'endMs', 'text'].map((name): unknown => Reflect.get(Object(each), name));
    if ((typeof speaker === 'string' || typeof speaker === 'number') && typeof startMs === 'number' && typeof endMs === 'number' && typeof text === 'string') return { speaker: String(speaker), startMs, endMs, text };
    throw refuse(each);
  });
}
