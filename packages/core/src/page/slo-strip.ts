import { formatInterval, formatValue } from '../metrics/format.js';
import type { SloShift } from '../events/remedy-event.js';
import type { JudgedSlo, Verdict } from '../model/slo.js';
import { html, NOTHING, raw, type Markup } from './markup.js';
import { VERDICT_STATES } from './marks.js';
import { placeOfShare, shareOfInterval, shareOfLimit, WIDEST_SHARE, type Limit } from './slo-share.js';

/** Height of a strip in pixels; the bars of the distribution stand on `BASE`, the interval lies on `AXIS`. */
const HEIGHT = 38;
const BASE = 24;
const AXIS = 29;

/** Where the limit stands in every strip, in per cent of the width. */
export const LIMIT_AT = placeOfShare(1);

/** The head of a column of strips: what the places mean. */
export function stripAxis(): Markup {
  const label = (share: number, text: string, at: string, bold = ''): Markup => html`<text class="ax ${bold}" x="${placeOfShare(share)}%" y="14" text-anchor="${at}">${text}</text>`;
  return html`<svg class="strip axis" width="100%" height="18" aria-hidden="true" focusable="false">${label(0, '0', 'start')}${label(0.5, '50 %', 'middle')}${label(1, 'limit', 'middle', 'strong')}${label(WIDEST_SHARE, '150 %', 'end')}</svg>`;
}

/**
 * One SLO drawn as the share of its own limit: the limit is a line at the same place in every row, left of it is good, right of it is not. Grey is
 * the distribution of the samples, the bar the 95 % interval (dashed where it has no end), the dot the value: round when it passes, a diamond when it
 * fails, a ring when it is undecided. Where it stood before a change that healed it is an outlined mark, joined to the dot. Without a value it says so in words.
 */
export function sloStrip(slo: JudgedSlo, healed?: SloShift): Markup {
  if (slo.value === null || Number.isNaN(slo.value)) return html`<span class="unmeasured">${slo.samples === 0 ? 'nothing was measured' : 'no value'}</span>`;
  const share = shareOfLimit(slo.value, slo);
  return html`<svg class="strip ${VERDICT_STATES[slo.verdict]}" width="100%" height="${HEIGHT}" role="img" aria-label="${healed === undefined ? '' : `${formatValue(healed.before.value, slo.unit)} before a change, now `}${describe(slo, slo.value)}">${histogramOf(slo)}${limitLine(HEIGHT)}${healed === undefined ? NOTHING : cameFrom(healed.before, slo.value, slo, AXIS)}${intervalOf(slo)}${multipleOf(share)}${valueMark(slo.verdict, share, AXIS)}</svg>`;
}

/** Height of a strip that shows a change alone, and where its marks lie. */
const SHIFT = { height: 22, axis: 11 };

/** An SLO before and after a change on the strip of its limit: an outlined mark for before, joined to the mark of after. Words where there is nothing to draw. */
export function shiftStrip({ before, after }: Pick<SloShift, 'before' | 'after'>, limit: Limit): Markup {
  if (after.value === null || Number.isNaN(after.value)) return html`<span class="unmeasured">nothing was measured again</span>`;
  const words = `before ${formatValue(before.value, limit.unit)}${before.value === null ? '' : `, ${sharePart(before.value, limit)}`}; after ${formatValue(after.value, limit.unit)}, ${sharePart(after.value, limit)}`;
  return html`<svg class="strip ${VERDICT_STATES[after.verdict]}" width="100%" height="${SHIFT.height}" role="img" aria-label="${words}">${limitLine(SHIFT.height)}${cameFrom(before, after.value, limit, SHIFT.axis)}${valueMark(after.verdict, shareOfLimit(after.value, limit), SHIFT.axis)}</svg>`;
}

function sharePart(value: number, limit: Limit): string {
  const share = shareOfLimit(value, limit);
  return Number.isFinite(share) ? `${shareWords(share)} of the limit` : 'beyond a limit of which there is no share';
}

function limitLine(height: number): Markup {
  return html`<line class="limit" x1="${LIMIT_AT}%" x2="${LIMIT_AT}%" y1="0" y2="${height}"/>`;
}

/** Where a value stood before, joined to where it stands: an outlined diamond when it failed, else an outlined dot. */
function cameFrom({ value: before, verdict }: SloShift['before'], value: number, limit: Limit, axis: number): Markup {
  if (before === null || Number.isNaN(before)) return NOTHING;
  const [from, to] = [placeOfShare(shareOfLimit(before, limit)), placeOfShare(shareOfLimit(value, limit))];
  const shape = verdict === 'fail' ? '<path class="was" d="M0-6L6 0 0 6-6 0z"/>' : '<circle class="was held" r="4.5"/>';
  return html`<line class="shift" x1="${from}%" x2="${to}%" y1="${axis}" y2="${axis}"/><svg class="value" x="${from}%" y="${axis}" overflow="visible"><g transform="translate(${from > 97 ? -6 : from < 2 ? 6 : 0})">${raw(shape)}</g></svg>`;
}

/** The strip in one sentence, for those who do not see it. */
function describe(slo: JudgedSlo, value: number): string {
  const interval = slo.interval === null ? 'no interval' : `95 % interval ${formatInterval(slo.interval, slo.unit)}`;
  return `${formatValue(value, slo.unit)}, ${sharePart(value, slo)}; ${interval}`;
}

function shareWords(share: number): string {
  return share >= 10 ? `${Math.round(share)} times` : `${Math.round(share * 100)} %`;
}

function histogramOf(slo: JudgedSlo): Markup {
  const { distribution } = slo;
  // The limit of a ratio is for all samples together: beside it the shares of single samples would mislead.
  if (distribution === null || distribution.counts.length < 2 || slo.aggregate === 'ratio') return NOTHING;
  const { from, to, counts } = distribution;
  const most = Math.max(...counts);
  if (most <= 0) return NOTHING;
  const edge = (index: number): number => Math.round(placeOfShare(shareOfLimit(from + ((to - from) * index) / counts.length, slo)) * 10);
  const bars = counts.flatMap((count, index) => {
    const [a, b] = [edge(index), edge(index + 1)];
    const [left, right] = [Math.min(a, b), Math.max(a, b)];
    // Bins that lie beyond the strip are pressed onto its end; the value says where they are.
    if (count === 0 || right === left) return [];
    return [`M${left} ${BASE}v-${Math.max(1, Math.round((count / most) * (BASE - 5)))}H${right}V${BASE}z`];
  });
  return bars.length === 0 ? NOTHING : html`<svg class="bins" x="0" y="0" width="100%" height="${HEIGHT}" viewBox="0 0 1000 ${HEIGHT}" preserveAspectRatio="none"><path d="${raw(bars.join(''))}"/></svg>`;
}

function intervalOf(slo: JudgedSlo): Markup {
  if (slo.interval === null) return NOTHING;
  const { from, to } = shareOfInterval(slo.interval, slo);
  const [left, right] = [placeOfShare(from), placeOfShare(to)];
  const open = slo.interval.low === null || slo.interval.high === null;
  if (!open) return left === right ? NOTHING : line('interval', left, right);
  // The open side is drawn dashed from the value on.
  const at = placeOfShare(shareOfLimit(slo.value ?? 0, slo));
  return html`${from === 0 ? line('interval open', left, at) : line('interval', left, at)}${Number.isFinite(to) ? line('interval', at, right) : line('interval open', at, right)}`;
}

function line(name: string, from: number, to: number): Markup {
  return html`<line class="${name}" x1="${from}%" x2="${to}%" y1="${AXIS}" y2="${AXIS}"/>`;
}

/** How many times its limit a value is, when it lies beyond the strip. */
function multipleOf(share: number): Markup {
  return share > WIDEST_SHARE && Number.isFinite(share) ? html`<text class="beyond" x="100%" dx="-2" y="15" text-anchor="end">${share >= 100 ? '> 100' : share.toFixed(1)} ×</text>` : NOTHING;
}

function valueMark(verdict: Verdict, share: number, axis: number): Markup {
  const at = placeOfShare(share);
  const beyond = share > WIDEST_SHARE;
  const pull = at > 97 ? -6 : at < 2 ? 6 : 0;
  const inner = verdict === 'pass' ? '<circle class="dot" r="4.5"/>' : verdict === 'fail' ? '<path class="dot" d="M0-6.5L6.5 0 0 6.5-6.5 0z"/>' : '<circle class="dot ring" r="4"/>';
  const arrow = beyond ? '<path class="arrow" d="M9-4.5L13.5 0 9 4.5"/>' : '';
  return html`<svg class="value" x="${at}%" y="${axis}" overflow="visible"><g transform="translate(${beyond ? -14 : pull})">${raw(inner)}${raw(arrow)}</g></svg>`;
}
