import type { PictureDrawn } from '../events/event.js';
import type { Tone } from '../model/picture.js';
import { plural } from '../wording/words.js';
import { html, join, NOTHING, raw, type Markup } from './markup.js';
import { placeLabels, type PlacedLabel } from './picture-labels.js';
import { niceStep } from './scale.js';
import { plainTable } from './tables.js';

type Drawn = Pick<PictureDrawn, 'title' | 'duration_ms' | 'lanes' | 'dropped'>;
type Lane = Drawn['lanes'][number];

/** A piece of the time, as wide as the drawing. */
interface Line {
  readonly from: number;
  readonly to: number;
  readonly isLast: boolean;
  readonly ticks: readonly number[];
  /** Where a time lies, in per cent of the width. */
  place(ms: number): number;
}

/** Something in a lane: a span, or a moment when it begins and ends at once. */
interface Item {
  readonly from: number;
  readonly to: number;
  readonly tone: Tone;
  readonly label: string;
  readonly isMark: boolean;
}

interface NamedLane {
  readonly name: string;
  readonly items: readonly Item[];
}

/** Like music, what is long goes on in a new line: so much time goes into one, unless there would be too many lines. */
const LINE_MS = 20_000;
const MOST_LINES = 6;
/** Pixels: of the part of a lane with its spans, and of a line of text under it. */
const BAND = 22;
const TEXT = 13;
const MOST_TABLE_ROWS = 200;
/** So many things of a lane are told to those who do not see it; the table has all. */
const MOST_TOLD = 8;

/** What a tone says, beside its colour and its look; nothing for what merely happened. */
export const TONE_WORDS: { readonly [T in Tone]: string } = { neutral: '', good: 'as it should be', bad: 'not as it should be', unclear: 'cannot be told', muted: 'in the background' };

/** A picture of a step: lanes over time with a legend, and all of it as a table. `name` tells it from others. */
export function pictureFigure(picture: Drawn, name: string): Markup {
  const lanes = picture.lanes.map((lane) => ({ name: lane.name, items: itemsOf(lane) }));
  const lines = linesOf(picture.duration_ms);
  const drawn = lines.map((line) => scoreLine(lanes, line, lines.length));
  const title = picture.title === '' ? NOTHING : html`<h4>${picture.title}</h4>`;
  return html`<div class="picture">${title}<div class="scroll" tabindex="0" role="group" aria-label="${name}${picture.title === '' ? '' : `: ${picture.title}`}"><div class="score">${join(drawn)}</div></div>${legend(lanes.flatMap(({ items }) => items), picture.dropped)}${table(picture, lanes, name)}</div>`;
}

/** The looks of tones that colour alone does not tell; once in a page. */
export const PATTERNS = html`<svg class="hide" width="0" height="0" aria-hidden="true" focusable="false"><defs><pattern id="look-bad" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="ground" width="5" height="5"/><rect class="ink" width="2.5" height="5"/></pattern><pattern id="look-unclear" width="4" height="4" patternUnits="userSpaceOnUse"><rect class="ground" width="4" height="4"/><rect class="ink" width="1.5" height="4"/></pattern></defs></svg>`;

function itemsOf({ spans, marks }: Lane): readonly Item[] {
  return [...spans.map(({ from_ms, to_ms, tone, label }) => ({ from: from_ms, to: to_ms, tone, label, isMark: false })), ...marks.map(({ at_ms, tone, label }) => ({ from: at_ms, to: at_ms, tone, label, isMark: true }))].sort((a, b) => a.from - b.from);
}

function linesOf(durationMs: number): readonly Line[] {
  const duration = Math.max(1, durationMs);
  const count = Math.min(MOST_LINES, Math.max(1, Math.ceil(duration / (LINE_MS * 1.25))));
  const length = duration / count;
  const step = niceStep(length / 7);
  return Array.from({ length: count }, (_, index): Line => {
    const from = index * length;
    const first = Math.ceil(from / step - 1e-9);
    const last = Math.floor((from + length) / step + 1e-9);
    return { from, to: from + length, isLast: index === count - 1, ticks: Array.from({ length: last - first + 1 }, (__, tick) => (first + tick) * step), place: (ms) => Math.round(Math.min(1, Math.max(0, (ms - from) / length)) * 10_000) / 100 };
  });
}

/** Whose label gets its place first. */
const RANKS: { readonly [T in Tone]: number } = { bad: 0, unclear: 1, good: 1, neutral: 1, muted: 2 };

/** A line of the drawing. Where there are several, a lane in which nothing happens meanwhile is left out, as in a score. */
function scoreLine(lanes: readonly NamedLane[], line: Line, count: number): Markup {
  const here = lanes.map(({ name, items }) => ({ name, items: items.filter(({ from, to }) => (to > line.from || from >= line.from) && (from < line.to || (line.isLast && from <= line.to))) }));
  const shown = count === 1 || here.every(({ items }) => items.length === 0) ? here : here.filter(({ items }) => items.length > 0);
  return html`<div class="score-line">${join(shown.map((lane) => laneOf(lane, line)))}${axisOf(line)}</div>`;
}

function laneOf({ name, items: here }: NamedLane, line: Line): Markup {
  // What goes on from the line before has its label there.
  const labels = placeLabels(here.filter(({ from }) => from >= line.from).map(({ from, to, label, tone }) => ({ from: line.place(from), to: line.place(to), text: label, rank: RANKS[tone] })));
  const height = BAND + TEXT * labels.reduce((most, { level }) => Math.max(most, level + 1), 0) + 4;
  const grid = line.ticks.map((tick) => html`<line class="grid" x1="${line.place(tick)}%" x2="${line.place(tick)}%" y1="0" y2="${height}"/>`);
  return html`<div class="lane"><span class="lane-name"><bdi>${name}</bdi></span><svg width="100%" height="${height}" role="img" aria-label="${told(name, here, line)}">${join(grid)}<line class="floor" x1="0" x2="100%" y1="${BAND / 2}" y2="${BAND / 2}"/>${join(here.filter(({ isMark }) => !isMark).map((item) => spanOf(item, line)))}${join(here.filter(({ isMark }) => isMark).map((item) => markOf(item, line)))}${join(labels.map(labelOf))}</svg></div>`;
}

/** What is not as it should be is higher than the rest. */
const HALF_HEIGHTS: { readonly [T in Tone]: number } = { neutral: 5, good: 5, bad: 8, unclear: 5, muted: 3 };

function spanOf({ from, to, tone, label }: Item, line: Line): Markup {
  const [x, end] = [line.place(from), line.place(to)];
  const half = HALF_HEIGHTS[tone];
  const open = `${from < line.from ? ' before' : ''}${to > line.to ? ' after' : ''}`;
  return html`<rect class="tone ${tone}${open}" x="${x}%" width="${Math.round((end - x) * 100) / 100}%" y="${BAND / 2 - half}" height="${half * 2}" rx="2"><title>${spanWords({ from, to, tone, label })}</title></rect>`;
}

/** Heads of marks, around a point. */
const HEADS: { readonly [T in Tone]: string } = { neutral: '<circle r="3.5"/>', good: '<circle r="3.5"/>', bad: '<path d="M-5 -4.5H5L0 4.5z"/>', unclear: '<path d="M0 -4.5L4.5 0 0 4.5 -4.5 0z"/>', muted: '<circle r="2"/>' };

function markOf({ from, to, tone, label }: Item, line: Line): Markup {
  return html`<svg x="${line.place(from)}%" overflow="visible"><g class="moment ${tone}"><title>${spanWords({ from, to, tone, label })}</title><line y1="2" y2="${BAND - 2}"/><g transform="translate(0 6)">${raw(HEADS[tone])}</g></g></svg>`;
}

function labelOf({ text, at, atEnd, level, rank }: PlacedLabel): Markup {
  return html`<text class="${rank === RANKS.bad ? 'said bad' : 'said'}" x="${at}%" y="${BAND + 9 + level * TEXT}" text-anchor="${atEnd ? 'end' : 'start'}">${text}</text>`;
}

function axisOf(line: Line): Markup {
  const ticks = line.ticks.map((tick) => {
    const at = line.place(tick);
    return html`<text x="${at}%" y="12" text-anchor="${at < 3 ? 'start' : at > 97 ? 'end' : 'middle'}">${seconds(tick, 3)} s</text>`;
  });
  return html`<div class="lane time-axis" aria-hidden="true"><span class="lane-name"></span><svg width="100%" height="16" focusable="false">${join(ticks)}</svg></div>`;
}

function legend(items: readonly Item[], dropped: number): Markup {
  const tones = (['good', 'bad', 'unclear', 'muted'] as const).filter((tone) => items.some((item) => item.tone === tone && (tone !== 'muted' || !item.isMark)));
  const keys = tones.map((tone) => html`<li><svg width="22" height="18" aria-hidden="true" focusable="false"><rect class="tone ${tone}" x="2" width="18" y="${9 - HALF_HEIGHTS[tone]}" height="${HALF_HEIGHTS[tone] * 2}" rx="2"/></svg><span>${TONE_WORDS[tone]}</span></li>`);
  const left = dropped === 0 ? NOTHING : html`<li>${plural(dropped, 'more thing')} happened and ${dropped === 1 ? 'is' : 'are'} not in the picture</li>`;
  return keys.length === 0 && dropped === 0 ? NOTHING : html`<ul class="legend tones">${join(keys)}${left}</ul>`;
}

function table({ title }: Drawn, lanes: readonly NamedLane[], name: string): Markup {
  const all = lanes.flatMap((lane) => lane.items.map((item) => ({ lane: lane.name, item }))).sort((a, b) => a.item.from - b.item.from);
  if (all.length === 0) return NOTHING;
  const rows = all.slice(0, MOST_TABLE_ROWS).map(({ lane, item: { from, to, label, tone, isMark } }) => [`${seconds(from)} s`, isMark ? '' : `${seconds(to)} s`, isMark ? '' : `${Math.round(to - from)} ms`, html`<bdi>${lane}</bdi>`, html`<bdi>${label}</bdi>`, TONE_WORDS[tone]]);
  const more = all.length > MOST_TABLE_ROWS ? html`<p class="fine">${all.length - MOST_TABLE_ROWS} more are in log.jsonl.</p>` : NOTHING;
  return html`<details class="inner"><summary>as a table</summary>${plainTable(`${name}${title === '' ? '' : `: ${title}`}, as a table`, ['From', 'To', 'Lasts', 'Lane', 'What', 'How'], rows, new Set([1, 2]))}${more}</details>`;
}

/** A lane in words, for those who do not see it. */
function told(name: string, items: readonly Item[], { from, to }: Line): string {
  const said = items.slice(0, MOST_TOLD).map(spanWords);
  const more = items.length > MOST_TOLD ? [`and ${items.length - MOST_TOLD} more`] : [];
  return `${name}, ${seconds(from, 1)} to ${seconds(to, 1)} s: ${items.length === 0 ? 'nothing' : [...said, ...more].join('; ')}`;
}

/** `ask, 3.20 to 4.10 s, as it should be`. */
function spanWords({ from, to, label, tone }: Omit<Item, 'isMark'>): string {
  const when = from === to ? `${seconds(from)} s` : `${seconds(from)} to ${seconds(to)} s`;
  return [...(label === '' ? [] : [label]), when, ...(TONE_WORDS[tone] === '' ? [] : [TONE_WORDS[tone]])].join(', ');
}

function seconds(ms: number, digits = 2): string {
  const text = (ms / 1_000).toFixed(digits);
  return digits === 3 ? String(Number(text)) : text;
}
