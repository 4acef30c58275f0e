import type { RunReport } from '../events/report.js';
import { groupByCause } from '../wording/causes.js';
import { failureLines } from './console-failure.js';
import { remedyRecord } from './console-remedies.js';
import { sloTable, wrapWords } from './console-table.js';
import type { Style } from './console-style.js';
import { plainLine } from '../text/plain.js';
import { healedSlos } from '../wording/issues.js';
import { countWords, durationWords, outcomeWord, plural } from '../wording/words.js';

/** So many causes are shown in full in a terminal; summary.md has the rest. */
const MOST_CAUSES = 10;

/** What stays as the record of a run: failures in full, the SLO table, causes and changes, what a person has to do, warnings, where the reports lie, and the outcome last. */
export function endLines(report: RunReport, directory: string | null, columns: number, style: Style): readonly string[] {
  const causes = groupByCause(report.scenarios);
  const table = sloTable(report.slos, columns, style, healedSlos(report));
  const remedies = remedyRecord(report, columns, style);
  const left = causes.length - MOST_CAUSES;
  return [
    ...causes.slice(0, MOST_CAUSES).flatMap((cause) => ['', ...failureLines(cause, columns, style)]),
    ...(left > 0 ? ['', `  and ${left} further cause${left === 1 ? '' : 's'}: see summary.md`] : []),
    ...(table.length === 0 ? [] : ['', ...table]),
    ...(remedies.length === 0 ? [] : ['', ...remedies]),
    ...notes('To do', report.manual_actions.map(({ what, command }) => ({ text: plainLine(what), command })), columns, style),
    ...notes('Warning', report.warnings.map(({ about, message }) => ({ text: `${plainLine(about)}: ${plainLine(message)}`, command: null })), columns, style),
    '',
    ...outcomeLines(report, columns, style),
    `  ${countWords(report)} · ${rowWords(report)} · exit ${report.exit_code}`,
    ...(directory === null ? [] : [`  reports ${directory}`]),
  ];
}

/** The table alone; without SLOs the outcome, so that something is said. */
export function quietLines(report: RunReport, columns: number, style: Style): readonly string[] {
  const table = sloTable(report.slos, columns, style, healedSlos(report));
  return table.length > 0 ? table : outcomeLines(report, columns, style);
}

function outcomeLines(report: RunReport, columns: number, style: Style): readonly string[] {
  const text = `${outcomeWord(report)} in ${durationWords(report.duration_ms)}: ${plainLine(report.reason)}`;
  return wrapWords(text, columns - 2).map((line, index) => `  ${index === 0 ? colourOutcome(report, line, style) : line}`);
}

/** What has to be said at the end; a command stands on its own line, unbroken, so that it can be copied. */
function notes(word: string, texts: readonly { readonly text: string; readonly command: string | null }[], columns: number, style: Style): readonly string[] {
  if (texts.length === 0) return [];
  const shown = texts.slice(0, 20);
  const lines = shown.flatMap(({ text, command }) =>
    [...wrapWords(command === null ? text : `${text}:`, columns - 12), ...(command === null ? [] : [plainLine(command)])].map((line, index) => `  ${style.unsure((index === 0 ? word : '').padEnd(8))}  ${line}`));
  return ['', ...lines, ...(texts.length > shown.length ? [`            and ${texts.length - shown.length} more: see summary.md`] : [])];
}

function rowWords({ scenarios }: RunReport): string {
  const sum = (name: 'total' | 'passed' | 'failed' | 'error' | 'skipped' | 'cancelled' | 'flaky'): number => scenarios.reduce((count, { rows }) => count + rows[name], 0);
  const others = (['failed', 'error', 'skipped', 'cancelled', 'flaky'] as const).flatMap((name) => (sum(name) > 0 ? [`${sum(name)} ${name}`] : []));
  return [`${sum('passed')} of ${plural(sum('total'), 'row')} passed`, ...others].join(', ');
}

function colourOutcome(report: RunReport, line: string, style: Style): string {
  const word = outcomeWord(report);
  if (!line.startsWith(word)) return line;
  const colour = report.outcome === 'healthy' || report.outcome === 'remedied' ? style.good : report.outcome === 'failed' || report.outcome === 'could-not-run' ? style.bad : style.unsure;
  return `${style.strong(colour(word))}${line.slice(word.length)}`;
}
