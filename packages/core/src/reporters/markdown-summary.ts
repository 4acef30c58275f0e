import type { TestEnd } from '../events/event.js';
import type { MetricReport, RunReport } from '../events/report.js';
import { shellQuote } from '../events/shell.js';
import { formatValue } from '../metrics/format.js';
import { PERCENTILE_DEFINITION } from '../metrics/percentile.js';
import type { Series } from '../page/series.js';
import { groupByCause, placesOf, rowList, type Cause } from '../wording/causes.js';
import { differenceOf } from '../wording/evidence.js';
import { breakdownTables } from './markdown-breakdown.js';
import { alertTable, incidentLines, otherChanges, sloIssues } from './markdown-remedies.js';
import { markdownBlock, markdownCode, markdownTable, markdownText } from '../wording/markdown-text.js';
import { plainJson, plainLine } from '../text/plain.js';
import { displayWidth } from '../text/width.js';
import { healedSlos } from '../wording/issues.js';
import { unitOf } from '../wording/units.js';
import { countWords, durationWords, outcomeWord, plural, sloCells } from '../wording/words.js';

type Lines = readonly string[];

/** So many causes are told; the rest are counted. */
const MOST_CAUSES = 50;

/** The text of `summary.md`. Sections without content are left out. */
export function summaryText(report: RunReport, flaky: readonly TestEnd[], series: readonly Series[] = []): string {
  const causes = groupByCause(report.scenarios);
  const parts: readonly Lines[] = [
    statusOf(report),
    section('What you have to do', manualActions(report)),
    section('Preflight', preflight(report)),
    section('SLO compliance', sloTable(report)),
    section('By condition', breakdownTables(report, series)),
    section('Issues', [...sloIssues(report), ...causes.slice(0, MOST_CAUSES).flatMap((cause) => causeLines(cause)), ...(causes.length > MOST_CAUSES ? [`${causes.length - MOST_CAUSES} further causes are in \`result.json\`.`] : [])]),
    section('Other changes', otherChanges(report)),
    section('Alerts', alertTable(report)),
    section('Incidents', incidentLines(report)),
    section('Scenarios', scenarioTable(report)),
    section('Passed only after a retry', flakyLines(flaky)),
    section('Measurements', metricTable(report.metrics.filter(({ unit }) => !isResource(unit)))),
    section('Resource usage', metricTable(report.metrics.filter(({ unit }) => isResource(unit)))),
    section('Warnings', report.warnings.map(({ about, code, message }) => `- ${markdownCode(about)} ${markdownCode(code)} ${markdownText(message)}`)),
    section('Files', fileLines(report)),
  ];
  return `${parts.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function section(title: string, lines: Lines): Lines {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...(lines.at(-1) === '' ? lines.slice(0, -1) : lines)];
}

function statusOf(report: RunReport): Lines {
  const { suite, environment, run_id, engine, started, duration_ms, exit_code, reason } = report;
  return [
    `# ${outcomeWord(report)}: ${markdownText(reason)}`,
    '',
    `suite ${markdownCode(suite)} · ${environment} · ${started.slice(0, 19).replace('T', ' ')} UTC · took ${durationWords(duration_ms)} · ${countWords(report)} · exit ${exit_code}`,
    '',
    `run ${markdownCode(run_id)} · realops ${markdownText(engine)} · seed ${report.seed} · again: ${markdownCode(`realops run ${shellQuote(report.suite_argument)} --seed ${report.seed}`)}`,
  ];
}

function manualActions({ manual_actions }: RunReport): Lines {
  return manual_actions.map(({ what, command }) => `- ${markdownText(what)}${command === null ? '' : `: ${markdownCode(command)}`}`);
}

function preflight({ preflight: checks }: RunReport): Lines {
  return checks.map(({ step, outcome, duration_ms, error }) =>
    outcome === 'passed' ? `- ${markdownCode(step)} passed in ${formatValue(duration_ms, 'ms')}` : `- **${markdownCode(step)} ${outcome}**${error === null ? '' : `: ${markdownText(error.message)} (${markdownCode(error.code)})${error.hint === null ? '' : ` — ${markdownText(error.hint)}`}`}`,
  );
}

function sloTable(report: RunReport): Lines {
  const { slos } = report;
  if (slos.length === 0) return [];
  const healed = healedSlos(report);
  const rows = slos.map((slo) => {
    const { title, target, actual, n, interval, verdict, note } = sloCells(slo, healed.get(slo.id));
    return [markdownText(title), markdownText(target), actual, n, interval, `${slo.verdict === 'fail' ? '**FAIL**' : verdict}${note === '' ? '' : ` (${markdownText(note)})`}`];
  });
  return [
    ...markdownTable(['Metric', 'Target', 'Actual', 'n', '95 % interval', 'Status'], rows, displayWidth, new Set([2, 3])),
    '',
    `Percentiles are ${PERCENTILE_DEFINITION}. An attempt that failed before there was a value counts as over the limit. No data is never a pass.`,
  ];
}

function causeLines(cause: Cause): Lines {
  const { example, failures } = cause;
  const { error, source, expectations, sent, received } = example;
  const broken = expectations.filter(({ held }) => !held).map((each) => differenceOf(each));
  const evidence = [
    ...broken.flatMap(({ expected, got, at }) => [`expected  ${expected}`, `got       ${got}`, ...(at === null ? [] : [`${' '.repeat(10 + at)}^`])]),
    ...(broken.length > 0 ? [] : [`error     ${plainLine(error.message)}`]),
    ...(sent === null ? [] : [`sent      ${plainJson(sent, 600)}`]),
    ...(received === null ? [] : [`received  ${plainJson(received, 600)}`]),
  ];
  return [
    `### ${markdownCode(example.step)} of ${markdownCode(example.scenario)}: ${markdownCode(error.code)}, ${plural(failures.length, 'time')}`,
    '',
    `- Where: ${markdownText(placesOf(cause))}; step ${markdownCode(example.step)} (${markdownCode(example.use)}) at ${markdownCode(`${source.file}:${source.line}`)}`,
    ...(error.hint === null ? [] : [`- Hint: ${markdownText(error.hint)}`]),
    `- The first of them, row ${example.row}: ${plural(example.attempts, 'attempt')}, took ${formatValue(example.duration_ms, 'ms')}, trace ${markdownCode(example.trace_id)}`,
    '',
    ...markdownBlock(evidence),
    '',
    'Run it again:',
    '',
    ...markdownBlock([example.command]),
    '',
  ];
}

function scenarioTable({ scenarios }: RunReport): Lines {
  if (scenarios.length === 0) return [];
  const rows = scenarios.map(({ id, title, outcome, rows: count, duration_ms, skipped }) => [
    `${markdownCode(id)}${title === id ? '' : ` ${markdownText(title)}`}`,
    outcome === 'failed' || outcome === 'error' ? `**${outcome.toUpperCase()}**` : outcome,
    `${count.passed}/${count.total}`,
    [...(['failed', 'error', 'skipped', 'cancelled', 'flaky'] as const).flatMap((word) => (count[word] > 0 ? [`${count[word]} ${word}`] : [])), ...skipped.map(({ reason }) => markdownText(reason))].join(', '),
    durationWords(duration_ms),
  ]);
  return markdownTable(['Scenario', 'Outcome', 'Passed', 'Others', 'Took'], rows, displayWidth, new Set([2, 4]));
}

function flakyLines(flaky: readonly TestEnd[]): Lines {
  const scenarios = [...new Set(flaky.map(({ scenario }) => scenario))].sort();
  return scenarios.map((id) => {
    const rows = flaky.filter(({ scenario }) => scenario === id);
    return `- ${markdownCode(id)} row${rows.length === 1 ? '' : 's'} ${rowList(rows.map(({ row }) => row), 20)} (at most ${Math.max(...rows.map(({ attempts }) => attempts))} attempts)`;
  });
}

function isResource(unit: string): boolean {
  return unit === 'bytes' || unit === 'Wh' || unit === 'celsius';
}

function metricTable(metrics: readonly MetricReport[]): Lines {
  const all = metrics.filter(({ scenario }) => scenario === null);
  if (all.length === 0) return [];
  const rows = all.map(({ metric, unit, samples, missing, invalid, mean, p50, p95, max, sum, last }) => {
    const show = (value: number | null): string => (value === null ? '' : formatValue(value, unitOf(unit)));
    const others = [...(sum === null ? [] : [`sum ${show(sum)}`]), ...(last === null ? [] : [`last ${show(last)}`]), ...(missing > 0 ? [`${missing} without a value`] : []), ...(invalid > 0 ? [`${invalid} invalid`] : [])];
    return [markdownCode(metric), String(samples), show(mean), show(p50), show(p95), show(max), others.join(', ')];
  });
  const filled = [0, 1, ...[2, 3, 4, 5, 6].filter((column) => rows.some((row) => row[column] !== ''))];
  const pick = (cells: Lines): Lines => filled.map((column) => cells[column] ?? '');
  return markdownTable(pick(['Metric', 'n', 'Mean or share', 'p50', 'p95', 'Max', 'Others']), rows.map(pick), displayWidth, new Set(filled.flatMap((column, index) => (column > 0 && column < 6 ? [index] : []))));
}

function fileLines({ events, torn }: RunReport): Lines {
  return [
    `\`log.jsonl\` beside this file is the evidence: ${plural(events, 'event')}${torn ? '; it breaks off, so this report tells what could be read' : ''}. \`realops replay log.jsonl --out DIR\` rebuilds every report from it.`,
    'Also here, as far as the suite asks for them: `report.html` (charts), `result.json` (this report as data), `metrics.csv` (every measurement), `junit.xml` (for CI), `artifacts/`.',
  ];
}
