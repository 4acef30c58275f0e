import { plural } from '../wording/words.js';
import { html, join, NOTHING, type Markup } from './markup.js';

/** A drawn metric. */
export interface Chart {
  /** An SLO is set on the metric, so it matters more than one without. */
  readonly judged: boolean;
  readonly card: Markup;
}

/** Without any SLO on them so many charts stand open. */
const MOST_OPEN = 4;

/** Charts in cards: those of metrics with an SLO first and open, the others folded away. */
export function chartCards(charts: readonly Chart[], lede: string): Markup {
  const judged = charts.filter((chart) => chart.judged);
  const open = judged.length > 0 ? judged : charts.slice(0, MOST_OPEN);
  const folded = charts.filter((chart) => !open.includes(chart));
  const rest = folded.length === 0 ? NOTHING : html`<details class="inner"><summary>${plural(folded.length, 'more metric')}${judged.length > 0 ? ' without an SLO' : ''}</summary>${cards(folded)}</details>`;
  return html`<p class="lede">${lede}</p>${cards(open)}${rest}`;
}

function cards(charts: readonly Chart[]): Markup {
  return html`<div class="cards">${join(charts.map(({ card }) => card))}</div>`;
}
