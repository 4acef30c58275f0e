/** A linear scale from 0 (or below) to a round number. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** Where a value lies, in per cent of the width to two digits; values outside lie at the end. */
  place(value: number): number;
}

/** A scale that holds all values, with about `wanted` ticks at steps of 1, 2 or 5 (of 15, 30 s, minutes for times over a minute, in ms). */
export function scaleOver(from: number, to: number, wanted = 5, step = niceStep): Scale {
  const low = Number.isFinite(from) ? Math.min(0, from) : 0;
  const high = Number.isFinite(to) && to > low ? to : low + 1;
  const size = step((high - low) / wanted);
  const first = Math.floor(low / size + 1e-9) * size;
  const count = Math.max(1, Math.ceil((high - first) / size - 1e-9));
  const last = first + count * size;
  return {
    from: first,
    to: last,
    ticks: Array.from({ length: count + 1 }, (_, index) => Number((first + index * size).toPrecision(12))),
    place: (value) => percent((Math.min(last, Math.max(first, value)) - first) / (last - first)),
  };
}

/** A scale that ends where the values end, with ticks only inside: for time, where a round end would be empty. */
export function scaleOfTime(durationMs: number, wanted = 6): Scale {
  const to = Number.isFinite(durationMs) && durationMs > 0 ? durationMs : 1;
  const size = timeStep(to / wanted);
  const count = Math.floor(to / size + 1e-9);
  return { from: 0, to, ticks: Array.from({ length: count + 1 }, (_, index) => index * size), place: (value) => percent(Math.min(to, Math.max(0, value)) / to) };
}

/** A scale from the least to the greatest of some values with a little room at both ends; its ticks are the values themselves. */
export function scaleBetween(values: readonly number[]): Scale {
  const ticks = [...new Set(values.filter((value) => Number.isFinite(value)))].sort((a, b) => a - b);
  const [from, to] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const room = 0.05;
  return { from, to, ticks, place: (value) => percent(to > from ? room + (1 - 2 * room) * ((Math.min(to, Math.max(from, value)) - from) / (to - from)) : 0.5) };
}

/** The next step of 1, 2 or 5 times a power of ten. */
export function niceStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((each) => each * power >= least * 0.999_999) ?? 10) * power;
}

const LONG_STEPS = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];

function timeStep(leastMs: number): number {
  if (leastMs <= 5_000) return niceStep(leastMs);
  const seconds = leastMs / 1_000;
  return 1_000 * ([10, 15, 20, 30, ...LONG_STEPS].find((each) => each >= seconds * 0.999_999) ?? Math.ceil(seconds / 86_400) * 86_400);
}

function percent(share: number): number {
  return Math.round(share * 10_000) / 100;
}
