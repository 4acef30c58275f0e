import type { Scale } from './scale.js';

/** Height of a plot in pixels. */
export const HEIGHT = 208;
/** How much of it is free above the end of the scale. */
const TOP = 10;

/** Where a value lies, in pixels from the top of a plot, to a tenth. */
export function heightOf(value: number, scale: Scale): number {
  return Math.round((HEIGHT - ((HEIGHT - TOP) * scale.place(value)) / 100) * 10) / 10;
}
