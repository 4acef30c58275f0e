import type { Unit } from '../metrics/metric.js';

/** What a unit of the objective grammar measures, and its size in the base of that dimension: `factor` · 10^`exponent`, so that decimals convert exactly. */
interface UnitSize {
  readonly dimension: string;
  readonly exponent?: number;
  readonly factor?: number;
}

const WRITTEN: { readonly [unit: string]: UnitSize } = {
  ms: { dimension: 'time' }, s: { dimension: 'time', exponent: 3 }, m: { dimension: 'time', factor: 60, exponent: 3 }, h: { dimension: 'time', factor: 3_600, exponent: 3 },
  '%': { dimension: 'share', exponent: -2 },
  GB: { dimension: 'memory', exponent: 9 }, MB: { dimension: 'memory', exponent: 6 }, kB: { dimension: 'memory', exponent: 3 }, B: { dimension: 'memory' },
  GiB: { dimension: 'memory', factor: 1_073_741_824 }, MiB: { dimension: 'memory', factor: 1_048_576 }, KiB: { dimension: 'memory', factor: 1_024 },
  Wh: { dimension: 'energy' }, dB: { dimension: 'level' }, count: { dimension: 'number' }, '°C': { dimension: 'temperature' }, C: { dimension: 'temperature' },
};

const OF_METRIC: { readonly [U in Unit]: UnitSize } = {
  ms: { dimension: 'time' }, s: { dimension: 'time', exponent: 3 }, ratio: { dimension: 'share' }, count: { dimension: 'number' },
  bytes: { dimension: 'memory' }, dB: { dimension: 'level' }, Wh: { dimension: 'energy' }, celsius: { dimension: 'temperature' },
};

/** Words that people write for a unit of the grammar. */
const SPELLINGS: { readonly [word: string]: string } = {
  msec: 'ms', millis: 'ms', milliseconds: 'ms', sec: 's', secs: 's', second: 's', seconds: 's', min: 'm', mins: 'm', minute: 'm', minutes: 'm', hr: 'h', hour: 'h', hours: 'h',
  percent: '%', pct: '%', bytes: 'B', byte: 'B', gb: 'GB', g: 'GB', mb: 'MB', kb: 'kB', celsius: '°C', times: 'count',
};

/** The units that objectives may be written in. */
export const UNIT_WORDS: readonly string[] = Object.keys(WRITTEN);

/** The units that fit a metric's unit, the likeliest first, e.g. `ms, s, m, h`. */
export function unitsFor(unit: Unit): readonly string[] {
  return UNIT_WORDS.filter((word) => WRITTEN[word]?.dimension === OF_METRIC[unit].dimension);
}

/** The unit of the grammar that a misspelt one most likely means, e.g. `sec` → `s`, `MS` → `ms`. */
export function unitMeant(written: string): string | undefined {
  const lower = written.toLowerCase();
  return UNIT_WORDS.find((word) => word.toLowerCase() === lower) ?? (Object.hasOwn(SPELLINGS, lower) ? SPELLINGS[lower] : undefined);
}

/**
 * A written number in the metric's own unit; undefined when the dimensions differ. Without a unit the number is taken as it is, except where the
 * metric's dimension has units of different sizes to mistake (times, memory): then it is undefined too.
 */
export function toMetricUnit(number: string, written: string | undefined, unit: Unit): number | undefined {
  const own = OF_METRIC[unit];
  if (written === undefined) return own.dimension === 'time' || own.dimension === 'memory' ? undefined : Number(number);
  const size = Object.hasOwn(WRITTEN, written) ? WRITTEN[written] : undefined;
  if (size === undefined || size.dimension !== own.dimension) return undefined;
  // As text, since 99.9 / 100 is not 0.999 but Number('99.9e-2') is.
  const value = Number(`${number}e${(size.exponent ?? 0) - (own.exponent ?? 0)}`);
  return value * (size.factor ?? 1);
}
