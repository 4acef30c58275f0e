/** Finds many fixed texts in one pass. */
export interface Matcher {
  /** Whether any of the texts occurs. */
  test(text: string): boolean;
  /** The text with each occurrence replaced; of several that begin at one place the longest. */
  replace(text: string, replacement: (found: string) => string): string;
}

/** The least length of a text that a matcher can look for. */
export const SHORTEST = 4;

/** The matcher of most suites: they have no secrets. */
const NOTHING: Matcher = { test: () => false, replace: (text) => text };

/** Bits of the table that says where a text may begin. */
const BITS = 16;

/** The last four characters, one byte each: the oldest is pushed out. */
function push(window: number, code: number): number {
  return (window << 8) | (code & 0xff);
}

/** Fibonacci hashing: the high bits of a product with 2³² over the golden ratio. */
function slotOf(window: number): number {
  return Math.imul(window, 0x9e3779b1) >>> (32 - BITS);
}

/**
 * A matcher for texts of at least {@link SHORTEST} characters: one table look-up for each character (the last four), then a comparison only where the
 * beginning of a text is likely. Linear in the text, whatever the number of texts; an alternation of a hundred forms would cost ten times as much.
 */
export function createMatcher(texts: Iterable<string>): Matcher {
  const wanted = [...texts];
  if (wanted.length === 0) return NOTHING;
  const buckets = new Map<number, string[]>();
  const first = new Uint8Array(2 ** BITS);
  for (const text of wanted) {
    if (text.length < SHORTEST) throw new RangeError(`a matcher looks for texts of at least ${SHORTEST} characters`);
    let window = 0;
    for (let index = 0; index < SHORTEST; index += 1) window = push(window, text.charCodeAt(index));
    first[slotOf(window)] = 1;
    buckets.set(window, [...(buckets.get(window) ?? []), text].sort((a, b) => b.length - a.length));
  }
  const find = (text: string, from: number): { readonly at: number; readonly found: string } | undefined => {
    let window = 0;
    for (let index = from; index < text.length; index += 1) {
      window = push(window, text.charCodeAt(index));
      if (first[slotOf(window)] !== 1) continue;
      const at = index - SHORTEST + 1;
      const found = at < from ? undefined : buckets.get(window)?.find((candidate) => text.startsWith(candidate, at));
      if (found !== undefined) return { at, found };
    }
    return undefined;
  };
  return {
    test: (text) => find(text, 0) !== undefined,
    replace(text, replacement) {
      let result = '';
      let done = 0;
      for (let next = find(text, 0); next !== undefined; next = find(text, done)) {
        result += text.slice(done, next.at) + replacement(next.found);
        done = next.at + next.found.length;
      }
      return done === 0 ? text : result + text.slice(done);
    },
  };
}
