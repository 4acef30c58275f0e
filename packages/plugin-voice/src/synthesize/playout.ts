import type { Millis } from '@alice/realops/plugin';

/** Bytes of sound as they came in. */
export interface Piece {
  readonly at: Millis;
  readonly length: number;
}

/** When sound that comes in pieces is heard by somebody who plays it as it comes. */
export interface Playout {
  /** When the sound at this byte is heard. */
  heardAt(byte: number): Millis;
  /** How long nothing was left to play before it was over. */
  readonly gapsMs: Millis;
}

/** Every piece plays as soon as it is there and the one before it is over. `from` is the first byte that is sound; what comes before it is a header. */
export function playout(pieces: readonly Piece[], from: number, bytesPerMs: number): Playout {
  const played: { readonly first: number; readonly end: number; readonly startsAt: Millis }[] = [];
  let [byte, overAt, gapsMs] = [0, NaN, 0];
  for (const { at, length } of pieces) {
    const first = Math.max(byte, from);
    byte += length;
    if (byte <= first) continue;
    if (at > overAt) gapsMs += at - overAt;
    const startsAt = Number.isNaN(overAt) ? at : Math.max(at, overAt);
    played.push({ first, end: byte, startsAt });
    overAt = startsAt + (byte - first) / bytesPerMs;
  }
  return {
    gapsMs,
    heardAt(wanted) {
      const piece = played.find(({ end }) => wanted < end) ?? played.at(-1);
      return piece === undefined ? NaN : piece.startsAt + Math.max(0, wanted - piece.first) / bytesPerMs;
    },
  };
}
