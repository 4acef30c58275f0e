/** A label that wants a place: where what it names begins and ends, in per cent of the width. */
export interface Wanted {
  readonly from: number;
  readonly to: number;
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
/** Of a sign, somewhat too much, and of the gap between two labels, in per cent of that. */
const SIGN = (6.3 / LEAST_WIDTH) * 100;
const GAP = (8 / LEAST_WIDTH) * 100;
const MOST_SIGNS = 30;

/** Labels that do not lie on each other at any width; those for which there is no room are left out, since the table has them. */
export function placeLabels(wanted: readonly Wanted[]): readonly PlacedLabel[] {
  const taken: (Extent & { readonly level: number })[] = [];
  const isFree = ({ from, to }: Extent, level: number): boolean => from >= 0 && to <= 100 && taken.every((other) => other.level !== level || to + GAP <= other.from || from >= other.to + GAP);
  const sorted = [...wanted].filter(({ text }) => text !== '').sort((a, b) => a.rank - b.rank || a.from - b.from);
  return sorted.flatMap(({ from, to, text, rank }): readonly PlacedLabel[] => {
    const shown = shortened(text);
    const width = [...shown].length * SIGN;
    // From where it begins on; else up to where it ends; else up to the end of all.
    const places = [{ at: from, atEnd: false, from, to: from + width }, ...[to, 100].map((at) => ({ at, atEnd: true, from: at - width, to: at }))];
    const place = places.flatMap((each) => Array.from({ length: LEVELS }, (_, level) => ({ ...each, level }))).find((each) => isFree(each, each.level) && (each.at < 100 || from > 100 - width));
    if (place === undefined) return [];
    taken.push({ from: place.from, to: place.to, level: place.level });
    return [{ text: shown, at: place.at, atEnd: place.atEnd, level: place.level, rank }];
  });
}

interface Extent {
  readonly from: number;
  readonly to: number;
}

function shortened(text: string): string {
  const signs = [...text];
  return signs.length > MOST_SIGNS ? `${signs.slice(0, MOST_SIGNS - 1).join('')}…` : text;
}
