import type { RunStart } from '../events/event.js';
import type { RunReport } from '../events/report.js';
import { rerunCommand } from '../events/shell.js';
import type { JudgedSlo, Verdict } from '../model/slo.js';
import { groupByCause } from '../wording/causes.js';
import { changeText, proposalText, undoCommand } from '../wording/remedies.js';
import { plural, sloCells } from '../wording/words.js';
import { causeTitle } from './failure-words.js';
import { html, join, type Markup } from './markup.js';
import { mark, type State } from './marks.js';

/** One thing that a person has to do, with the command that does it or shows more. */
export interface ToDo {
  readonly state: State;
  readonly what: string;
  readonly why: string;
  readonly command: string | null;
}

/** So many things are told in the box; the rest stand below in their sections. */
const MOST = 6;

/** What a person has to do, the most pressing first: what a run that needs a human asks for, what kept it from starting, proposals, failed SLOs, failures, missing data, undecided SLOs, the rest. */
export function toDos(report: RunReport, start: RunStart | undefined): readonly ToDo[] {
  const command = (slo: JudgedSlo): string => commandOf(slo, report, start);
  const of = (verdict: Verdict): readonly JudgedSlo[] => report.slos.filter((slo) => slo.verdict === verdict);
  const startable = report.outcome !== 'could-not-run';
  const failed = of('fail');
  const manual = report.manual_actions.filter(({ what }) => !failed.some(({ title }) => what.startsWith(`${title}: `))).map((each): ToDo => ({ state: 'needs-you', what: each.what, why: '', command: each.command }));
  const pressing = report.outcome === 'needs-human';
  return [
    ...(pressing ? manual : []),
    ...report.preflight
      .filter(({ outcome }) => outcome !== 'passed' && outcome !== 'skipped')
      .map(({ step, error }): ToDo => ({ state: 'error', what: `Make preflight ${step} hold.`, why: sentence(error?.hint ?? error?.message ?? ''), command: `realops run ${report.suite_argument}` })),
    ...report.remediations.filter(({ state }) => state === 'proposed').map((change): ToDo => ({ state: 'needs-you', what: `Allow or leave it: ${proposalText(change)}.`, why: sentence(`${change.cause}; ${change.why}`), command: change.command })),
    ...(report.torn ? [{ state: 'inconclusive', what: 'Run it again.', why: 'The log ends before the run does; nothing after that is known.', command: `realops run ${report.suite_argument}` } as const] : []),
    ...failed.map((slo): ToDo => ({ state: 'fail', what: `${slo.title} is ${sloCells(slo).actual}.`, why: `${sloCells(slo).target} is asked${slo.proven ? '; proven' : ''}.`, command: command(slo) })),
    ...groupByCause(report.scenarios).map((cause): ToDo => ({ state: cause.example.outcome === 'error' ? 'error' : 'fail', what: `${causeTitle(cause.example)}.`, why: `${plural(cause.failures.length, 'failure')}, first in row ${cause.example.row} of ${cause.example.scenario}.`, command: cause.example.command })),
    ...(startable ? of('error').map((slo): ToDo => ({ state: 'error', what: `${slo.title} could not be judged.`, why: sentence(slo.note), command: command(slo) })) : []),
    ...(startable ? of('no-data').map((slo): ToDo => ({ state: 'none', what: `${slo.title} was not measured.`, why: whyNoData(slo, report, start), command: command(slo) })) : []),
    ...(startable ? of('inconclusive').map((slo): ToDo => ({ state: 'inconclusive', what: `${slo.title} is undecided.`, why: slo.needed === null ? sentence(slo.note) : `${slo.samples} samples are too few; it takes ${slo.needed}.`, command: command(slo) })) : []),
    ...(pressing ? [] : manual),
    ...report.remediations.filter(({ state }) => state === 'kept').map((change): ToDo => ({ state: 'remedied', what: `Keep ${changeText(change)}, or take it back.`, why: '', command: undoCommand(change, report) })),
  ];
}

/** The box beside the verdict. */
export function toDoBox(items: readonly ToDo[]): Markup {
  const list = items.slice(0, MOST).map(
    ({ state, what, why, command }) => html`<li>${mark(state)}<div><p><b>${what}</b> ${why}</p>${command === null ? null : html`<code class="cmd">${command}</code>`}</div></li>`,
  );
  const rest = items.length > MOST ? html`<p class="more">and ${items.length - MOST} more in the sections below</p>` : null;
  const body = items.length === 0 ? html`<p class="none">Nothing. Everything asked for held.</p>` : html`<ul>${join(list)}</ul>${rest}`;
  return html`<section class="todo" aria-labelledby="todo"><h2 id="todo">For you to do</h2>${body}</section>`;
}

/** The command that measures an SLO again: its scenarios when it names them, else the suite. */
function commandOf(slo: JudgedSlo, { suite_argument: suite }: RunReport, start: RunStart | undefined): string {
  const [scenario, ...others] = scenariosOf(slo, start);
  return scenario === undefined || others.length > 0 ? `realops run ${suite}` : rerunCommand(suite, scenario);
}

function scenariosOf({ id }: JudgedSlo, start: RunStart | undefined): readonly string[] {
  return start?.slos.find((each) => each.id === id)?.where['scenario'] ?? [];
}

/** Why there is no data: the rows that were skipped or broke say it better than the judge. */
function whyNoData(slo: JudgedSlo, { scenarios }: RunReport, start: RunStart | undefined): string {
  const named = scenariosOf(slo, start);
  const reasons = scenarios.filter(({ id }) => named.includes(id)).flatMap(({ skipped }) => skipped.map(({ reason, rows }) => `${plural(rows, 'row')} skipped: ${reason}`));
  return reasons.length > 0 ? sentence(reasons.slice(0, 2).join('; ')) : sentence(slo.note);
}

function sentence(text: string | null): string {
  if (text === null || text === '') return '';
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
