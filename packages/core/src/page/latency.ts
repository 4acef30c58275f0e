import type { MetricReport, RunReport } from '../events/report.js';
import { formatExact, formatValue } from '../metrics/format.js';
import type { Unit } from '../metrics/metric.js';
import { nearestRankIndex } from '../metrics/percentile.js';
import type { JudgedSlo } from '../model/slo.js';
import { plainLine } from '../text/plain.js';
import type { Chart } from './charts.js';
import { bars, binsOf } from './histogram.js';
import { html, join, NOTHING, type Markup } from './markup.js';
import type { RunFacts } from './run-facts.js';
import { scaleOver, type Scale } from './scale.js';
import type { Series } from './series.js';

const MOST_ROWS = 12;
const BINS = 60;
const HEIGHT = 32;

/** One card for each metric of time: its distribution by scenario with P50 and P95, and the limits that SLOs set on it. */
export function latencyCharts(report: RunReport, facts: RunFacts): readonly Chart[] {
  const timed = report.metrics.filter(({ kind, unit, scenario, samples }) => kind === 'distribution' && isTime(unit) && scenario === null && samples > 0);
  return timed.map((metric) => ({ judged: report.slos.some((slo) => slo.metric === metric.metric), card: card(metric, report, facts) }));
}

function isTime(unit: string): unit is 'ms' | 's' {
  return unit === 'ms' || unit === 's';
}

function card(metric: MetricReport, report: RunReport, facts: RunFacts): Markup {
  const unit: Unit = metric.unit === 's' ? 's' : 'ms';
  const rows = report.metrics.filter((each) => each.metric === metric.metric && each.scenario !== null && each.samples > 0);
  const limits = report.slos.filter((slo) => slo.metric === metric.metric && slo.unit === unit && /^(p[\d.]+|median|mean|max)$/.test(slo.aggregate));
  const values = rows.map(({ scenario }) => valuesOf(facts.series, metric.metric, scenario ?? ''));
  const scale = scaleFor(values.flat(), rows, limits);
  const described = facts.start?.metrics.find(({ name }) => name === metric.metric)?.description ?? '';
  const drawn = rows.slice(0, MOST_ROWS).map((row, index) => rowOf(row, values[index] ?? [], limitsOn(limits, row.scenario ?? '', facts), scale, unit));
  const more = rows.length > MOST_ROWS ? html`<p class="fine">${rows.length - MOST_ROWS} more scenarios are in the table of measurements.</p>` : NOTHING;
  const ticks = scale.ticks.map((tick) => html`<text x="${scale.place(tick)}%" y="12" text-anchor="${tick === scale.from ? 'start' : tick === scale.to ? 'end' : 'middle'}">${formatValue(tick, unit)}</text>`);
  return html`<section class="card chart"><h3>${metric.metric}</h3><p class="sub">${described}</p><ul class="series">${join(drawn)}</ul><div class="serie tall axis" aria-hidden="true"><svg width="100%" height="16" focusable="false">${join(ticks)}</svg></div>${more}</section>`;
}

function valuesOf(series: readonly Series[], metric: string, scenario: string): readonly number[] {
  return series.filter((each) => each.metric === metric && each.scenario === scenario).flatMap(({ values }) => values);
}

/** The scale ends at the 99th percentile when the slowest few would press all others to the left; they stand in the last bin. */
function scaleFor(values: readonly number[], rows: readonly MetricReport[], limits: readonly JudgedSlo[]): Scale {
  const sorted = Float64Array.from(values).sort();
  const most = sorted.at(-1) ?? 1;
  const usual = sorted.length === 0 ? 1 : (sorted[nearestRankIndex(sorted.length, 99) - 1] ?? most);
  const marks = [...rows.map(({ p95 }) => p95 ?? 0), ...limits.map(({ limit }) => limit)].filter((mark) => Number.isFinite(mark));
  const needed = Math.max(...marks, usual, 0);
  return scaleOver(Math.min(0, sorted[0] ?? 0), most <= needed * 1.5 ? Math.max(most, needed) : needed, 5);
}

function limitsOn(limits: readonly JudgedSlo[], scenario: string, { start }: RunFacts): readonly JudgedSlo[] {
  return limits.filter(({ id }) => {
    const where = start?.slos.find((each) => each.id === id)?.where ?? {};
    const tags = start?.scenarios.find((each) => each.id === scenario)?.tags ?? [];
    return (where['scenario'] ?? [scenario]).includes(scenario) && (where['tag'] === undefined || tags.some((tag) => where['tag']?.includes(tag)));
  });
}

function rowOf({ scenario, p50, p95, samples, missing, max }: MetricReport, values: readonly number[], limits: readonly JudgedSlo[], scale: Scale, unit: Unit): Markup {
  const mark = (name: string, value: number | null, from: number): Markup => (value === null ? NOTHING : html`<line class="${name}" x1="${scale.place(value)}%" x2="${scale.place(value)}%" y1="${from}" y2="${HEIGHT}"/>`);
  const lines = limits.map(({ limit }) => html`<line class="limit" x1="${scale.place(limit)}%" x2="${scale.place(limit)}%" y1="0" y2="${HEIGHT}"/>`);
  const beyond = values.filter((value) => value > scale.to).length;
  const label = `${scenario ?? ''}: P50 ${formatValue(p50, unit)}, P95 ${formatValue(p95, unit)}, most ${formatValue(max, unit)}, ${samples} samples${limits.map(({ target }) => `, target ${plainLine(target)}`).join('')}`;
  const notes = [...(missing > 0 ? [`${missing} without a value`] : []), ...(beyond > 0 ? [`${beyond} beyond the scale`] : [])].join(', ');
  return html`<li class="serie tall"><span class="serie-name"><bdi>${scenario ?? ''}</bdi>${notes === '' ? null : html` <span class="note">${notes}</span>`}</span><svg width="100%" height="${HEIGHT}" role="img" aria-label="${label}">${bars(binsOf(values, scale.from, scale.to, BINS), HEIGHT)}${join(lines)}${mark('p50', p50, 8)}${mark('p95', p95, 2)}<line class="floor" x1="0" x2="100%" y1="${HEIGHT - 0.5}" y2="${HEIGHT - 0.5}"/></svg><span class="figures"><span class="quiet">P50</span> ${formatValue(p50, unit)} <span class="quiet">P95</span> <b>${formatValue(p95, unit)}</b> ${limits.map(({ limit }) => html`<span class="quiet">limit</span> ${formatExact(limit, unit)} `)}<span class="quiet">n ${samples}</span></span></li>`;
}
