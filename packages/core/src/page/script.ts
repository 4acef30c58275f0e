/**
 * The script of the page: it adds search over the events, buttons that copy commands or show the events of a row, and opens all details for print. Nothing that the page says depends on it.
 * It makes no markup from data: only text nodes. Kept small by hand; its hash is in the page's security policy.
 */
export const SCRIPT = `(() => {
'use strict';
const $ = (id) => document.getElementById(id);
const el = (tag, cls, text) => { const e = document.createElement(tag); if (cls) e.className = cls; if (text !== undefined) e.textContent = text; return e; };
const copy = async (text, button) => {
  const before = button.textContent;
  try { await navigator.clipboard.writeText(text); button.textContent = 'Copied'; } catch { button.textContent = 'Not allowed'; }
  setTimeout(() => { button.textContent = before; }, 1500);
};
for (const code of document.querySelectorAll('code.cmd')) {
  const box = el('span', 'cmd-box'), button = el('button', 'copy', 'Copy');
  button.type = 'button';
  button.setAttribute('aria-label', 'Copy command: ' + code.textContent);
  button.addEventListener('click', () => copy(code.textContent, button));
  code.replaceWith(box); box.append(code, button);
}
let closed = [];
addEventListener('beforeprint', () => { closed = [...document.querySelectorAll('details:not([open])')]; for (const d of closed) d.open = true; });
addEventListener('afterprint', () => { for (const d of closed) d.open = false; closed = []; });
const data = $('events-data');
if (!data || typeof DecompressionStream === 'undefined') return;
const ROW = 28;
let lines = [], lower = [], shown = [], chosen = -1, drawn = '';
const pane = $('window'), search = $('q'), found = $('found'), json = $('json');
const space = el('div', 'space'), rows = el('div', 'rows');
rows.setAttribute('role', 'rowgroup');
const partsOf = (line) => {
  const tab = line.indexOf('\\t');
  let event = {};
  try { event = JSON.parse(line.slice(tab + 1)); } catch {}
  return { event, words: line.slice(0, tab) };
};
const draw = () => {
  const first = Math.max(0, Math.floor(pane.scrollTop / ROW) - 4), count = Math.ceil(pane.clientHeight / ROW) + 8;
  const key = first + ':' + count + ':' + chosen + ':' + shown.length + ':' + search.value;
  if (key === drawn) return;
  drawn = key;
  rows.replaceChildren(...shown.slice(first, first + count).map((index, at) => {
    const { event, words } = partsOf(lines[index]);
    const row = el('div', 'erow' + (index === chosen ? ' chosen' : ''));
    row.setAttribute('role', 'row');
    row.setAttribute('aria-rowindex', String(first + at + 1));
    row.setAttribute('aria-selected', String(index === chosen));
    row.style.top = (first + at) * ROW + 'px';
    const place = event.scenario === undefined ? '' : event.scenario + (event.row === undefined || event.scenario === 'preflight' ? '' : ' ' + event.row);
    for (const [cls, text] of [['t', String(event.timestamp || '').slice(11, 23)], ['e', String(event.event || '')], ['p', place], ['w', words]]) {
      const cell = el('span', cls, text);
      cell.setAttribute('role', 'gridcell');
      cell.title = text;
      row.append(cell);
    }
    row.addEventListener('click', () => choose(first + at));
    return row;
  }));
};
const choose = (position) => {
  const at = Math.min(shown.length - 1, Math.max(0, position));
  if (shown[at] === undefined) return;
  chosen = shown[at];
  json.hidden = false;
  json.textContent = JSON.stringify(partsOf(lines[chosen]).event, null, 2);
  if (at * ROW < pane.scrollTop) pane.scrollTop = at * ROW;
  else if ((at + 1) * ROW > pane.scrollTop + pane.clientHeight) pane.scrollTop = (at + 1) * ROW - pane.clientHeight;
  draw();
};
const filter = () => {
  const wanted = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  shown = [];
  for (let i = 0; i < lines.length; i++) if (wanted.every((word) => lower[i].includes(word))) shown.push(i);
  space.style.height = shown.length * ROW + 'px';
  pane.setAttribute('aria-rowcount', String(shown.length));
  found.textContent = shown.length === lines.length ? lines.length + ' events' : shown.length + ' of ' + lines.length + ' events';
  pane.scrollTop = 0;
  draw();
};
const open = async () => {
  const bytes = Uint8Array.from(atob(data.textContent), (sign) => sign.charCodeAt(0));
  const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
  lines = text.split('\\n');
  lower = lines.map((line) => line.toLowerCase());
  space.append(rows);
  pane.append(space);
  $('log').hidden = false;
  $('milestones').hidden = true;
  for (const e of document.querySelectorAll('.no-script')) e.hidden = true;
  let timer = 0;
  search.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(filter, 60); });
  search.form.addEventListener('submit', (e) => { e.preventDefault(); filter(); });
  pane.addEventListener('scroll', draw, { passive: true });
  addEventListener('resize', draw);
  pane.addEventListener('keydown', (e) => {
    const page = Math.max(1, Math.floor(pane.clientHeight / ROW) - 1), at = Math.max(-1, shown.indexOf(chosen));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: shown.length - 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    choose(to);
  });
  $('copy-lines').addEventListener('click', (e) => copy(shown.slice(0, 5000).map((i) => lines[i].slice(lines[i].indexOf('\\t') + 1)).join('\\n'), e.currentTarget));
  for (const e of document.querySelectorAll('[data-find]')) {
    const button = el('button', 'find', 'Events');
    button.type = 'button';
    button.setAttribute('aria-label', 'Show the events of ' + e.dataset.findName);
    button.addEventListener('click', () => { search.value = e.dataset.find; filter(); location.hash = 'events'; search.focus({ preventScroll: true }); });
    e.append(button);
  }
  filter();
  document.documentElement.dataset.events = 'ready';
};
requestAnimationFrame(() => requestAnimationFrame(() => { open().catch(() => { document.documentElement.dataset.events = 'failed'; }); }));
})();`;
