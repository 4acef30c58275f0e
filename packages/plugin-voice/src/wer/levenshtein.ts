/** A step of an alignment: both symbols are the same. */
export const EQUAL = 0;
/** A step of an alignment: one symbol stands for another. */
export const SUBSTITUTE = 1;
/** A step of an alignment: a symbol of the first sequence has no counterpart. */
export const DELETE = 2;
/** A step of an alignment: a symbol of the second sequence has no counterpart. */
export const INSERT = 3;

/** Collects an alignment from its end to its start: how many of each step, and the steps themselves when a `path` is given (filled from its end). */
export interface Trace {
  /** Counts by step: equal, substitute, delete, insert. */
  readonly counts: Int32Array;
  readonly path?: Uint8Array;
  /** Where the next step goes in `path`, plus one; set it to the length of `path` to begin with. */
  position: number;
}

/** The most 32-bit words one of the two history tables may hold; longer inputs are cut in two first. */
const HISTORY_LIMIT = 1 << 22;
/** Tables up to this size are kept for the next call. */
const KEEP_LIMIT = 1 << 16;

const kept = { positive: new Int32Array(256), negative: new Int32Array(256), masks: new Int32Array(256) };

/**
 * Aligns two sequences of dense symbol numbers (0 … `symbols`−1) at the least number of edits and adds every step to `trace`.
 *
 * Among alignments with equally many edits it takes the one rapidfuzz (and so jiwer) takes: the common start and end are set aside, the rest is traced
 * back from its end preferring a deletion, then an insertion where it leads to a smaller distance, else the diagonal. Bit-parallel after Hyyrö (2003, 2004):
 * ⌈n/32⌉·m word operations. Inputs whose history would not fit 32 MiB are halved by Hirschberg's method first; their split into
 * substitutions, deletions and insertions may then differ from rapidfuzz's, their sum may not.
 */
export function traceEdits(a: Int32Array, aLength: number, b: Int32Array, bLength: number, symbols: number, trace: Trace): void {
  let start = 0;
  const shorter = Math.min(aLength, bLength);
  while (start < shorter && a[start] === b[start]) start += 1;
  let aEnd = aLength;
  let bEnd = bLength;
  while (aEnd > start && bEnd > start && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd -= 1;
    bEnd -= 1;
  }
  emit(trace, EQUAL, aLength - aEnd);
  alignPart(a, start, aEnd, b, start, bEnd, symbols, trace);
  emit(trace, EQUAL, start);
}

function emit(trace: Trace, step: number, times: number): void {
  trace.counts[step] = (trace.counts[step] ?? 0) + times;
  if (trace.path === undefined) return;
  trace.path.fill(step, trace.position - times, trace.position);
  trace.position -= times;
}

function alignPart(a: Int32Array, aFrom: number, aTo: number, b: Int32Array, bFrom: number, bTo: number, symbols: number, trace: Trace): void {
  const n = aTo - aFrom;
  const m = bTo - bFrom;
  if (n === 0) return emit(trace, INSERT, m);
  if (m === 0) return emit(trace, DELETE, n);
  const blocks = (n + 31) >>> 5;
  if (blocks * m > HISTORY_LIMIT && m > 1) {
    const bMiddle = bFrom + (m >>> 1);
    const aMiddle = aFrom + bestCut(a.subarray(aFrom, aTo), b.subarray(bFrom, bMiddle), b.subarray(bMiddle, bTo), symbols);
    alignPart(a, aMiddle, aTo, b, bMiddle, bTo, symbols, trace);
    alignPart(a, aFrom, aMiddle, b, bFrom, bMiddle, symbols, trace);
    return;
  }
  const size = blocks * m;
  if (size > KEEP_LIMIT) return traceBack(fillBlocks(a, aFrom, n, b, bFrom, m, symbols, new Int32Array(size), new Int32Array(size)), a, aFrom, n, b, bFrom, m, trace);
  if (kept.positive.length < size) {
    kept.positive = new Int32Array(Math.min(KEEP_LIMIT, size * 2));
    kept.negative = new Int32Array(Math.min(KEEP_LIMIT, size * 2));
  }
  const history = blocks === 1 ? fillWord(a, aFrom, n, b, bFrom, m, symbols) : fillBlocks(a, aFrom, n, b, bFrom, m, symbols, kept.positive, kept.negative);
  traceBack(history, a, aFrom, n, b, bFrom, m, trace);
}

/** Bit `i` of row `j` says how the distance changes from `a[0..i]` to `a[0..i+1]` against `b[0..j+1]`: +1 in `positive`, −1 in `negative`. */
interface History {
  readonly positive: Int32Array;
  readonly negative: Int32Array;
  readonly blocks: number;
}

/** The history when `a` has at most 32 symbols: one machine word a row. */
function fillWord(a: Int32Array, aFrom: number, n: number, b: Int32Array, bFrom: number, m: number, symbols: number): History {
  if (kept.masks.length < symbols) kept.masks = new Int32Array(symbols * 2);
  const { positive, negative, masks } = kept;
  for (let i = 0; i < n; i += 1) {
    const symbol = a[aFrom + i] ?? 0;
    masks[symbol] = (masks[symbol] ?? 0) | (1 << i);
  }
  let vp = -1;
  let vn = 0;
  for (let row = 0; row < m; row += 1) {
    const x = masks[b[bFrom + row] ?? 0] ?? 0;
    const d0 = (((x & vp) + vp) ^ vp) | x | vn;
    const hp = ((vn | ~(d0 | vp)) << 1) | 1;
    const hn = (d0 & vp) << 1;
    vp = hn | ~(d0 | hp);
    vn = hp & d0;
    positive[row] = vp;
    negative[row] = vn;
  }
  for (let i = 0; i < n; i += 1) masks[a[aFrom + i] ?? 0] = 0;
  if (masks.length > KEEP_LIMIT) kept.masks = new Int32Array(256);
  return { positive, negative, blocks: 1 };
}

/** The history for any length: ⌈n/32⌉ words a row, the change along a row carried from word to word. */
function fillBlocks(a: Int32Array, aFrom: number, n: number, b: Int32Array, bFrom: number, m: number, symbols: number, positive: Int32Array, negative: Int32Array): History {
  const blocks = (n + 31) >>> 5;
  const columns = createColumns(a, aFrom, n, symbols);
  for (let row = 0; row < m; row += 1) columns.advance(b[bFrom + row] ?? 0, positive, negative, row * blocks);
  return { positive, negative, blocks };
}

interface Columns {
  /** Takes the next symbol of `b` and writes the new row at `offset`. */
  advance(symbol: number, positive: Int32Array, negative: Int32Array, offset: number): void;
}

function createColumns(a: Int32Array, aFrom: number, n: number, symbols: number): Columns {
  const blocks = (n + 31) >>> 5;
  const matchesOf = createMatches(a, aFrom, n, symbols, blocks);
  const vps = new Int32Array(blocks).fill(-1);
  const vns = new Int32Array(blocks);
  return {
    advance(symbol, positive, negative, offset) {
      const { masks, from } = matchesOf(symbol);
      let hpCarry = 1;
      let hnCarry = 0;
      for (let block = 0; block < blocks; block += 1) {
        const vp = vps[block] ?? 0;
        const vn = vns[block] ?? 0;
        const x = (masks[from + block] ?? 0) | hnCarry;
        const d0 = (((x & vp) + vp) ^ vp) | x | vn;
        const hp = vn | ~(d0 | vp);
        const hn = d0 & vp;
        const hpShifted = (hp << 1) | hpCarry;
        const hnShifted = (hn << 1) | hnCarry;
        hpCarry = hp >>> 31;
        hnCarry = hn >>> 31;
        const vpNext = hnShifted | ~(d0 | hpShifted);
        const vnNext = hpShifted & d0;
        vps[block] = vpNext;
        vns[block] = vnNext;
        positive[offset + block] = vpNext;
        negative[offset + block] = vnNext;
      }
    },
  };
}

/** Where a symbol stands in `a`, one bit a place: a table for all symbols, or, with very many of them, one row filled on demand. */
function createMatches(a: Int32Array, aFrom: number, n: number, symbols: number, blocks: number): (symbol: number) => { readonly masks: Int32Array; readonly from: number } {
  const place = { masks: new Int32Array(symbols * blocks <= HISTORY_LIMIT ? symbols * blocks : blocks), from: 0 };
  const { masks } = place;
  if (masks.length > blocks || symbols === 1) {
    for (let i = 0; i < n; i += 1) {
      const at = (a[aFrom + i] ?? 0) * blocks + (i >>> 5);
      masks[at] = (masks[at] ?? 0) | (1 << (i & 31));
    }
    return (symbol) => {
      place.from = symbol * blocks;
      return place;
    };
  }
  const first = new Int32Array(symbols).fill(-1);
  const following = new Int32Array(n);
  for (let i = n - 1; i >= 0; i -= 1) {
    const symbol = a[aFrom + i] ?? 0;
    following[i] = first[symbol] ?? -1;
    first[symbol] = i;
  }
  return (symbol) => {
    masks.fill(0);
    for (let i = first[symbol] ?? -1; i >= 0; i = following[i] ?? -1) masks[i >>> 5] = (masks[i >>> 5] ?? 0) | (1 << (i & 31));
    return place;
  };
}

function traceBack({ positive, negative, blocks }: History, a: Int32Array, aFrom: number, n: number, b: Int32Array, bFrom: number, m: number, trace: Trace): void {
  const { counts, path } = trace;
  let column = n;
  let row = m;
  let position = trace.position;
  while (row > 0 && column > 0) {
    const word = (column - 1) >>> 5;
    const bit = 1 << ((column - 1) & 31);
    let step: number;
    if (((positive[(row - 1) * blocks + word] ?? 0) & bit) !== 0) {
      column -= 1;
      step = DELETE;
    } else {
      row -= 1;
      if (row > 0 && ((negative[(row - 1) * blocks + word] ?? 0) & bit) !== 0) {
        step = INSERT;
      } else {
        column -= 1;
        step = a[aFrom + column] === b[bFrom + row] ? EQUAL : SUBSTITUTE;
      }
    }
    counts[step] = (counts[step] ?? 0) + 1;
    if (path !== undefined) path[(position -= 1)] = step;
  }
  trace.position = position;
  emit(trace, DELETE, column);
  emit(trace, INSERT, row);
}

/** Where to cut `a` so that its parts against the two parts of `b` need the fewest edits together. */
function bestCut(a: Int32Array, bHead: Int32Array, bTail: Int32Array, symbols: number): number {
  const forward = lastColumn(a, bHead, symbols);
  const backward = lastColumn(a.slice().reverse(), bTail.slice().reverse(), symbols);
  let best = 0;
  let least = Infinity;
  for (let cut = 0; cut <= a.length; cut += 1) {
    const sum = (forward[cut] ?? 0) + (backward[a.length - cut] ?? 0);
    if (sum < least) [best, least] = [cut, sum];
  }
  return best;
}

/** The distances of every beginning of `a` to the whole of `b`. */
function lastColumn(a: Int32Array, b: Int32Array, symbols: number): Int32Array {
  const blocks = (a.length + 31) >>> 5;
  const positive = new Int32Array(blocks).fill(-1);
  const negative = new Int32Array(blocks);
  const columns = createColumns(a, 0, a.length, symbols);
  for (const symbol of b) columns.advance(symbol, positive, negative, 0);
  const distances = new Int32Array(a.length + 1);
  distances[0] = b.length;
  for (let i = 0; i < a.length; i += 1) {
    const up = ((positive[i >>> 5] ?? 0) >>> (i & 31)) & 1;
    const down = ((negative[i >>> 5] ?? 0) >>> (i & 31)) & 1;
    distances[i + 1] = (distances[i] ?? 0) + up - down;
  }
  return distances;
}
