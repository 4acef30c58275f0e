import type { RunReport } from '../events/report.js';
import { estimate } from '../metrics/estimate.js';
import type { Sample, Unit } from '../metrics/metric.js';
import { sum } from '../metrics/summary.js';
import type { Aggregate, Comparison } from '../model/slo.js';
import { pooledRatio } from './ratio-interval.js';
import type { Series } from './series.js';

/** A metric under one condition: its value with what it takes to trust it. */
export interface Point {
  /** The value of the label along the axis; null where there is no axis, or the condition has no such label. */
  readonly x: number | null;
  readonly value: number | null;
  /** The 95 % interval; null at a side that nothing bounds. */
  readonly low: number | null;
  readonly high: number | null;
  readonly n: number;
  /** The pooled whole of a ratio; null for other kinds. */
  readonly whole: number | null;
}

/** Points that differ in the value of the axis alone. */
export interface Line {
  readonly name: string;
  /** `all`: the others taken together. `level`: a condition without the label of the axis; it has one point. */
  readonly kind: 'line' | 'all' | 'level';
  readonly points: readonly Point[];
}

/** One metric by the conditions under which it was measured. */
export interface Breakdown {
  readonly metric: string;
  readonly aggregate: Aggregate;
  readonly unit: Unit;
  /** The label whose values are numbers and make the axis; null when there is none. */
  readonly axis: string | null;
  readonly lines: readonly Line[];
  /** What is the same in all conditions: `noise none, speech synthetic`. */
  readonly constant: string;
  /** Attempts that failed before their condition was known. */
  readonly unplaced: number;
  /** An SLO judges this aggregate of the metric. */
  readonly judged: boolean;
}

/** With fewer values a label makes no curve, with more it names things rather than sizes. */
const AXIS = { fewest: 3, most: 40 };
const MOST_BREAKDOWNS = 20;
/** Above this many samples of a ratio the interval by linearisation agrees with the resampled one, which would take long. */
const MOST_RESAMPLED = 400;
const SHOWN: ReadonlySet<string> = new Set(['ratio', 'rate', 'mean', 'stddev', 'median']);

/** One condition of one metric, the scenario among its labels where there is more than one. */
interface Cell {
  readonly series: Series;
  readonly labels: { readonly [name: string]: string };
}

/**
 * The metrics that were measured under more than one condition, by condition: along each label whose values are at least three different numbers, or as a list where no label is such
 * a one. Those that SLOs judge come first. At most 20.
 */
export function breakdownsOf({ slos }: Pick<RunReport, 'slos'>, series: readonly Series[]): readonly Breakdown[] {
  const names = [...new Set(series.filter(({ kind }) => kind === 'ratio' || kind === 'rate' || kind === 'distribution').map(({ metric }) => metric))];
  const isJudged = (name: string): boolean => slos.some(({ metric }) => metric === name);
  const first = [...names.filter(isJudged), ...names.filter((name) => !isJudged(name))];
  const made: Breakdown[] = [];
  for (const name of first) {
    if (made.length >= MOST_BREAKDOWNS) break;
    made.push(...breakdownsOfMetric(series.filter(({ metric }) => metric === name), slos));
  }
  return made.slice(0, MOST_BREAKDOWNS);
}

function breakdownsOfMetric(all: readonly Series[], slos: RunReport['slos']): readonly Breakdown[] {
  const [any] = all;
  if (any === undefined) return [];
  const hasScenarios = new Set(all.map(({ scenario }) => scenario)).size > 1;
  const unplaced = sum(all.filter(isUnplaced).map(({ missing }) => missing));
  const cells = all.filter((each) => !isUnplaced(each)).map((each): Cell => ({ series: each, labels: { ...(hasScenarios ? { scenario: each.scenario } : {}), ...(each.labels ?? { condition: 'others' }) } }));
  const labels = [...new Set(cells.flatMap(({ labels: own }) => Object.keys(own)))];
  const valuesOf = (label: string): ReadonlySet<string | undefined> => new Set(cells.map(({ labels: own }) => own[label]));
  const varying = labels.filter((label) => valuesOf(label).size > 1);
  // Scenarios alone are told apart elsewhere.
  if (varying.every((label) => label === 'scenario')) return [];
  const constant = labels.filter((label) => !varying.includes(label)).map((label) => `${label} ${cells[0]?.labels[label] ?? ''}`).join(', ');
  const judge = slos.find(({ metric, aggregate }) => metric === any.metric && (SHOWN.has(aggregate) || /^p\d/.test(aggregate)));
  const aggregate = judge?.aggregate ?? (any.kind === 'ratio' ? 'ratio' : any.kind === 'rate' ? 'rate' : 'median');
  const pointOf = (x: number | null, own: readonly Cell[]): Point => measure(x, own.map((cell) => cell.series), aggregate, judge?.comparison ?? '<=');
  const frame = { metric: any.metric, aggregate, unit: any.unit, constant, unplaced, judged: judge !== undefined };
  const axes = varying.filter((label) => label !== 'scenario' && isAxis([...valuesOf(label)].flatMap((value) => value ?? [])));
  if (axes.length === 0) return [{ ...frame, axis: null, lines: groupsOf(cells, varying).map(({ name, cells: own }): Line => ({ name, kind: 'line', points: [pointOf(null, own)] })) }];
  return axes.map((axis) => ({ ...frame, axis, lines: linesAlong(axis, cells, varying.filter((label) => label !== axis), pointOf) }));
}

/** Whether the value is the same under all conditions. */
export function isFlat({ lines }: Breakdown): boolean {
  return new Set(lines.flatMap(({ points }) => points.map(({ value }) => value))).size === 1;
}

/** Attempts that ended in an error know nothing of the labels that their measurement would have had. */
function isUnplaced({ values, labels }: Series): boolean {
  return values.length === 0 && labels !== null && Object.keys(labels).length === 0;
}

function isAxis(values: readonly string[]): boolean {
  return values.length >= AXIS.fewest && values.length <= AXIS.most && values.every(isNumeric);
}

function isNumeric(text: string): boolean {
  return /^[-−]?\d+(?:\.\d+)?$/.test(text);
}

function linesAlong(axis: string, cells: readonly Cell[], others: readonly string[], pointOf: (x: number | null, own: readonly Cell[]) => Point): readonly Line[] {
  const along = (own: readonly Cell[]): readonly Point[] => groupsOf(own, [axis]).map((group) => pointOf(Number(group.cells[0]?.labels[axis]), group.cells)).sort((a, b) => (a.x ?? 0) - (b.x ?? 0));
  const on = cells.filter(({ labels }) => labels[axis] !== undefined);
  const lines = groupsOf(on, others).map(({ name, cells: own }): Line => ({ name, kind: 'line', points: along(own) }));
  const levels = groupsOf(cells.filter(({ labels }) => labels[axis] === undefined), others).map(({ name, cells: own }): Line => ({ name: name === '' ? `no ${axis}` : name, kind: 'level', points: [pointOf(null, own)] }));
  // Lines that differ by one number are a family, of which the whole says something too.
  const [family] = others.filter((label) => new Set(on.map(({ labels }) => labels[label])).size > 1);
  const isFamily = family !== undefined && lines.length > 1 && on.every(({ labels }) => isNumeric(labels[family] ?? '')) && new Set(on.map(({ labels }) => labels[family])).size === lines.length;
  return [...(isFamily ? [{ name: `any ${family}`, kind: 'all' as const, points: along(on) }] : []), ...lines, ...levels];
}

/** The cells with equal values of some labels, in order of those values: numbers by size, texts as they came. */
function groupsOf(cells: readonly Cell[], labels: readonly string[]): readonly { readonly name: string; readonly cells: readonly Cell[] }[] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const name = labels.flatMap((label) => (cell.labels[label] === undefined ? [] : [label === 'scenario' ? cell.labels[label] : `${label} ${cell.labels[label]}`])).join(', ');
    const members = groups.get(name);
    if (members === undefined) groups.set(name, [cell]);
    else members.push(cell);
  }
  const sizeOf = ([cell]: readonly Cell[]): readonly number[] => labels.map((label) => (isNumeric(cell?.labels[label] ?? '') ? Number(cell?.labels[label]) : 0));
  return [...groups]
    .map(([name, own]) => ({ name, cells: own, sizes: sizeOf(own) }))
    .sort((a, b) => a.sizes.map((size, index) => size - (b.sizes[index] ?? 0)).find((difference) => difference !== 0) ?? 0);
}

function measure(x: number | null, all: readonly Series[], aggregate: Aggregate, comparison: Comparison): Point {
  const values = all.flatMap((each) => each.values);
  const wholes = all.flatMap((each) => each.wholes);
  const missing = sum(all.map((each) => each.missing));
  const isRatio = aggregate === 'ratio';
  const frame = { x, n: values.length + missing, whole: isRatio ? sum(wholes) : null };
  if (values.length === 0) return { ...frame, value: null, low: null, high: null };
  if (isRatio && values.length > MOST_RESAMPLED) return { ...frame, ...(pooledRatio(values, wholes) ?? { value: null, low: null, high: null }) };
  const samples = values.map((value, index): Sample => ({ metric: '', value, ...(isRatio ? { whole: wholes[index] ?? 0 } : {}), labels: {} }));
  const { value, interval } = estimate({ text: '', aggregate, metric: '', comparison, limit: 0, unit: 'count', target: '' }, samples, missing, 1);
  return { ...frame, value, low: interval?.low ?? null, high: interval?.high ?? null };
}
