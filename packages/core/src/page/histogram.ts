import { raw, html, NOTHING, type Markup } from './markup.js';

/** Counts of values in equal bins over a range; values outside fall into the bins at the ends. */
export function binsOf(values: readonly number[], from: number, to: number, bins: number): readonly number[] {
  const counts = Array.from({ length: bins }, () => 0);
  const width = (to - from) / bins;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    const bin = width > 0 ? Math.min(bins - 1, Math.max(0, Math.floor((value - from) / width))) : 0;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

/** Bars that fill a drawing from left to right, stretched to its width; the highest bin is as high as the drawing. */
export function bars(counts: readonly number[], height: number): Markup {
  const most = Math.max(0, ...counts);
  if (most === 0) return NOTHING;
  const path = counts.flatMap((count, index) => (count === 0 ? [] : [`M${index * 10} ${height}v-${Math.max(1, Math.round((count / most) * height))}h${index === counts.length - 1 ? 10 : 9}V${height}z`]));
  return html`<svg class="bins" width="100%" height="${height}" viewBox="0 0 ${counts.length * 10} ${height}" preserveAspectRatio="none"><path d="${raw(path.join(''))}"/></svg>`;
}
