import type { RunReport } from '../events/report.js';
import { durationWords, plural } from '../wording/words.js';
import { html, join, NOTHING, raw, type Markup } from './markup.js';
import type { ChangeMoment, RowSpan, RunFacts, ScenarioTime } from './run-facts.js';
import { scaleOfTime, type Scale } from './scale.js';

const MOST_SCENARIOS = 60;
/** Rows at the same time are drawn under each other, up to so many. */
const MOST_DEEP = 4;
/** The drawing is so many units wide: about two a pixel on a wide page. Rows nearer than that are drawn as one. */
const WIDTH = 2_000;
const ROW_HEIGHT = 7;
const LANE_PAD = 6;

/** The run in time: one lane a scenario with its rows, waits for locks dashed, failed rows marked, the phases above; a change of the system is a line through all lanes. */
export function timeLine(report: RunReport, facts: RunFacts): Markup {
  const scale = scaleOfTime(Math.max(report.duration_ms, facts.lastMs));
  const lanes = facts.times.filter(({ rows, waits }) => rows.length + waits.length > 0);
  if (lanes.length === 0) return html`<p class="empty">No row of a scenario was started.</p>`;
  const titles = new Map(report.scenarios.map(({ id, title }) => [id, title]));
  const drawn = lanes.slice(0, MOST_SCENARIOS).map((lane) => laneOf(lane, titles.get(lane.scenario) ?? '', scale, facts.changes));
  const more = lanes.length > MOST_SCENARIOS ? html`<p class="fine">${lanes.length - MOST_SCENARIOS} more scenarios are in the table of scenarios.</p>` : NOTHING;
  return html`<div class="card timeline">${phasesOf(report, scale)}${changesOf(facts.changes, scale)}<ul class="lanes">${join(drawn)}</ul>${axisOf(scale)}</div>${more}
<p class="fine key"><span class="k passed"></span>passed <span class="k failed"></span>failed <span class="k error"></span>error <span class="k skipped"></span>skipped or cancelled <span class="k wait"></span>waited for a lock${facts.changes.length === 0 ? null : html` <span class="k change"></span>change`}</p>`;
}

function phasesOf({ phases }: RunReport, scale: Scale): Markup {
  const taken: { readonly from: number; readonly to: number }[] = [];
  // The longest phases get their word first; one that would lie on another word is left out, and its line stays.
  const worded = new Set([...phases].sort((a, b) => b.duration_ms - a.duration_ms).filter(({ started_ms }) => {
    const { from, to } = spanOfWord(scale.place(started_ms));
    const free = taken.every((each) => to <= each.from || from >= each.to);
    if (free) taken.push({ from, to });
    return free;
  }));
  const marks = phases.map((phase) => {
    const at = scale.place(phase.started_ms);
    const ends = at > 100 - WORD_WIDTH;
    return html`<line x1="${at}%" x2="${at}%" y1="0" y2="16"/>${worded.has(phase) ? html`<text x="${at}%" dx="${ends ? -4 : 4}" y="11" text-anchor="${ends ? 'end' : 'start'}">${phase.phase}</text>` : null}`;
  });
  return html`<div class="lane phases"><span class="lane-name"></span><svg width="100%" height="16" role="img" aria-label="phases: ${phases.map(({ phase, started_ms }) => `${phase} from ${durationWords(started_ms)}`).join(', ')}">${join(marks)}</svg></div>`;
}

/** Room for the name of a phase, in per cent of the width. */
const WORD_WIDTH = 16;

function spanOfWord(at: number): { readonly from: number; readonly to: number } {
  return at > 100 - WORD_WIDTH ? { from: at - WORD_WIDTH, to: at } : { from: at, to: at + WORD_WIDTH };
}

/** A long name of a change is cut in the drawing; the card of the change has it whole. */
const MOST_SIGNS = 34;

/** What was changed and when, one line of text each; the lines go on through the lanes. */
function changesOf(changes: readonly ChangeMoment[], scale: Scale): Markup {
  if (changes.length === 0) return NOTHING;
  const height = changes.length * 16;
  const marks = changes.map(({ atMs, kind, what }, index) => {
    const at = scale.place(atMs);
    const signs = [...what];
    const text = `${kind === 'undone' ? 'undone: ' : ''}${signs.length > MOST_SIGNS ? `${signs.slice(0, MOST_SIGNS - 1).join('')}…` : what}`;
    return html`<line class="change ${kind}" x1="${at}%" x2="${at}%" y1="${index * 16}" y2="${height}"/><text class="change ${kind}" x="${at}%" dx="${at > 50 ? -5 : 5}" y="${index * 16 + 12}" text-anchor="${at > 50 ? 'end' : 'start'}">${text}</text>`;
  });
  return html`<div class="lane moments"><span class="lane-name quiet">${changes.length === 1 ? 'change' : 'changes'}</span><svg width="100%" height="${height}" role="img" aria-label="${changes.map(({ atMs, kind, what }) => `${kind === 'undone' ? 'undone: ' : ''}${what} after ${durationWords(atMs)}`).join(', ')}">${join(marks)}</svg></div>`;
}

function axisOf(scale: Scale): Markup {
  const ticks = scale.ticks.map((tick) => html`<text x="${scale.place(tick)}%" y="12" text-anchor="${tick === 0 ? 'start' : scale.place(tick) > 96 ? 'end' : 'middle'}">${clock(tick, scale.to)}</text>`);
  return html`<div class="lane time-axis" aria-hidden="true"><span class="lane-name"></span><svg width="100%" height="16" focusable="false">${join(ticks)}</svg></div>`;
}

/** `0`, `15 s`, `1:30`, `1:02:00`: one way for the whole axis. */
function clock(ms: number, mostMs: number): string {
  if (ms === 0) return '0';
  if (mostMs < 1_000) return `${ms} ms`;
  if (mostMs < 120_000) return `${ms / 1_000} s`;
  const seconds = Math.round(ms / 1_000);
  const two = (value: number): string => String(value).padStart(2, '0');
  return mostMs < 7_200_000 ? `${Math.floor(seconds / 60)}:${two(seconds % 60)}` : `${Math.floor(seconds / 3_600)}:${two(Math.floor((seconds % 3_600) / 60))}:${two(seconds % 60)}`;
}

function laneOf({ scenario, rows, waits }: ScenarioTime, title: string, scale: Scale, changes: readonly ChangeMoment[]): Markup {
  const { levels, placed } = pack(rows);
  const height = levels * ROW_HEIGHT + LANE_PAD * 2;
  const toUnits = (ms: number): number => Math.round((scale.place(ms) / 100) * WIDTH);
  const paths = new Map<string, string[]>();
  for (const { from, to, level, outcome } of merged(placed, toUnits)) {
    const y = LANE_PAD + level * ROW_HEIGHT;
    // The mark of a failure is higher than a bar, so that it is not told by colour alone.
    const bad = outcome === 'failed' || outcome === 'error';
    const shape = bad ? `M${from} ${y - 3}H${to}V${y + ROW_HEIGHT + 1}H${from}z` : `M${from} ${y}H${to}V${y + ROW_HEIGHT - 2}H${from}z`;
    const known = paths.get(outcome) ?? [];
    known.push(shape);
    paths.set(outcome, known);
  }
  const bars = ORDER.flatMap((outcome) => (paths.has(outcome) ? [html`<path class="${outcome}" d="${raw((paths.get(outcome) ?? []).join(''))}"/>`] : []));
  const waited = waits.map(({ startMs, endMs }) => html`<line class="wait" x1="${scale.place(startMs)}%" x2="${scale.place(endMs)}%" y1="${height / 2}" y2="${height / 2}"/>`);
  const grid = scale.ticks.map((tick) => html`<line class="grid" x1="${scale.place(tick)}%" x2="${scale.place(tick)}%" y1="0" y2="${height}"/>`);
  const moments = changes.map(({ atMs, kind }) => html`<line class="change ${kind}" x1="${scale.place(atMs)}%" x2="${scale.place(atMs)}%" y1="0" y2="${height}"/>`);
  const once = rows.filter(({ again }) => !again);
  const bad = badOf(once);
  const againWords = once.length === rows.length ? '' : `again: ${badOf(rows) === bad ? `${rows.length - once.length} passed` : `${badOf(rows) - bad} of ${rows.length - once.length} failed`}`;
  const first = rows.reduce((least, { startMs }) => Math.min(least, startMs), Infinity);
  const last = rows.reduce((most, { endMs }) => Math.max(most, endMs), 0);
  const told = rows.length === 0 ? 'waited, no row was started' : `${plural(once.length, 'row')}, ${bad} failed${againWords === '' ? '' : `, ${againWords}`}, from ${durationWords(first)} to ${durationWords(last)}`;
  return html`<li class="lane"><span class="lane-name" title="${title}"><bdi>${scenario}</bdi>${bad > 0 ? html` <b class="bad">${bad} of ${once.length} failed</b>` : html` <span class="quiet">${once.length}</span>`}${againWords === '' ? null : html` <span class="quiet">${againWords}</span>`}</span><svg width="100%" height="${height}" role="img" aria-label="${scenario}: ${told}">${join(grid)}${join(waited.slice(0, 100))}<svg viewBox="0 0 ${WIDTH} ${height}" preserveAspectRatio="none" width="100%" height="${height}">${join(bars)}</svg>${join(moments)}</svg></li>`;
}

function badOf(rows: readonly RowSpan[]): number {
  return rows.filter(({ outcome }) => outcome === 'failed' || outcome === 'error').length;
}

/** Failures last: they are drawn on top. */
const ORDER: readonly RowSpan['outcome'][] = ['passed', 'skipped', 'cancelled', 'open', 'failed', 'error'];

interface PlacedRow extends RowSpan {
  readonly level: number;
}

/** Rows that overlap in time lie on levels of their own; what is deeper than the deepest level lies on it. */
function pack(rows: readonly RowSpan[]): { readonly levels: number; readonly placed: readonly PlacedRow[] } {
  const ends: number[] = [];
  const placed = [...rows]
    .sort((a, b) => a.startMs - b.startMs || a.row - b.row)
    .map((row) => {
      const free = ends.findIndex((end) => end <= row.startMs);
      const level = free >= 0 ? free : Math.min(ends.length, MOST_DEEP - 1);
      ends[level] = Math.max(ends[level] ?? 0, row.endMs);
      return { ...row, level };
    });
  return { levels: Math.max(1, ends.length), placed };
}

interface Bar {
  readonly from: number;
  to: number;
  readonly level: number;
  readonly outcome: RowSpan['outcome'];
}

/** Bars of equal outcome that would touch on the screen become one, so that the drawing does not grow with the rows. */
function merged(rows: readonly PlacedRow[], toUnits: (ms: number) => number): readonly Bar[] {
  const open = new Map<string, Bar>();
  const bars: Bar[] = [];
  for (const { startMs, endMs, level, outcome } of rows) {
    const from = toUnits(startMs);
    const to = Math.max(from + 3, toUnits(endMs) - 2);
    const key = `${level} ${outcome}`;
    const before = open.get(key);
    if (before !== undefined && from <= before.to + 1) {
      before.to = Math.max(before.to, to);
      continue;
    }
    const bar = { from, to, level, outcome };
    open.set(key, bar);
    bars.push(bar);
  }
  return bars;
}
