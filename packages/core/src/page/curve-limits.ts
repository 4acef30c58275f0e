import type { RunReport } from '../events/report.js';
import { formatExact } from '../metrics/format.js';
import type { Comparison, JudgedSlo } from '../model/slo.js';
import type { Breakdown } from './breakdown.js';
import { html, join, type Markup } from './markup.js';
import { heightOf } from './plot.js';
import type { RunFacts } from './run-facts.js';
import type { Scale } from './scale.js';
import { isJudgedBy } from './slo-places.js';

/** The limit of an SLO with the stretch of the axis that it is set on, in per cent of the width. */
export interface DrawnLimit {
  readonly slo: JudgedSlo;
  /** The conditions it is set on, but for the axis: `noise none`. */
  readonly on: string;
  readonly from: number;
  readonly to: number;
}

/** The limits on what a curve shows. */
export function limitsOf({ metric, aggregate }: Breakdown, axis: string, report: RunReport, { start, series }: RunFacts, x: Scale): readonly DrawnLimit[] {
  return report.slos.filter((slo) => slo.metric === metric && slo.aggregate === aggregate && slo.comparison !== '=').flatMap((slo) => {
    const where = start?.slos.find(({ id }) => id === slo.id)?.where ?? {};
    const meets = series.some((each) => each.metric === metric && isJudgedBy(where, each, start, [axis]));
    const values = where[axis]?.map(Number).filter((value) => Number.isFinite(value));
    if (!meets || values?.length === 0) return [];
    const on = Object.entries(where).flatMap(([label, wanted]) => (label === axis || label === 'scenario' || label === 'tag' ? [] : [`${label} ${wanted.join(' or ')}`])).join(', ');
    return [{ slo, on, from: values === undefined ? 0 : Math.max(0, x.place(Math.min(...values)) - 7), to: values === undefined ? 100 : Math.min(100, x.place(Math.max(...values)) + 7) }];
  });
}

const SIGNS: { readonly [C in Comparison]: string } = { '<': '<', '<=': '≤', '>': '>', '>=': '≥', '=': '=' };

/** Limits with their words, which keep out of each other's way. */
export function limitLines(limits: readonly DrawnLimit[], y: Scale): Markup {
  let above = Infinity;
  const sorted = [...limits].sort((a, b) => a.slo.limit - b.slo.limit);
  return join(sorted.map(({ slo, on, from, to }) => {
    const top = heightOf(slo.limit, y);
    const base = Math.min(top - 4, above - 14);
    above = base;
    const [at, anchor] = to > 50 ? [to, 'end'] : [from, 'start'];
    return html`<line class="limit" x1="${from}%" x2="${to}%" y1="${top}" y2="${top}"/><text class="limit-word" x="${at}%" y="${base < 10 ? top + 13 : base}" text-anchor="${anchor}">${SIGNS[slo.comparison]} ${formatExact(slo.limit, slo.unit)}${on === '' ? '' : `, ${on}`}</text>`;
  }));
}
