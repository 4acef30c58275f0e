import type { RunReport } from '../events/report.js';
import { formatExact, formatInterval, formatValue } from '../metrics/format.js';
import { breakdownsOf, isFlat, type Breakdown, type Line, type Point } from '../page/breakdown.js';
import type { Series } from '../page/series.js';
import { displayWidth } from '../text/width.js';
import { markdownCode, markdownTable, markdownText } from '../wording/markdown-text.js';

const MOST_TABLES = 12;
const MOST_ROWS = 40;
const MOST_COLUMNS = 7;

/**
 * The metrics by condition, where there is more than one: along a label whose values are numbers as a table with a column for each other condition, else as a list of conditions.
 * Where SLOs judge any of them, only those metrics; the page and the table of measurements have the others.
 */
export function breakdownTables(report: RunReport, series: readonly Series[]): readonly string[] {
  const all = breakdownsOf(report, series);
  const judged = all.filter((each) => each.judged);
  const told = judged.length > 0 ? judged : all;
  // A table along a second label would say the same across.
  const tables = told.filter((each, index) => !isFlat(each) && told.findIndex(({ metric }) => metric === each.metric) === index).slice(0, MOST_TABLES);
  const flat = [...new Map(told.filter(isFlat).map(({ metric, unit, lines }) => [metric, `${markdownCode(metric)} (${formatValue(lines[0]?.points[0]?.value ?? null, unit)})`])).values()];
  const lines = [
    ...tables.flatMap((each) => [...(each.axis === null ? listOf(each) : tableAlong(each, each.axis)), '']),
    ...(flat.length === 0 ? [] : [`The same under all conditions: ${flat.join(', ')}.`, '']),
  ];
  return lines.length === 0 ? [] : ['A value with its 95 % interval and the number of samples behind it.', '', ...lines.slice(0, -1)];
}

function headOf({ metric, aggregate, constant }: Breakdown, axis: string | null): readonly string[] {
  return [`**${markdownText(aggregate)} of ${markdownText(metric)}${axis === null ? '' : ` by ${markdownText(axis)}`}**${constant === '' ? '' : `, in all of it ${markdownText(constant)}`}`, ''];
}

function tableAlong(breakdown: Breakdown, axis: string): readonly string[] {
  const { lines, unit } = breakdown;
  const columns = lines.filter(({ kind }) => kind !== 'level').slice(0, MOST_COLUMNS);
  const levels = lines.filter(({ kind }) => kind === 'level');
  const values = [...new Set(columns.flatMap(({ points }) => points.flatMap(({ x }) => x ?? [])))].sort((a, b) => a - b);
  const at = ({ points }: Line, x: number): string => {
    const point = points.find((each) => each.x === x);
    return point === undefined ? '' : cell(point, unit);
  };
  const rows = values.slice(0, MOST_ROWS).map((x) => [formatExact(x, 'count'), ...columns.map((line) => at(line, x))]);
  const beside = levels.map(({ name, points: [point] }) => `${markdownText(name)} ${point === undefined ? '' : cell(point, unit)}`);
  const left = lines.length - levels.length - columns.length;
  const notes = [...(beside.length === 0 ? [] : [`Without ${markdownText(axis)}: ${beside.slice(0, MOST_ROWS).join('; ')}.`]), ...(left === 0 ? [] : [`${left} further conditions are in \`report.html\`.`])];
  return [...headOf(breakdown, axis), ...markdownTable([markdownText(axis), ...columns.map(({ name }) => (name === '' ? 'all samples' : markdownText(name)))], rows, displayWidth, new Set([0])), ...notes.flatMap((note) => ['', note])];
}

function listOf(breakdown: Breakdown): readonly string[] {
  const { lines, unit } = breakdown;
  const rows = lines.slice(0, MOST_ROWS).flatMap(({ name, points }) => points.map((point) => [name === '' ? 'no labels' : markdownText(name), formatValue(point.value, unit), intervalOf(point, unit), String(point.n)]));
  const left = lines.length - MOST_ROWS;
  return [...headOf(breakdown, null), ...markdownTable(['Condition', 'Value', '95 % interval', 'n'], rows, displayWidth, new Set([1, 3])), ...(left > 0 ? ['', `${left} further conditions are in \`report.html\`.`] : [])];
}

/** `17.1 % (7.6 – 18.1 %), n 40`. */
function cell(point: Point, unit: Breakdown['unit']): string {
  const interval = intervalOf(point, unit);
  return `${formatValue(point.value, unit)}${interval === '' ? '' : ` (${interval})`}, n ${point.n}`;
}

function intervalOf({ low, high }: Point, unit: Breakdown['unit']): string {
  return low === null && high === null ? '' : formatInterval({ low, high }, unit);
}
