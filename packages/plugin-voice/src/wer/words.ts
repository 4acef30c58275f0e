/** A text cut into words: for each word its number in a {@link WordTable} and where it stands. */
export interface WordList {
  readonly length: number;
  readonly ids: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/**
 * Whether Python counts a UTF-16 unit as white space (`str.strip`, `\s`). JavaScript's own set differs (U+001C–U+001F and U+0085 are missing, U+FEFF is extra),
 * and word counts must agree with jiwer's.
 */
export function isSpace(unit: number): boolean {
  if (unit < 0x80) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) || (unit >= 0x1c && unit <= 0x1f);
  if (unit < 0x1680) return unit === 0x85 || unit === 0xa0;
  return unit === 0x1680 || (unit >= 0x2000 && unit <= 0x200a) || unit === 0x2028 || unit === 0x2029 || unit === 0x202f || unit === 0x205f || unit === 0x3000;
}

/** The text without white space at its ends, as Python's `strip` sees it. */
export function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** Numbers the distinct words of a pair of texts without making a string for any of them. */
export interface WordTable {
  /**
   * Cuts both texts as jiwer does by default: runs of two or more white-space characters become one space, the ends are stripped, and only the space
   * parts words, so a lone tab or no-break space stays inside its word. The lists are valid until the next call.
   */
  read(reference: string, hypothesis: string): { readonly reference: WordList; readonly hypothesis: WordList; readonly symbols: number };
}

/** Word lists up to this many words are kept for the next call. */
const KEEP_LIMIT = 1 << 15;

interface Side {
  length: number;
  ids: Int32Array;
  starts: Int32Array;
  ends: Int32Array;
}

/** A new table. It reuses its memory from pair to pair, so one table must not be used for two pairs at once. */
export function createWordTable(): WordTable {
  const reference = createSide(64);
  const hypothesis = createSide(64);
  let slots = new Int32Array(256);
  // By id: the hash, the side it was first seen on, and its index there.
  let hashes = new Int32Array(128);
  let sides = new Uint8Array(128);
  let indexes = new Int32Array(128);
  let symbols = 0;
  let texts: readonly [string, string] = ['', ''];

  const same = (id: number, text: string, start: number, end: number): boolean => {
    const side = sides[id] === 0 ? reference : hypothesis;
    const index = indexes[id] ?? 0;
    const from = side.starts[index] ?? 0;
    if ((side.ends[index] ?? 0) - from !== end - start) return false;
    const other = sides[id] === 0 ? texts[0] : texts[1];
    for (let i = start, j = from; i < end; i += 1, j += 1) if (text.charCodeAt(i) !== other.charCodeAt(j)) return false;
    return true;
  };

  const add = (side: Side, which: 0 | 1, text: string, start: number, end: number, hash: number, mask: number): void => {
    const index = side.length;
    side.length += 1;
    side.starts[index] = start;
    side.ends[index] = end;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (let taken = slots[slot] ?? 0; taken !== 0; taken = slots[slot] ?? 0) {
      if (hashes[taken - 1] === hash && same(taken - 1, text, start, end)) {
        side.ids[index] = taken - 1;
        return;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = symbols + 1;
    hashes[symbols] = hash;
    sides[symbols] = which;
    indexes[symbols] = index;
    side.ids[index] = symbols;
    symbols += 1;
  };

  const scan = (side: Side, which: 0 | 1, text: string, mask: number): void => {
    side.length = 0;
    let start = -1;
    let hash = 0;
    for (let i = 0; i < text.length; i += 1) {
      const unit = text.charCodeAt(i);
      if ((unit <= 0x20 || unit >= 0x80) && isSpace(unit)) {
        let next = i + 1;
        while (next < text.length && isSpace(text.charCodeAt(next))) next += 1;
        if (unit === 0x20 || next - i > 1 || i === 0 || next === text.length) {
          if (start >= 0) add(side, which, text, start, i, hash, mask);
          start = -1;
          i = next - 1;
          continue;
        }
      }
      if (start < 0) {
        start = i;
        hash = 0;
      }
      hash = (Math.imul(hash, 31) + unit) | 0;
    }
    if (start >= 0) add(side, which, text, start, text.length, hash, mask);
  };

  return {
    read(referenceText, hypothesisText) {
      const room = fit(reference, referenceText) + fit(hypothesis, hypothesisText);
      let size = 256;
      while (size < room * 2) size *= 2;
      if (slots.length < size || slots.length > KEEP_LIMIT * 8) slots = new Int32Array(size);
      else slots.fill(0, 0, size);
      if (hashes.length < room || hashes.length > KEEP_LIMIT * 4) {
        hashes = new Int32Array(room + 128);
        sides = new Uint8Array(room + 128);
        indexes = new Int32Array(room + 128);
      }
      symbols = 0;
      texts = [referenceText, hypothesisText];
      scan(reference, 0, referenceText, size - 1);
      scan(hypothesis, 1, hypothesisText, size - 1);
      texts = ['', ''];
      return { reference, hypothesis, symbols };
    },
  };
}

function createSide(words: number): Side {
  return { length: 0, ids: new Int32Array(words), starts: new Int32Array(words), ends: new Int32Array(words) };
}

/** Makes room for as many words as a text of this length can hold. */
function fit(side: Side, text: string): number {
  const words = (text.length >>> 1) + 1;
  if (side.ids.length < words || side.ids.length > KEEP_LIMIT) Object.assign(side, createSide(Math.max(64, words)));
  return words;
}
