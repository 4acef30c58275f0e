import type { Unit } from '../metrics/metric.js';
import type { RunReport } from '../events/report.js';

const UNITS: ReadonlySet<string> = new Set<Unit>(['ms', 's', 'ratio', 'count', 'bytes', 'dB', 'Wh', 'celsius']);

/** A unit as reports and events hold it; one that this version does not know is shown as a bare number. */
export function unitOf(unit: string): Unit {
  return isUnit(unit) ? unit : 'count';
}

function isUnit(unit: string): unit is Unit {
  return UNITS.has(unit);
}

/** The units of what expressions name: undefined for metrics and SLOs that are not known. */
export interface Units {
  metric(name: string): Unit | undefined;
  slo(id: string): Unit | undefined;
}

/** The units of the metrics and SLOs of a report. */
export function unitsOf({ metrics, slos }: Pick<RunReport, 'metrics' | 'slos'>): Units {
  const ofMetric = new Map(metrics.map(({ metric, unit }) => [metric, unitOf(unit)]));
  const ofSlo = new Map(slos.map(({ id, unit }) => [id, unit]));
  return { metric: (name) => ofMetric.get(name), slo: (id) => ofSlo.get(id) };
}
