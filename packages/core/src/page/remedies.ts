import type { AlertReport, RemediationReport, RunReport } from '../events/report.js';
import type { SloShift } from '../events/remedy-event.js';
import type { Diagnosed } from '../model/remedy.js';
import { fileLink } from '../wording/file-link.js';
import { treatmentsOf, type Treatment } from '../wording/issues.js';
import { beforeAfter, causeText, evidenceTexts, REMEDY_WORDS, shiftValues, sideValue, undoCommand, undoWords } from '../wording/remedies.js';
import { unitsOf, type Units } from '../wording/units.js';
import { sloCells, VERDICT_WORDS } from '../wording/words.js';
import { html, join, NOTHING, type Content, type Markup } from './markup.js';
import { badge, REMEDY_STATES, VERDICT_STATES, type State } from './marks.js';
import { shiftStrip, stripAxis } from './slo-strip.js';
import { plainTable } from './tables.js';

/** Whether there is anything to tell of causes, changes and alerts. */
export function hasRemedies({ diagnoses, remediations, held, alerts, incidents, diagnostics }: RunReport): boolean {
  return diagnoses.length + remediations.length + held.length + alerts.length + incidents.length + diagnostics.length > 0;
}

/** What was found and done: a card for each change, one for each cause for which nothing was changed, and the alerts. */
export function remedies(report: RunReport): Markup {
  const units = unitsOf(report);
  const cards = treatmentsOf(report).flatMap((treatment) => cardsOf(treatment, report, units));
  const alerts = report.alerts.length === 0 ? NOTHING : html`<h3 class="between">Alerts</h3>${alertTable(report.alerts)}`;
  return html`<p class="lede">At most one change a run, journaled before it is made and read back after. What failed runs again: the change stays when it holds, and is undone when it does not.</p>${join(cards)}${alerts}${incidentTable(report)}`;
}

function cardsOf({ diagnosis, changes, held }: Treatment, report: RunReport, units: Units): readonly Markup[] {
  const reasons = heldList(held, diagnosis === null);
  if (changes.length === 0) {
    if (diagnosis === null) return [html`<article class="card remedy">${reasons}</article>`];
    const known = diagnosis.diagnosis !== 'unknown';
    const seen = cell('Seen', join(diagnosis.slos.map((id) => seenSlo(id, report))), null);
    return [html`<article class="card remedy"><header>${badge('none', 'nothing done')}<h3>${known ? diagnosis.cause : 'Cause unknown'}</h3>${known ? html`<span class="note">${diagnosis.diagnosis}</span>` : null}</header><dl class="story">${seen}${causeCell(diagnosis, diagnosis.cause, units)}</dl>${reasons}</article>`];
  }
  return changes.map((change, index) => changeCard(change, diagnosis, report, units, index === changes.length - 1 ? reasons : NOTHING));
}

function changeCard(change: RemediationReport, diagnosis: Diagnosed | null, report: RunReport, units: Units, reasons: Markup): Markup {
  const { state, title, remedy, id, shifts, guards, slos, param, action } = change;
  const seen = shifts.length > 0 ? join(shifts.map((shift) => fact(shift.title, sideValue(shift, 'before'), shift.target))) : join(slos.map((slo) => seenSlo(slo, report)));
  const values = beforeAfter(change);
  const drawn = [...shifts.map((shift) => shiftRow(shift, report, '')), ...guards.map((shift) => shiftRow(shift, report, 'guard'))];
  return html`<article class="card remedy" data-change="${id}" data-state="${state}"><header>${badge(REMEDY_STATES[state], REMEDY_WORDS[state])}<h3><bdi>${title}</bdi></h3><span class="note">${remedy}, change ${id}</span></header>
<dl class="story">${cell('Seen', seen, null)}${causeCell(diagnosis, change.cause, units)}${cell(state === 'proposed' ? 'Change, not made' : 'Change', html`<b>${values === '' ? param : values}</b>`, values === '' ? action : `${param}, ${action}`)}${resultCell(change)}</dl>
${drawn.length === 0 ? null : html`<ul class="series shifts"><li class="serie axis" aria-hidden="true"><span></span>${stripAxis()}<span></span></li>${join(drawn)}</ul>`}${reasons}${state === 'aborted' ? null : wayBack(change, report)}</article>`;
}

/** How a change is allowed and how it is taken back. */
function wayBack(change: RemediationReport, report: RunReport): Markup {
  const { state, command, rollback } = change;
  const undo = undoCommand(change, report);
  const allow = state !== 'proposed' || command === null ? null : html`<p class="quiet">Allow exactly this change, once:</p><code class="cmd">${command}</code>`;
  const name = state === 'rolled-back' ? 'Was undone by' : state === 'proposed' ? 'Would be undone by' : 'Rollback';
  return html`<div class="again">${allow}<p class="quiet">${name}: <code>${rollback}</code></p>${undo === null ? null : html`<code class="cmd">${undo}</code>`}</div>`;
}

function cell(name: string, body: Content, under: Content): Markup {
  return html`<div><dt>${name}</dt><dd>${body}${under === null ? null : html`<span class="under">${under}</span>`}</dd></div>`;
}

function fact(name: string, value: string, target: string | null): Markup {
  return html`<span class="fact"><b>${value}</b> <bdi>${name}</bdi>${target === null ? null : html`<span class="under">${target} is asked</span>`}</span>`;
}

function seenSlo(id: string, { slos }: RunReport): Markup {
  const slo = slos.find((each) => each.id === id);
  return slo === undefined ? html`<span class="fact"><bdi>${id}</bdi></span>` : fact(slo.title, sloCells(slo).actual, slo.target);
}

function causeCell(diagnosis: Diagnosed | null, cause: string, units: Units): Markup {
  const evidence = diagnosis === null ? [] : evidenceTexts(diagnosis, units);
  const undecided = diagnosis?.undecided ?? [];
  const body = html`<b>${diagnosis === null ? cause : causeText(diagnosis)}</b>${join(evidence.map((text) => html`<span class="fact">${text}</span>`))}`;
  return cell('Cause', body, undecided.length === 0 ? null : join(undecided.map(({ diagnosis: rule, reason }) => html`<span class="fact"><code>${rule}</code> could not be decided: ${reason}</span>`)));
}

const RESULT_NAMES: { readonly [S in RemediationReport['state']]: string } = {
  proposed: 'Waits', applied: 'Checked', kept: 'Checked', failed: 'Checked', 'rolled-back': 'Checked', aborted: 'Came of it', conflict: 'Came of it',
};

function resultCell({ state, why, shifts, scenarios }: RemediationReport): Markup {
  const values = shifts.map((shift) => fact(shift.title, sideValue(shift, 'after'), null));
  const reason = why === '' ? (state === 'applied' ? 'the run ended before it was validated' : '') : state === 'rolled-back' ? undoWords(why) : why;
  const again = shifts.length === 0 || scenarios.length === 0 ? '' : `ran again: ${scenarios.join(', ')}`;
  return cell(RESULT_NAMES[state], values.length > 0 ? join(values) : html`<b>${REMEDY_WORDS[state]}</b>`, [reason, again].filter((each) => each !== '').join('; ') || null);
}

/** An SLO before and after, drawn on the strip of its limit when the report judges it. */
function shiftRow(shift: SloShift, { slos }: RunReport, role: string): Markup {
  // A guard may be an objective of its own; an SLO with the same one has its limit.
  const limit = slos.find(({ id }) => id === shift.slo) ?? slos.find(({ objective }) => objective === shift.slo || objective === shift.title);
  const { verdict } = shift.after;
  return html`<li class="serie"><span class="serie-name"><bdi>${shift.title}</bdi> <span class="note">${role === '' ? '' : `${role}, `}${shift.target}</span></span>${limit === undefined ? html`<span></span>` : shiftStrip(shift, limit)}<span class="figures">${shiftValues(shift)} ${badge(VERDICT_STATES[verdict], VERDICT_WORDS[verdict])}</span></li>`;
}

function heldList(held: RunReport['held'], alone: boolean): Markup {
  if (held.length === 0) return NOTHING;
  return html`<ul class="held">${join(held.map(({ issue, remedy, why }) => html`<li>${remedy === null ? html`<b>Held</b>${alone ? html` for <bdi>${issue}</bdi>` : null}` : html`<b><bdi>${remedy}</bdi></b> was held`}: ${why}</li>`))}</ul>`;
}

/** The files that were written for whoever looks into it; they lie beside the page. */
function incidentTable({ incidents, diagnostics }: RunReport): Markup {
  if (incidents.length + diagnostics.length === 0) return NOTHING;
  const link = (file: string): Markup => html`<a href="${fileLink(file)}">${file}</a>`;
  const opened = incidents.map(({ title, severity, file }): readonly Content[] => [html`<bdi>${title}</bdi>`, badge(severity === 'critical' ? 'fail' : 'inconclusive', severity), link(file)]);
  const collected = diagnostics.map((file): readonly Content[] => ['Diagnostics', '', link(file)]);
  return html`<h3 class="between">Incidents</h3>${plainTable('incidents', ['What', 'Severity', 'File'], [...opened, ...collected])}`;
}

function alertState({ state, severity }: AlertReport): State {
  return state === 'cleared' ? 'pass' : severity === 'critical' ? 'fail' : 'inconclusive';
}

function alertTable(alerts: readonly AlertReport[]): Markup {
  const rows = alerts.map((alert): readonly Content[] => [html`<bdi>${alert.title}</bdi>`, badge(alertState(alert), alert.state), alert.severity, html`<time>${alert.since.slice(0, 19).replace('T', ' ')}</time>`, alert.message]);
  return plainTable('alerts', ['Alert', 'State', 'Severity', 'Since (UTC)', 'What'], rows);
}
