import type { RunStart } from '../events/event.js';
import type { SloShift } from '../events/remedy-event.js';
import type { RunReport } from '../events/report.js';
import { formatValue } from '../metrics/format.js';
import { PERCENTILE_DEFINITION } from '../metrics/percentile.js';
import type { JudgedSlo, Verdict } from '../model/slo.js';
import { healedSlos } from '../wording/issues.js';
import { sloCells, VERDICT_WORDS } from '../wording/words.js';
import { badge, VERDICT_STATES } from './marks.js';
import { html, join, type Markup } from './markup.js';
import { sloStrip, stripAxis } from './slo-strip.js';
import { plainTable } from './tables.js';

const WORST_FIRST: readonly Verdict[] = ['fail', 'error', 'no-data', 'inconclusive', 'pass'];
const SEVERITIES: readonly string[] = ['critical', 'major', 'minor'];

interface Group {
  readonly name: string;
  readonly slos: readonly JudgedSlo[];
}

/**
 * All SLOs, grouped by what they are about, the worst group and the worst SLO first; each drawn against its own limit. When none was judged, those that
 * were planned are named, with the reason.
 */
export function sloTable({ slos, remediations, reason }: Pick<RunReport, 'slos' | 'remediations' | 'reason'>, planned: RunStart['slos']): Markup {
  if (slos.length === 0 && planned.length === 0) return html`<p class="empty">This suite sets no SLOs. The verdict is that of its expectations.</p>`;
  if (slos.length === 0) return html`<p class="empty">Not reached: ${reason}.</p>${plainTable('SLOs that were not judged', ['Objective', 'Target', 'Verdict'], planned.map(({ title, target }) => [html`<bdi>${title}</bdi>`, target, badge('none', 'not judged')]))}`;
  const healed = healedSlos({ slos, remediations });
  const groups = groupsOf(slos, healed);
  const bodies = groups.map(({ name, slos: members }) => html`<tbody role="rowgroup">${groups.length > 1 ? html`<tr class="group" role="row"><th role="rowheader" colspan="7" scope="colgroup">${name}</th></tr>` : null}${join(members.map((slo) => sloRow(slo, healed.get(slo.id))))}</tbody>`);
  return html`<p class="lede">Every row is drawn against its own limit: left of the line is good, right of it is not. The bar is the 95 % interval, grey is the distribution of the samples. <i>Proven</i> means the whole interval lies on one side.${healed.size === 0 ? '' : ' An outlined mark is where an SLO stood before a change.'}</p>
<div class="card"><table class="slos" role="table" aria-label="SLOs"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Verdict</th><th role="columnheader" scope="col">Objective</th><th role="columnheader" scope="col" class="num">Target</th><th role="columnheader" scope="col" class="num">Actual</th><th role="columnheader" scope="col" class="num">n</th><th role="columnheader" scope="col" class="num">95 % interval</th><th role="columnheader" scope="col" class="strips"><span class="hide">share of the limit</span>${stripAxis()}</th></tr></thead>${join(bodies)}</table></div>
<p class="fine">Percentiles are ${PERCENTILE_DEFINITION}. An attempt that failed before there was a value counts as over the limit. No data is never a pass.</p>`;
}

function sloRow(slo: JudgedSlo, healed: SloShift | undefined): Markup {
  const { title, target, actual, n, interval, note } = sloCells(slo);
  const proven = slo.verdict === 'pass' && slo.proven ? 'proven' : '';
  const told = [healed === undefined ? '' : 'after a change', proven, note].filter((each) => each !== '').join(', ');
  const state = healed === undefined ? VERDICT_STATES[slo.verdict] : 'remedied';
  const was = healed === undefined ? null : html`<s class="was"><span class="hide">was </span>${formatValue(healed.before.value, slo.unit)}</s> `;
  return html`<tr class="slo ${state}" role="row" data-slo="${slo.id}" data-verdict="${slo.verdict}"><td role="cell" class="v">${badge(state, healed === undefined ? VERDICT_WORDS[slo.verdict] : 'remedied')}</td><th role="rowheader" scope="row" class="name"><bdi>${title}</bdi>${told === '' ? null : html` <span class="note">${told}</span>`}</th><td role="cell" class="num target">${target}</td><td role="cell" class="num actual">${was}<b>${actual}</b></td><td role="cell" class="num n">${n}</td><td role="cell" class="num interval">${interval}</td><td role="cell" class="strips">${sloStrip(slo, healed)}</td></tr>`;
}

function groupsOf(slos: readonly JudgedSlo[], healed: ReadonlyMap<string, SloShift>): readonly Group[] {
  const badness = ({ id, verdict }: JudgedSlo): number => (healed.has(id) ? WORST_FIRST.length - 1.5 : WORST_FIRST.indexOf(verdict));
  const groups = new Map<string, JudgedSlo[]>();
  for (const slo of slos) {
    const name = groupName(slo);
    const members = groups.get(name);
    if (members === undefined) groups.set(name, [slo]);
    else members.push(slo);
  }
  const worst = (members: readonly JudgedSlo[]): number => Math.min(...members.map(badness));
  return [...groups]
    .map(([name, members]) => ({ name, slos: [...members].sort((a, b) => badness(a) - badness(b) || SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)) }))
    .sort((a, b) => worst(a.slos) - worst(b.slos));
}

function groupName({ aggregate, unit }: JudgedSlo): string {
  if (aggregate === 'count') return 'Counts';
  switch (unit) {
    case 'ratio':
      return 'Quality';
    case 'ms':
    case 's':
      return 'Latency';
    case 'count':
    case 'dB':
      return 'Other';
    case 'bytes':
    case 'Wh':
    case 'celsius':
      return 'Resources';
  }
}
