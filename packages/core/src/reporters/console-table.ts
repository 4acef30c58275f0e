import type { SloShift } from '../events/remedy-event.js';
import type { JudgedSlo } from '../plugin.js';
import { styleVerdict, type Style } from './console-style.js';
import { displayWidth, padEnd, padStart, truncate } from '../text/width.js';
import { sloCells, type SloCells } from '../wording/words.js';

const HEAD: SloCells = { title: 'SLO', target: 'target', actual: 'actual', n: 'n', interval: '95 % interval', verdict: 'verdict', note: '' };
const GAP = '  ';
/** A title is cut below this only when the terminal is very narrow. */
const SHORTEST_TITLE = 12;

/** The SLO table: columns under each other, the title cut when the terminal is narrow, notes on a line of their own when they do not fit. `healed`: how SLOs stood before a change. */
export function sloTable(slos: readonly JudgedSlo[], columns: number, style: Style, healed: ReadonlyMap<string, SloShift> = new Map()): readonly string[] {
  if (slos.length === 0) return [];
  const rows = slos.map((slo) => sloCells(slo, healed.get(slo.id)));
  const width = (name: keyof SloCells): number => Math.max(...[HEAD, ...rows].map((row) => displayWidth(row[name])));
  const fixed = width('target') + width('actual') + width('n') + width('interval') + width('verdict');
  const titleWidth = Math.min(width('title'), Math.max(SHORTEST_TITLE, columns - fixed - 2 - 5 * GAP.length));
  const cells = (row: SloCells): readonly string[] => [
    padEnd(truncate(row.title, titleWidth), titleWidth), padEnd(row.target, width('target')), padStart(row.actual, width('actual')), padStart(row.n, width('n')), padEnd(row.interval, width('interval')),
  ];
  const line = (row: SloCells): string => `${GAP}${cells(row).join(GAP)}${GAP}`;
  return [
    style.dim(`${line(HEAD)}${HEAD.verdict}`),
    ...slos.flatMap((slo, index) => {
      const row = rows[index] ?? HEAD;
      const start = `${line(row)}${styleVerdict(style, slo.verdict, row.verdict)}`;
      if (row.note === '') return [start];
      const arrow = slo.verdict === 'no-data' || slo.verdict === 'error' ? '← ' : '';
      const used = displayWidth(line(row)) + width('verdict');
      const note = `${arrow}${row.note}`;
      if (used + GAP.length + displayWidth(note) <= columns) return [`${start}${' '.repeat(width('verdict') - displayWidth(row.verdict))}${GAP}${style.dim(note)}`];
      return [start, ...wrapWords(note, columns - 6).map((part) => `${GAP.repeat(3)}${style.dim(part)}`)];
    }),
  ];
}

/**
 * Text broken at spaces into lines of at most `columns`; a longer word is left whole, so that paths and commands can be copied. No line begins with
 * `::`, which CI systems would take for a command.
 */
export function wrapWords(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && !word.startsWith('::') && displayWidth(line) + 1 + displayWidth(word) > columns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}
