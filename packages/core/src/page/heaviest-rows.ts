import type { RunReport } from '../events/report.js';
import { rerunCommand } from '../events/shell.js';
import { formatValue } from '../metrics/format.js';
import type { JudgedSlo } from '../model/slo.js';
import { sloCells } from '../wording/words.js';
import { html, join, type Markup } from './markup.js';
import { mark } from './marks.js';
import type { RunFacts } from './run-facts.js';
import { shareOfLimit } from './slo-share.js';
import type { WorstRow } from './worst-rows.js';

/** So many failed SLOs show their rows. */
const MOST = 20;

/** For each SLO that failed, the rows that weigh most against it, with the command that runs each again. */
export function heaviestRows(report: RunReport, facts: RunFacts): Markup {
  const failed = report.slos.filter(({ verdict }) => verdict === 'fail').map((slo) => ({ slo, rows: guiltyRows(slo, facts.worst.get(slo.id) ?? []) }));
  return join(failed.filter(({ rows }) => rows.length > 0).slice(0, MOST).map(({ slo, rows }) => card(slo, rows, report)));
}

/** Each row once, by its worst sample; of a distribution only samples beyond the limit, when there are any (a mean may fail without). */
function guiltyRows(slo: JudgedSlo, worst: readonly WorstRow[]): readonly WorstRow[] {
  const once = worst.filter(({ scenario, row }, index) => worst.findIndex((each) => each.scenario === scenario && each.row === row) === index);
  const beyond = once.filter(({ value, whole }) => value === null || whole !== null || shareOfLimit(value, slo) >= 1);
  return beyond.length > 0 ? beyond : once;
}

function card(slo: JudgedSlo, rows: readonly WorstRow[], report: RunReport): Markup {
  const { title, actual, target } = sloCells(slo);
  const heard = rows.some((row) => row.heard !== null);
  const body = rows.map((row) => html`<tr><td><bdi>${row.scenario}</bdi></td><td class="num">${row.row}</td><td class="num"><b>${valueOf(slo, row)}</b></td>${heard ? html`<td>${row.heard === null ? null : html`“<bdi>${row.heard}</bdi>”`}</td>` : null}<td><code>${rerun(report, row)}</code></td></tr>`);
  return html`<details class="card cause" open><summary><span class="count fail">${mark('fail', 14)}SLO</span> <span class="cause-title"><bdi>${title}</bdi> is ${actual}, ${target} is asked: the rows that weigh most</span></summary><div class="scroll" tabindex="0" role="group" aria-label="rows that weigh most in ${title}"><table><thead><tr><th scope="col">Scenario</th><th scope="col" class="num">Row</th><th scope="col" class="num">${slo.aggregate === 'ratio' ? 'Part' : 'Value'}</th>${heard ? html`<th scope="col">Heard</th>` : null}<th scope="col">Run again</th></tr></thead><tbody>${join(body)}</tbody></table></div></details>`;
}

function valueOf(slo: JudgedSlo, { value, whole }: WorstRow): string | Markup {
  if (value === null) return html`<span class="quiet">none</span>`;
  if (slo.aggregate === 'rate') return value === 1 ? 'yes' : 'no';
  return whole === null ? formatValue(value, slo.unit) : `${value} of ${whole}`;
}

function rerun({ suite_argument, scenarios }: RunReport, { scenario, row }: WorstRow): string {
  const total = scenarios.find(({ id }) => id === scenario)?.rows.total ?? 0;
  return rerunCommand(suite_argument, scenario, total <= 1 ? undefined : row);
}
