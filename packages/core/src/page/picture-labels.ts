/** A label that wants a place: where what it names begins, in per cent of the width. */
export interface Wanted {
  readonly from: number;
  readonly text: string;
  /** Those with the lowest rank get their place first. */
  readonly rank: number;
}

/** A label with its place. */
export interface PlacedLabel {
  readonly text: string;
  /** In per cent of the width: its beginning, or its end when `atEnd`. */
  readonly at: number;
  readonly atEnd: boolean;
  /** The line of text that it stands in, from 0. */
  readonly level: number;
  readonly rank: number;
}

/** Lines of text under a lane. */
const LEVELS = 2;
/** A drawing is at least so many pixels wide; the style sees to it. */
const LEAST_WIDTH = 560;
/** Pixels of a sign, somewhat too many, and of the gap between two labels. */
const SIGN = 6.3;
const GAP = 8;
const MOST_SIGNS = 30;

/** Labels that do not lie on each other at any width; those for which there is no room are left out, since the table has them. */
export function placeLabels(wanted: readonly Wanted[]): readonly PlacedLabel[] {
  const taken: { readonly from: number; readonly to: number; readonly level: number }[] = [];
  const sorted = [...wanted].filter(({ text }) => text !== '').sort((a, b) => a.rank - b.rank || a.from - b.from);
  return sorted.flatMap(({ from, text, rank }): readonly PlacedLabel[] => {
    const signs = [...text];
    const shown = signs.length > MOST_SIGNS ? `${signs.slice(0, MOST_SIGNS - 1).join('')}…` : text;
    const width = ((Math.min(signs.length, MOST_SIGNS) * SIGN + GAP) / LEAST_WIDTH) * 100;
    const atEnd = from + width > 100;
    const place = atEnd ? { from: 100 - width, to: 100 } : { from, to: from + width };
    const level = Array.from({ length: LEVELS }, (_, index) => index).find((each) => taken.every((other) => other.level !== each || place.to <= other.from || place.from >= other.to));
    if (level === undefined || place.from < 0) return [];
    taken.push({ ...place, level });
    return [{ text: shown, at: atEnd ? 100 : from, atEnd, level, rank }];
  });
}
