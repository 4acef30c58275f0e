import type { Millis } from '@alice/realops/plugin';
import type { Piece } from './playout.js';

/** So many beginnings are decoded at most; what that does not settle is not known. */
const MOST_TRIALS = 24;
/** What is left open at the end is less than a clock tells apart. */
const SETTLED_MS = 1;

/**
 * When a moment of a coded sound is heard by somebody who plays it as it comes: every bit of it when it can be decoded and all before it is over. How much sound a number of bytes holds shows only when they
 * are decoded, `decodableMs`; that is tried with the beginnings that can make a difference, and with no others. Null when that took too many trials, or the moment is not in the sound.
 */
export async function codedHeardAt(pieces: readonly Piece[], momentMs: Millis, decodableMs: (bytes: number) => Promise<Millis>): Promise<Millis | null> {
  let end = 0;
  const ends = pieces.map(({ length }) => (end += length));
  const known = new Map<number, Millis>([[-1, 0]]);
  /** The sound that can be decoded when this piece has come; what came before does not get less. */
  const after = async (piece: number): Promise<Millis> => {
    const ms = known.get(piece) ?? (await decodableMs(ends[piece] ?? 0));
    known.set(piece, ms);
    return ms;
  };
  let [before, holds] = [-1, pieces.length - 1];
  if (holds < 0 || (await after(holds)) <= momentMs) return null;
  while (holds - before > 1) {
    const middle = (before + holds) >> 1;
    if ((await after(middle)) > momentMs) holds = middle;
    else before = middle;
  }
  // The moment is played when the latest of all pieces up to this one lets it: one that comes when all before it is over makes the rest later by so much.
  const at = (piece: number): Millis => pieces[piece]?.at ?? 0;
  for (;;) {
    const tried = [...known.keys()].filter((piece) => piece < holds).sort((one, other) => one - other);
    const heard = Math.max(...tried.map((piece) => at(piece + 1) + momentMs - (known.get(piece) ?? 0)));
    const open = tried.map((piece, index) => ({ piece, next: tried[index + 1] ?? piece, latest: at(tried[index + 1] ?? piece) + momentMs - (known.get(piece) ?? 0) })).filter(({ piece, next, latest }) => next - piece > 1 && latest > heard + SETTLED_MS);
    const worst = open.reduce<(typeof open)[number] | undefined>((most, each) => (most === undefined || each.latest > most.latest ? each : most), undefined);
    if (worst === undefined) return heard;
    if (known.size > MOST_TRIALS) return null;
    await after((worst.piece + worst.next) >> 1);
  }
}
