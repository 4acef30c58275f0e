import { gzipSync } from 'node:zlib';
import { plural } from '../wording/words.js';
import { html, join, NOTHING, raw, type Markup } from './markup.js';
import type { KeptEvents } from './kept-events.js';

/**
 * The event log. Without scripts: a table of the events that mark the way of the run. With scripts it becomes a searchable list of every event that the
 * page carries, from a compressed block that is inflated after the first paint.
 */
export function eventLog({ milestones, moreMilestones, lines, left }: KeptEvents, total: number): Markup {
  if (total === 0) return html`<p class="empty">The log holds no events.</p>`;
  const rows = milestones.map(({ time, event, place, words }) => html`<tr><td><time>${time}</time></td><td>${event}</td><td><bdi>${place}</bdi></td><td>${words}</td></tr>`);
  const told = left === 0 ? '' : ` ${plural(left, 'event')} of rows that did not fail ${left === 1 ? 'is' : 'are'} left out of this page; log.jsonl has them all.`;
  const more = moreMilestones > 0 ? html`<p class="fine">and ${moreMilestones} more like these</p>` : NOTHING;
  return html`<p class="lede">${total} events in log.jsonl.${told} <span class="no-script">Shown are those that mark the way of the run; the search over all of them needs scripts.</span></p>
<div id="log" class="log" hidden><form class="search" role="search"><label for="q">Search</label> <input id="q" type="search" autocomplete="off" spellcheck="false" aria-describedby="found"> <output id="found" for="q" role="status"></output> <button type="button" id="copy-lines">Copy lines</button></form>
<div class="card window" id="window" tabindex="0" role="grid" aria-label="events" aria-colcount="4"></div><pre class="card json" id="json" hidden tabindex="0" role="group" aria-label="the chosen event as JSON"></pre></div>
<div id="milestones" class="card scroll" tabindex="0" role="group" aria-label="events that mark the way of the run"><table class="events"><thead><tr><th scope="col">Time (UTC)</th><th scope="col">Event</th><th scope="col">Where</th><th scope="col">What</th></tr></thead><tbody>${join(rows)}</tbody></table>${more}</div>${dataBlock(lines)}`;
}

/** The lines, compressed, as text that no browser runs; the same lines give the same text. */
function dataBlock(lines: readonly string[]): Markup {
  if (lines.length === 0) return NOTHING;
  const packed = gzipSync(lines.join('\n'), { level: 6 });
  // Byte 9 names the operating system that packed it; 255 is "unknown". The time is 0 already.
  packed[9] = 255;
  return html`<script type="text/plain" id="events-data" data-events="${lines.length}">${raw(packed.toString('base64'))}</script>`;
}
