import type { RunReport } from '../events/report.js';
import { formatExact, formatInterval, formatValue } from '../metrics/format.js';
import type { Aggregate } from '../model/slo.js';
import { truncate } from '../text/width.js';
import { plural } from '../wording/words.js';
import { isFlat, type Breakdown, type Line, type Point } from './breakdown.js';
import type { Chart } from './charts.js';
import { limitLines, limitsOf } from './curve-limits.js';
import { html, join, NOTHING, raw, type Markup } from './markup.js';
import { heightOf, HEIGHT } from './plot.js';
import type { RunFacts } from './run-facts.js';
import { scaleBetween, scaleOver, type Scale } from './scale.js';
import { plainTable } from './tables.js';

const MOST_LINES = 5;
const MOST_LEVELS = 2;
const MOST_TABLE_ROWS = 100;

/** What marks the points of a line, on a field around 0: told apart by shape, not by colour alone. */
const SHAPES = ['<circle r="4"/>', '<path d="M-3.7-3.7h7.4v7.4h-7.4z"/>', '<path d="M0-4.8L4.7 3.6h-9.4z"/>', '<path d="M0-5.2L5.2 0 0 5.2-5.2 0z"/>', '<path d="M0 4.8L4.7-3.6h-9.4z"/>'];

/** A line with its place among the colours and shapes: 0 for all together and for levels. */
interface Drawn {
  readonly line: Line;
  readonly look: number;
}

/** One card for each curve: a metric over the values of a label that are numbers, a line for each remaining condition, with 95 % intervals and the limits of SLOs. */
export function curveCharts(breakdowns: readonly Breakdown[], report: RunReport, facts: RunFacts): readonly Chart[] {
  return breakdowns.flatMap((each) => (each.axis === null || isFlat(each) ? [] : [{ judged: each.judged, card: card(each, each.axis, report, facts) }]));
}

/** The metrics of which no condition makes a difference, in words; null when there are none. */
export function flatWords(breakdowns: readonly Breakdown[]): string | null {
  const flat = breakdowns.filter(isFlat);
  return flat.length === 0 ? null : [...new Map(flat.map(({ metric, unit, lines }) => [metric, `${metric} (${formatValue(lines[0]?.points[0]?.value ?? null, unit)})`])).values()].join(', ');
}

function card(breakdown: Breakdown, axis: string, report: RunReport, facts: RunFacts): Markup {
  const { metric, aggregate, unit, constant, unplaced } = breakdown;
  const drawn = drawnOf(breakdown.lines);
  const points = drawn.flatMap(({ line }) => line.points);
  const x = scaleBetween(breakdown.lines.flatMap((line) => line.points.flatMap((point) => point.x ?? [])));
  const limits = limitsOf(breakdown, axis, report, facts, x);
  const y = scaleFor(points, limits.map(({ slo }) => slo.limit), unit);
  const described = facts.start?.metrics.find(({ name }) => name === metric)?.description ?? '';
  const folded = breakdown.lines.length - drawn.length;
  const notes = [aggregateWords(aggregate), ...(constant === '' ? [] : [`in all of it ${constant}`]), ...(folded > 0 ? [`${plural(folded, 'more line')} in the table`] : []), ...(unplaced > 0 ? [`${plural(unplaced, 'attempt')} failed before a value and ${unplaced === 1 ? 'is' : 'are'} not in it`] : [])];
  const plot = html`<svg class="plot" width="100%" height="${HEIGHT}" role="img" aria-label="${describe(breakdown, axis, drawn)}">${grid(x, y)}${join(drawn.filter(({ line }) => line.kind === 'level').map(({ line }) => levelOf(line, y)))}${join(drawn.filter(({ line }) => line.kind !== 'level').map((each, index, all) => lineOf(each, shiftOf(index, all.length), x, y)))}${limitLines(limits, y)}</svg>`;
  return html`<section class="card chart"><h3>${metric} <span class="quiet">by</span> ${axis}</h3><p class="sub">${described}</p><ul class="legend">${join(drawn.map((each) => legendItem(each, unit)))}</ul><div class="curve">${yAxis(y, unit)}${plot}<span></span>${xAxis(axis, breakdown.lines, x)}</div><p class="fine">${notes.join(' · ')}</p>${table(breakdown, axis)}</section>`;
}

/** A scale that holds all values and limits, and the whiskers as far as they do not press everything else together. */
function scaleFor(points: readonly Point[], limits: readonly number[], unit: Breakdown['unit']): Scale {
  const values = [...points.flatMap(({ value }) => value ?? []), ...limits];
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const reach = Math.max(2 * (most - least), unit === 'ratio' ? 0.1 : 0);
  const lows = points.flatMap(({ low }) => (low !== null && low >= least - reach ? [low] : []));
  const highs = points.flatMap(({ high }) => (high !== null && high <= most + reach ? [high] : []));
  return scaleOver(Math.min(least, ...lows), Math.max(most, ...highs), 5);
}

/** The whole, up to five lines spread evenly over all, and up to two levels. */
function drawnOf(lines: readonly Line[]): readonly Drawn[] {
  const own = lines.filter(({ kind }) => kind === 'line');
  const step = own.length <= MOST_LINES ? 1 : (own.length - 1) / (MOST_LINES - 1);
  const shown = Array.from({ length: Math.min(MOST_LINES, own.length) }, (_, index) => own[Math.round(index * step)]).flatMap((line) => line ?? []);
  return [
    ...lines.filter(({ kind }) => kind === 'all').map((line) => ({ line, look: 0 })),
    ...shown.map((line, index) => ({ line, look: index + 1 })),
    ...lines.filter(({ kind }) => kind === 'level').slice(0, MOST_LEVELS).map((line) => ({ line, look: 0 })),
  ];
}

function aggregateWords(aggregate: Aggregate): string {
  return aggregate === 'ratio' ? 'pooled' : aggregate === 'rate' ? 'share of yes' : aggregate.startsWith('p') ? aggregate.toUpperCase() : aggregate;
}

/** Lines that share places stand a little beside each other, so that no whisker hides another. */
function shiftOf(index: number, count: number): number {
  return Math.round((index - (count - 1) / 2) * 5 * 10) / 10;
}

function grid(x: Scale, y: Scale): Markup {
  const across = y.ticks.map((tick) => html`<line class="${tick === 0 ? 'floor base' : 'floor'}" x1="0" x2="100%" y1="${heightOf(tick, y)}" y2="${heightOf(tick, y)}"/>`);
  return html`${join(across)}${join(x.ticks.map((tick) => html`<line class="floor" x1="${x.place(tick)}%" x2="${x.place(tick)}%" y1="${HEIGHT - 4}" y2="${HEIGHT}"/>`))}`;
}

function lineOf({ line, look }: Drawn, shift: number, x: Scale, y: Scale): Markup {
  const placed = line.points.flatMap((point) => (point.x === null || point.value === null ? [] : [{ ...point, value: point.value, at: x.place(point.x), top: heightOf(point.value, y) }]));
  const path = placed.map(({ at, top }, index) => `${index === 0 ? 'M' : 'L'}${Math.round(at * 10)} ${top}`).join('');
  const points = placed.map(({ at, top, low, high }) => html`<svg x="${at}%" overflow="visible"><g transform="translate(${shift})">${whisker(low, high, y)}<g class="point" transform="translate(0 ${top})">${shapeOf(line, look)}</g></g></svg>`);
  return html`<g class="look l${look}"><svg x="${shift}" width="100%" height="${HEIGHT}" viewBox="0 0 1000 ${HEIGHT}" preserveAspectRatio="none" overflow="visible"><path class="course" d="${raw(path)}"/></svg>${join(points)}</g>`;
}

/** An interval from end to end; open where nothing bounds it, or the bound lies beyond the plot. */
function whisker(low: number | null, high: number | null, y: Scale): Markup {
  if (low === null && high === null) return NOTHING;
  const below = low === null || low < y.from;
  const above = high === null || high > y.to;
  const from = below ? HEIGHT : heightOf(low, y);
  const to = above ? 0 : heightOf(high, y);
  return html`<path class="${below || above ? 'whisker open' : 'whisker'}" d="M0 ${from}V${to}${raw(below ? '' : `M-2.5 ${from}h5`)}${raw(above ? '' : `M-2.5 ${to}h5`)}"/>`;
}

function shapeOf({ kind }: Line, look: number): Markup {
  return kind === 'level' ? NOTHING : raw(SHAPES[look === 0 ? 0 : (look - 1) % SHAPES.length] ?? '');
}

function levelOf({ points: [point] }: Line, y: Scale): Markup {
  if (point === undefined || point.value === null) return NOTHING;
  const top = heightOf(point.value, y);
  const [low, high] = [heightOf(point.low ?? point.value, y), heightOf(point.high ?? point.value, y)];
  return html`<rect class="level-band" x="0" width="100%" y="${high}" height="${Math.round((low - high) * 10) / 10}"/><line class="level" x1="0" x2="100%" y1="${top}" y2="${top}"/>`;
}

function legendItem({ line, look }: Drawn, unit: Breakdown['unit']): Markup {
  const swatch = line.kind === 'level' ? html`<line class="level" x1="0" x2="24" y1="7" y2="7"/>` : html`<path class="course" d="M0 7h24"/><g class="point" transform="translate(12 7)">${shapeOf(line, look)}</g>`;
  const level = line.kind === 'level' ? html` <span class="quiet">${formatValue(line.points[0]?.value ?? null, unit)}, n ${line.points[0]?.n ?? 0}</span>` : NOTHING;
  return html`<li class="look l${look}"><svg width="24" height="14" aria-hidden="true" focusable="false">${swatch}</svg><span><bdi>${line.name === '' ? 'all samples' : line.name}</bdi>${level}</span></li>`;
}

function yAxis(y: Scale, unit: Breakdown['unit']): Markup {
  return html`<svg class="ticks" width="100%" height="${HEIGHT}" aria-hidden="true" focusable="false">${join(y.ticks.map((tick) => html`<text x="100%" y="${Math.min(HEIGHT - 1, heightOf(tick, y) + 4)}" text-anchor="end">${formatValue(tick, unit)}</text>`))}</svg>`;
}

/** The values along the axis with how many samples stand behind each, where there is room. */
function xAxis(axis: string, lines: readonly Line[], x: Scale): Markup {
  let last = -Infinity;
  const labels = x.ticks.flatMap((tick) => {
    const at = x.place(tick);
    const word = tickWord(tick);
    // Half of this one and half of the one before, at the least width of a plot.
    if (at - last < Math.max(12, 3 * word.length)) return [];
    last = at;
    const counts = lines.filter(({ kind }) => kind === 'line').flatMap(({ points }) => points.flatMap((point) => (point.x === tick ? [point.n] : [])));
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    return [html`<text x="${at}%" y="13" text-anchor="middle">${word}</text><text class="count-of" x="${at}%" y="28" text-anchor="middle">n ${least === most ? least : `${least}–${most}`}</text>`];
  });
  return html`<svg class="ticks" width="100%" height="46" aria-hidden="true" focusable="false">${join(labels)}<text class="strong" x="50%" y="43" text-anchor="middle">${truncate(axis, 28)}</text></svg>`;
}

function tickWord(value: number): string {
  const exact = formatExact(value, 'count');
  return exact.length <= 7 ? exact : Math.abs(value) >= 1e6 ? value.toExponential(1) : formatValue(value, 'count');
}

function table({ metric, lines, unit, aggregate }: Breakdown, axis: string): Markup {
  const rows = lines.flatMap((line) => line.points.map((point) => [line.name === '' ? 'all samples' : line.name, point.x === null ? '—' : formatExact(point.x, 'count'), formatValue(point.value, unit), intervalOf(point, unit), String(point.n), ...(aggregate === 'ratio' ? [String(point.whole ?? 0)] : [])]));
  const more = rows.length > MOST_TABLE_ROWS ? html`<p class="fine">${rows.length - MOST_TABLE_ROWS} more are not shown.</p>` : NOTHING;
  const head = ['Condition', axis, aggregateWords(aggregate), '95 % interval', 'n', ...(aggregate === 'ratio' ? ['of'] : [])];
  return html`<details class="inner"><summary>as a table</summary>${plainTable(`${metric} by ${axis}`, head, rows.slice(0, MOST_TABLE_ROWS), new Set([1, 2, 3, 4, 5]))}${more}</details>`;
}

function intervalOf({ low, high }: Point, unit: Breakdown['unit']): string {
  return low === null && high === null ? '—' : formatInterval({ low, high }, unit);
}

/** The drawing in a few sentences, for those who do not see it. */
function describe({ metric, unit }: Breakdown, axis: string, drawn: readonly Drawn[]): string {
  const said = drawn.map(({ line: { name, points } }) => {
    const known = points.filter(({ value }) => value !== null);
    const [first, last] = [known[0], known.at(-1)];
    const at = (point: Point | undefined): string => `${formatValue(point?.value ?? null, unit)}${point?.x === null || point?.x === undefined ? '' : ` at ${formatExact(point.x, 'count')}`}`;
    return `${name === '' ? 'all samples' : name}: ${known.length > 1 ? `from ${at(first)} to ${at(last)}` : at(first)}`;
  });
  return `${metric} by ${axis}. ${said.join('; ')}. The table below has every value.`;
}
