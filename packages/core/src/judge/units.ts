import type { Unit } from '../metrics/metric.js';

/** What a unit of the objective grammar measures, and its size in the base of that dimension. */
interface UnitSize {
  readonly dimension: string;
  readonly factor: number;
}

const WRITTEN: { readonly [unit: string]: UnitSize } = {
  ms: { dimension: 'time', factor: 1 }, s: { dimension: 'time', factor: 1_000 }, m: { dimension: 'time', factor: 60_000 }, h: { dimension: 'time', factor: 3_600_000 },
  '%': { dimension: 'share', factor: 0.01 }, B: { dimension: 'memory', factor: 1 }, kB: { dimension: 'memory', factor: 1e3 }, MB: { dimension: 'memory', factor: 1e6 }, GB: { dimension: 'memory', factor: 1e9 },
  Wh: { dimension: 'energy', factor: 1 }, dB: { dimension: 'level', factor: 1 }, count: { dimension: 'number', factor: 1 }, C: { dimension: 'temperature', factor: 1 }, '°C': { dimension: 'temperature', factor: 1 },
};

const OF_METRIC: { readonly [U in Unit]: UnitSize } = {
  ms: { dimension: 'time', factor: 1 }, s: { dimension: 'time', factor: 1_000 }, ratio: { dimension: 'share', factor: 1 }, count: { dimension: 'number', factor: 1 },
  bytes: { dimension: 'memory', factor: 1 }, dB: { dimension: 'level', factor: 1 }, Wh: { dimension: 'energy', factor: 1 }, celsius: { dimension: 'temperature', factor: 1 },
};

/** The units that objectives may be written in. */
export const UNIT_WORDS: readonly string[] = Object.keys(WRITTEN);

/** The units that fit a metric's unit, e.g. `ms, s, m, h`. */
export function unitsFor(unit: Unit): readonly string[] {
  return UNIT_WORDS.filter((word) => WRITTEN[word]?.dimension === OF_METRIC[unit].dimension);
}

/** A written value in the metric's own unit; undefined when the dimensions differ. Without a written unit the value is taken as it is where the metric is a number or a share. */
export function toMetricUnit(value: number, written: string | undefined, unit: Unit): number | undefined {
  const own = OF_METRIC[unit];
  if (written === undefined) return own.dimension === 'number' || own.dimension === 'share' ? value : undefined;
  const size = WRITTEN[written];
  if (size === undefined || size.dimension !== own.dimension) return undefined;
  return Number(((value * size.factor) / own.factor).toPrecision(15));
}
