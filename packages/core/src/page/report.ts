import { createHash } from 'node:crypto';
import type { RunEvent } from '../events/event.js';
import type { RunReport } from '../events/report.js';
import type { Verdict } from '../model/slo.js';
import { groupByCause } from '../wording/causes.js';
import { healedSlos } from '../wording/issues.js';
import { durationWords, outcomeWord } from '../wording/words.js';
import { breakdownsOf } from './breakdown.js';
import { chartCards } from './charts.js';
import { closeUps, placePictures } from './close-ups.js';
import { curveCharts, flatWords } from './curves.js';
import { eventLog } from './event-log.js';
import { failureGroups } from './failures.js';
import { heaviestRows } from './heaviest-rows.js';
import { createEventKeeper, type KeptEvents } from './kept-events.js';
import { latencyCharts } from './latency.js';
import { html, join, NOTHING, raw, type Content, type Markup } from './markup.js';
import { badge, mark, OUTCOME_STATES, VERDICT_STATES } from './marks.js';
import { PATTERNS } from './picture.js';
import { qualityCharts } from './quality.js';
import { hasRemedies, remedies } from './remedies.js';
import { createFacts, type RunFacts } from './run-facts.js';
import { SCRIPT } from './script.js';
import { sloTable } from './slo-table.js';
import { STYLE } from './style.js';
import { metricTable, phaseTable, preflightTable, scenarioTable, warningTable } from './tables.js';
import { timeLine } from './time-line.js';
import { toDoBox, toDos } from './to-do.js';
import { verdictDetail, verdictSentence } from './verdict.js';

/** Limits of a page; those of {@link createEventKeeper} when left out. */
export interface PageOptions {
  /** The most events that are carried, and the most characters of them. */
  readonly bounds?: { readonly events: number; readonly characters: number };
}

/** The page of a run from its report and all its events: one HTML document that loads nothing. The same input gives the same text. */
export function renderReport(report: RunReport, events: Iterable<RunEvent>, options: PageOptions = {}): string {
  const facts = createFacts();
  const keeper = createEventKeeper(options.bounds);
  for (const event of events) {
    facts.on(event);
    keeper.on(event);
  }
  return composeReport(report, facts.facts(), keeper.kept());
}

interface Part {
  readonly id: string;
  readonly name: string;
  /** Shown beside the name in the navigation. */
  readonly count?: number;
  readonly body: Markup;
}

/** The page from what was gathered while the events passed. Every part is in the document as it is; the script only adds to it. */
export function composeReport(report: RunReport, facts: RunFacts, kept: KeptEvents): string {
  const parts = partsOf(report, facts, kept);
  const state = report.torn ? 'inconclusive' : OUTCOME_STATES[report.outcome];
  const policy = `default-src 'none'; style-src '${hashOf(STYLE)}'; script-src '${hashOf(SCRIPT)}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return html`${raw('<!doctype html>')}
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${raw(policy)}"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><meta name="generator" content="realops ${report.engine}"><title>${outcomeWord(report)} · ${report.suite} · ${report.run_id}</title><link rel="icon" href="data:image/svg+xml,${raw(ICON)}"><style>${raw(STYLE)}</style></head>
<body><a class="skip" href="#main">Skip to the SLOs</a>
<header><div class="wide"><div class="meta"><b><bdi>${report.suite}</bdi></b><span class="env ${report.environment}">${report.environment}</span><span>run ${report.run_id}</span><span>${timeWords(report)}</span><span>${durationWords(report.duration_ms)}</span><span>realops ${report.engine}</span></div>
<div class="top"><div class="verdict">${mark(state, 28)}<h1 id="verdict" data-outcome="${report.outcome}">${verdictSentence(report)}</h1><p class="detail">${verdictDetail(report)}</p>${countBadges(report)}</div>${toDoBox(toDos(report, facts.start))}</div></div></header>
<nav aria-label="sections"><div class="wide"><ul>${join(parts.map(({ id, name, count }) => html`<li><a href="#${id}">${name}${count === undefined || count === 0 ? null : html`<sup>${count}</sup>`}</a></li>`))}</ul></div></nav>
${facts.pictures.failed.length + facts.pictures.passed.length > 0 ? PATTERNS : null}<main id="main" class="wide">${join(parts.map(({ id, name, body }) => html`<section class="part" id="${id}" aria-labelledby="${id}-name"><h2 id="${id}-name">${name}</h2>${body}</section>`), '\n')}</main>
<footer class="wide"><p>Made by realops ${report.engine} from log.jsonl of run ${report.run_id}; <code>realops replay log.jsonl</code> makes this page again, byte for byte. It loads nothing from the network. Outcome: ${outcomeWord(report)}, ${report.reason}. Seed ${report.seed}, concurrency ${report.concurrency}.</p></footer>
<script>${raw(SCRIPT)}</script></body></html>
`.markup;
}

function partsOf(report: RunReport, facts: RunFacts, kept: KeptEvents): readonly Part[] {
  const unstarted = report.outcome === 'could-not-run';
  const latency = latencyCharts(report, facts);
  const quality = qualityCharts(report, facts);
  const breakdowns = breakdownsOf(report, facts.series).filter(({ axis }) => axis !== null);
  const flat = flatWords(breakdowns);
  const curves = curveCharts(breakdowns, report, facts);
  const causes = groupByCause(report.scenarios);
  const pictures = placePictures(causes, facts.pictures);
  const hasCloseUps = pictures.closeUps.length > 0 || pictures.left > 0;
  const preflight: Part = { id: 'preflight', name: 'Preflight', body: html`<p class="lede">All must hold, or nothing is run.</p>${preflightTable(report)}` };
  const notReached = html`<p class="empty">Not reached: ${report.reason}.</p>`;
  const when = (condition: boolean, part: () => Part): readonly Part[] => (condition ? [part()] : []);
  const slos: Part = { id: 'slos', name: 'SLOs', count: report.slos.length, body: sloTable(report, facts.start?.slos ?? []) };
  return [
    ...when(unstarted && report.preflight.length > 0, () => preflight),
    slos,
    ...when(hasRemedies(report), () => ({ id: 'remedies', name: 'Remedies', count: report.remediations.length, body: remedies(report) })),
    { id: 'failures', name: 'Failures', count: causes.length, body: unstarted ? notReached : html`${failureGroups(report, causes, pictures.atFailures)}${heaviestRows(report, facts)}` },
    ...when(hasCloseUps, () => ({ id: 'close-ups', name: 'Close-ups', body: closeUps(pictures, report) })),
    { id: 'time', name: 'Time line', body: unstarted ? notReached : timeLine(report, facts) },
    ...when(latency.length > 0, () => ({ id: 'latency', name: 'Latency', body: chartCards(latency, 'Grey is the distribution of the samples, the thin line P50, the thick line P95, dashed the limit of an SLO.') })),
    ...when(quality.length > 0, () => ({ id: 'quality', name: 'Quality', body: chartCards(quality, 'Pooled over all samples of a condition, with the 95 % interval by linearisation; dashed is the limit of an SLO. The table of SLOs resamples, so its intervals may differ a little.') })),
    ...when(curves.length > 0, () => ({ id: 'curves', name: 'Curves', body: html`${chartCards(curves, 'Each metric over the values of a label, a line for each other condition; whiskers are 95 % intervals, dashed is the limit of an SLO where it is set.')}${flat === null ? null : html`<p class="fine">The same under all conditions: ${flat}.</p>`}` })),
    { id: 'scenarios', name: 'Scenarios', count: report.scenarios.length, body: scenarioTable(report) },
    { id: 'measurements', name: 'Measurements', body: metricTable(report) },
    ...when(!unstarted && report.preflight.length > 0, () => preflight),
    { id: 'phases', name: 'Phases', body: phaseTable(report) },
    ...when(report.warnings.length > 0, () => ({ id: 'warnings', name: 'Warnings', count: report.warnings.length, body: warningTable(report) })),
    { id: 'events', name: 'Events', body: eventLog(kept, report.events) },
  ];
}

const COUNTED: readonly (readonly [Verdict, string])[] = [['fail', 'FAIL'], ['error', 'error'], ['inconclusive', 'inconclusive'], ['no-data', 'without data'], ['pass', 'pass']];

function countBadges(report: RunReport): Content {
  if (report.slos.length === 0) return NOTHING;
  const healed = healedSlos(report).size;
  const counts = { ...report.counts, pass: report.counts.pass - healed };
  const remedied = healed === 0 ? NOTHING : badge('remedied', `${healed} remedied`);
  return html`<p class="counts">${remedied}${join(COUNTED.filter(([verdict]) => counts[verdict] > 0).map(([verdict, word]) => badge(VERDICT_STATES[verdict], `${counts[verdict]} ${word}`)))}</p>`;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Mon 23 Nov 2026, 14:12:03 – 14:15:15 UTC`, whatever the locale of the machine. */
function timeWords({ started, ended }: RunReport): string {
  const date = new Date(started);
  if (Number.isNaN(date.getTime())) return started;
  const day = `${DAYS[date.getUTCDay()] ?? ''} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()}`;
  const end = ended.slice(0, 10) === started.slice(0, 10) ? ended.slice(11, 19) : ended.slice(0, 19).replace('T', ' ');
  return `${day}, ${started.slice(11, 19)} – ${end} UTC`;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

const ICON = '%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E%3Crect width=%2216%22 height=%2216%22 rx=%223.5%22 fill=%22%2316191d%22/%3E%3Cpath d=%22M11 3v10M3 8h5%22 stroke=%22%23fff%22 stroke-width=%221.6%22/%3E%3Ccircle cx=%227%22 cy=%228%22 r=%222%22 fill=%22%234fcbae%22/%3E%3C/svg%3E';
