import { plainJson } from '../text/plain.js';
import { html, join, type Markup } from './markup.js';

/** What was changed in the system under test, one card each, with every fact the report holds. */
export function remedies(remediations: readonly object[]): Markup {
  const cards = remediations.map((each) => html`<div class="card cause-body"><dl>${join(Object.entries(each).map(([name, value]) => html`<dt>${name.replaceAll('_', ' ')}</dt><dd>${typeof value === 'string' ? value : plainJson(value, 600)}</dd>`))}</dl></div>`);
  return html`<div class="cards">${join(cards)}</div>`;
}
