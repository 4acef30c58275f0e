import type { Failure, RunReport } from '../events/report.js';
import { formatValue } from '../metrics/format.js';
import { placesOf, type Cause } from '../wording/causes.js';
import { differenceOf } from '../wording/evidence.js';
import { plainJson } from '../text/plain.js';
import { durationWords, plural } from '../wording/words.js';
import { isJsonObject } from '../text/index.js';
import { causeTitle } from './failure-words.js';
import { picturesAtFailure, type PlacedPictures } from './close-ups.js';
import { html, join, NOTHING, type Markup } from './markup.js';
import { mark } from './marks.js';
import { changeWords, diffLines, wordDiff } from './word-diff.js';

const MOST_CAUSES = 50;
/** So many of the other failures of a cause are listed with their command. */
const MOST_LISTED = 30;

/** Failed steps grouped by cause, the most frequent first and open; each told by its first failure in full, with what the steps of that row drew. */
export function failureGroups(report: RunReport, causes: readonly Cause[], pictures: PlacedPictures['atFailures']): Markup {
  if (causes.length === 0) return html`<p class="empty">No step failed.</p>`;
  const total = causes.reduce((count, { failures }) => count + failures.length, 0);
  const more = causes.length > MOST_CAUSES ? html`<p class="fine">${causes.length - MOST_CAUSES} more causes are in result.json.</p>` : NOTHING;
  return html`<p class="lede">${plural(total, 'failed step')}, ${causes.length === 1 ? 'one cause' : `${causes.length} causes`}. Each is told by its first failure.</p>${join(causes.slice(0, MOST_CAUSES).map((cause, index) => group(cause, report, pictures, index === 0)))}${more}`;
}

function group(cause: Cause, report: RunReport, pictures: PlacedPictures['atFailures'], open: boolean): Markup {
  const { example, failures } = cause;
  const drawn = pictures.get(example);
  const state = example.outcome === 'error' ? 'error' : 'fail';
  return html`<details class="card cause"${open ? html` open` : null}><summary><span class="count ${state}">${mark(state, 14)}${failures.length}</span> <span class="cause-title">${causeTitle(example)}</span></summary><div class="cause-body"><p>${sharesOf(cause, report)}</p>${transcripts(example)}${evidence(example)}${drawn === undefined ? null : picturesAtFailure(drawn, example)}<p class="again"><code class="cmd">${example.command}</code></p>${payload(example)}${others(cause)}</div></details>`;
}

/** `7 of 60 rows of asr_cafe, 2 of 10 of asr_rain; none of the 416 rows of other scenarios`: what sets these rows apart. */
function sharesOf({ failures, scenarios }: Cause, report: RunReport): string {
  const rowsIn = (id: string): number => new Set(failures.filter(({ scenario }) => scenario === id).map(({ row }) => row)).size;
  const totalOf = (id: string): number => report.scenarios.find((each) => each.id === id)?.rows.total ?? 0;
  const hit = scenarios.slice(0, 4).map((id) => `${rowsIn(id)} of ${plural(totalOf(id), 'row')} of ${id}`);
  const more = scenarios.length > 4 ? ` and rows of ${scenarios.length - 4} more scenarios` : '';
  const other = report.scenarios.filter(({ id }) => !scenarios.includes(id)).reduce((count, { rows }) => count + rows.total, 0);
  return `${hit.join(', ')}${more}${other > 0 ? `; none of the ${plural(other, 'row')} of other scenarios` : ''}.`;
}

/** What was meant and what was heard, when the step was given a reference and gave a text. */
function transcripts({ sent, received }: Failure): Markup {
  const meant = isJsonObject(sent) ? sent['reference'] : undefined;
  const heard = isJsonObject(received) ? received['text'] : undefined;
  if (typeof meant !== 'string' || typeof heard !== 'string') return NOTHING;
  const changes = wordDiff(meant, heard);
  const lines = changes === null ? { meant: html`${meant}`, heard: html`${heard}` } : diffLines(changes);
  const words = changes === null ? '' : changeWords(changes);
  return html`<dl class="words"><dt>Meant</dt><dd><bdi>${lines.meant}</bdi></dd><dt>Heard</dt><dd>${heard.trim() === '' ? html`<span class="quiet">nothing</span>` : html`<bdi>${lines.heard}</bdi>`}${words === '' ? null : html` <span class="note">${words}</span>`}</dd></dl>`;
}

function evidence(failure: Failure): Markup {
  const { source, scenario, row, step, use, phase, error, duration_ms, attempts, trace_id, timestamp, at_ms } = failure;
  const broken = failure.expectations.filter(({ held }) => !held).map((each) => differenceOf(each));
  const phaseWords = phase === 'steps' ? '' : `, in ${phase}`;
  return html`<dl class="facts"><dt>Where</dt><dd><code>${source.file}:${source.line}:${source.column}</code> scenario <bdi>${scenario}</bdi>, row ${row}, step <bdi>${step}</bdi> (${use}${phaseWords})</dd>${join(broken.map(({ expected, got }) => html`<dt>Expected</dt><dd class="pair"><code>${expected}</code> <span class="quiet">got</span> <code class="got">${got}</code></dd>`))}${broken.length > 0 ? null : html`<dt>Error</dt><dd>${error.message}</dd>`}<dt>Code</dt><dd><code>${error.code}</code></dd>${error.hint === null ? null : html`<dt>Hint</dt><dd>${error.hint}</dd>`}<dt>Timing</dt><dd>${formatValue(duration_ms, 'ms')}, ${plural(attempts, 'attempt')}, ${durationWords(at_ms)} into the run (${timestamp.slice(11, 23)} UTC)</dd><dt>Trace</dt><dd data-find="${trace_id}" data-find-name="row ${row} of ${scenario}"><code>${trace_id}</code> </dd></dl>`;
}

function payload({ sent, received }: Failure): Markup {
  if (sent === null && received === null) return NOTHING;
  const block = (name: string, value: Failure['sent']): Markup => (value === null ? NOTHING : html`<div><h3 class="small">${name}</h3><pre tabindex="0" role="group" aria-label="${name}">${pretty(value)}</pre></div>`);
  return html`<details class="inner"><summary>What was sent and received</summary><div class="payload">${block('Sent', sent)}${block('Received', received)}</div></details>`;
}

function pretty(value: Failure['sent']): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return text.length <= 4_000 ? text : `${text.slice(0, 4_000)}…`;
}

function others(cause: Cause): Markup {
  const rest = cause.failures.slice(1);
  if (rest.length === 0) return NOTHING;
  const rows = rest.slice(0, MOST_LISTED).map((failure) => html`<tr><td><bdi>${failure.scenario}</bdi></td><td class="num">${failure.row}</td><td>${gotOf(failure)}</td><td><code>${failure.command}</code></td></tr>`);
  const more = rest.length > MOST_LISTED ? html`<p class="fine">and ${rest.length - MOST_LISTED} more: ${placesOf(cause)}</p>` : NOTHING;
  return html`<details class="inner"><summary>${plural(rest.length, 'more failure')} of this kind</summary><div class="scroll" tabindex="0" role="group" aria-label="more failures of this kind"><table><thead><tr><th scope="col">Scenario</th><th scope="col" class="num">Row</th><th scope="col">Got</th><th scope="col">Run again</th></tr></thead><tbody>${join(rows)}</tbody></table></div>${more}</details>`;
}

/** What came of a failure, short: its text, the values of its broken expectations, or its error. */
function gotOf({ received, expectations, error }: Failure): string {
  if (isJsonObject(received) && typeof received['text'] === 'string') return `“${received['text'].slice(0, 120)}”`;
  const broken = expectations.find(({ held }) => !held);
  return broken === undefined ? error.message.slice(0, 160) : plainJson(broken.got, 160);
}
