import type { RunReport } from '../events/report.js';
import { formatValue } from '../metrics/format.js';
import { sum } from '../metrics/summary.js';
import type { JudgedSlo } from '../model/slo.js';
import type { Chart } from './charts.js';
import { html, join, NOTHING, type Markup } from './markup.js';
import { pooledRatio } from './ratio-interval.js';
import type { RunFacts } from './run-facts.js';
import { scaleOver, type Scale } from './scale.js';
import type { Series } from './series.js';
import { isJudgedBy } from './slo-places.js';

const MOST_ROWS = 16;
const MOST_CONDITIONS = 12;
const HEIGHT = 26;

interface Condition {
  readonly series: Series;
  readonly name: string;
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly whole: number;
  readonly limits: readonly JudgedSlo[];
}

/** One card for each ratio metric (word errors over words): dot and 95 % interval by scenario and condition, against the limits that SLOs set on it. */
export function qualityCharts(report: RunReport, facts: RunFacts): readonly Chart[] {
  const names = [...new Set(facts.series.filter(({ kind }) => kind === 'ratio').map(({ metric }) => metric))];
  return names.flatMap((name) => {
    const conditions = conditionsOf(name, report, facts);
    return conditions.length === 0 ? [] : [{ judged: report.slos.some(({ metric }) => metric === name), card: card(name, conditions, facts) }];
  });
}

function conditionsOf(metric: string, report: RunReport, { series, start }: RunFacts): readonly Condition[] {
  return pooled(series.filter((each) => each.metric === metric)).flatMap((each) => {
    const share = pooledRatio(each.values, each.wholes);
    if (share === null) return [];
    const limits = report.slos.filter(({ id, metric: judged, aggregate }) => judged === metric && aggregate === 'ratio' && isJudgedBy(start?.slos.find((slo) => slo.id === id)?.where ?? {}, each, start));
    return [{ series: each, name: each.condition, ...share, whole: sum(each.wholes), limits }];
  });
}

/** More conditions than twelve of a scenario say nothing side by side; they are put together here. */
function pooled(series: readonly Series[]): readonly Series[] {
  const scenarios = [...new Set(series.map(({ scenario }) => scenario))];
  return scenarios.flatMap((scenario) => {
    const own = series.filter((each) => each.scenario === scenario);
    const [first] = own;
    if (first === undefined || own.length <= MOST_CONDITIONS) return own;
    return [{ ...first, condition: `${own.length} conditions together`, labels: null, values: own.flatMap(({ values }) => values), wholes: own.flatMap(({ wholes }) => wholes), missing: sum(own.map(({ missing }) => missing)) }];
  });
}

function card(metric: string, conditions: readonly Condition[], { start }: RunFacts): Markup {
  const shown = conditions.slice(0, MOST_ROWS);
  const scale = scaleOver(0, Math.min(Math.max(...shown.flatMap(({ value, high, limits }) => [value, high ?? 0, ...limits.map(({ limit }) => limit)])), Math.max(1, ...shown.map(({ value }) => value))), 4);
  const described = start?.metrics.find(({ name }) => name === metric)?.description ?? '';
  const ticks = scale.ticks.map((tick) => html`<text x="${scale.place(tick)}%" y="12" text-anchor="${tick === scale.from ? 'start' : tick === scale.to ? 'end' : 'middle'}">${formatValue(tick, 'ratio')}</text>`);
  const more = conditions.length > MOST_ROWS ? html`<p class="fine">${conditions.length - MOST_ROWS} more conditions are not drawn.</p>` : NOTHING;
  return html`<section class="card chart"><h3>${metric}</h3><p class="sub">${described}</p><ul class="series">${join(shown.map((each) => rowOf(each, scale)))}</ul><div class="serie axis" aria-hidden="true"><span></span><svg width="100%" height="16" focusable="false">${join(ticks)}</svg><span></span></div>${more}</section>`;
}

function rowOf({ series, name, value, low, high, whole, limits }: Condition, scale: Scale): Markup {
  const at = scale.place(value);
  const bad = limits.some(({ limit, comparison }) => (comparison.startsWith('>') ? value < limit : value > limit));
  const whisker = low === null || high === null ? NOTHING : html`<line class="interval" x1="${scale.place(low)}%" x2="${scale.place(high)}%" y1="13" y2="13"/>`;
  const lines = limits.map(({ limit }) => html`<line class="limit" x1="${scale.place(limit)}%" x2="${scale.place(limit)}%" y1="0" y2="${HEIGHT}"/>`);
  const label = `${series.scenario}${name === '' ? '' : ` (${name})`}: ${formatValue(value, 'ratio')} of ${whole}${low === null || high === null ? '' : `, 95 % interval ${formatValue(low, 'ratio')} to ${formatValue(high, 'ratio')}`}`;
  return html`<li class="serie ${bad ? 'fail' : 'plain'}"><span class="serie-name"><bdi>${series.scenario}</bdi>${name === '' ? null : html` <span class="note">${name}</span>`}</span><svg width="100%" height="${HEIGHT}" role="img" aria-label="${label}"><line class="floor" x1="0" x2="100%" y1="13" y2="13"/>${join(lines)}${whisker}<svg class="value" x="${at}%" y="13" overflow="visible">${bad ? html`<path class="dot" d="M0-6.5L6.5 0 0 6.5-6.5 0z"/>` : html`<circle class="dot" r="4.5"/>`}</svg></svg><span class="figures"><b>${formatValue(value, 'ratio')}</b> <span class="quiet">of ${whole}</span></span></li>`;
}
