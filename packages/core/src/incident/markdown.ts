import type { RemediationReport } from '../events/report.js';
import { rerunCommand, shellQuote } from '../events/shell.js';
import { formatValue } from '../metrics/format.js';
import { plainLine, plainText } from '../text/plain.js';
import { displayWidth } from '../text/width.js';
import { markdownBlock, markdownCode, markdownTable, markdownText } from '../wording/markdown-text.js';
import { causeText, changeText, evidenceTexts, resultText, undoCommand } from '../wording/remedies.js';
import { unitsOf } from '../wording/units.js';
import { durationWords, plural, sloCells } from '../wording/words.js';
import type { Incident } from './incident.js';
import type { SystemSample } from './system.js';
import { timeline } from './timeline.js';

type Lines = readonly string[];

/** So many failed steps are shown with what they sent and received. */
const MOST_FAILURES = 5;

/** The text of `incident-ID.md`: enough for someone who was not there. Pure. Sections without content are left out. */
export function incidentText(incident: Incident): string {
  const parts: readonly Lines[] = [
    headOf(incident),
    section('What to do next', nextSteps(incident)),
    section('Preflight that did not hold', preflightLines(incident)),
    section('What is not met', sloLines(incident)),
    section('Why', causeLines(incident)),
    section('Changes to the system', incident.report.remediations.flatMap((change) => changeLines(change, incident))),
    section('Failed steps', failureLines(incident)),
    section('Timeline', timeline(incident)),
    section('State of the machine that ran this', systemLines(incident.system)),
    section('Reproduce', reproduction(incident)),
    section('Files', incident.files.map(({ name, what }) => `- ${markdownCode(name)}: ${markdownText(what)}`)),
  ];
  return `${parts.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function section(title: string, lines: Lines): Lines {
  return lines.length === 0 ? [] : [`## ${title}`, '', ...(lines.at(-1) === '' ? lines.slice(0, -1) : lines)];
}

function headOf({ id, title, severity, opened, reasons, report }: Incident): Lines {
  return [
    `# Incident ${markdownText(id)}: ${markdownText(title)}`,
    '',
    `severity **${severity}** · opened ${opened.slice(0, 19).replace('T', ' ')} UTC · suite ${markdownCode(report.suite)} · ${report.environment} · run ${markdownCode(report.run_id)} · realops ${markdownText(report.engine)}`,
    ...(reasons.length === 0 ? [] : ['', ...reasons.map((reason) => `- ${markdownText(reason)}`)]),
  ];
}

/** What a person has to do, what could be done about causes, and how to end it. */
function nextSteps({ report }: Incident): Lines {
  const { manual_actions, diagnoses, remediations } = report;
  const proposed = remediations.filter(({ state, command }) => state === 'proposed' && command !== null);
  const unknown = diagnoses.find(({ diagnosis }) => diagnosis === 'unknown');
  const steps = [
    ...manual_actions.map(({ what, command }) => `${markdownText(what)}${command === null ? '' : `: ${markdownCode(command)}`}`),
    ...proposed.map((change) => `Decide on the proposed change ${markdownText(changeText(change))}: ${markdownCode(change.command ?? '')}`),
    ...remediations.filter(({ state }) => state === 'conflict').map((change) => `Someone else changed ${markdownCode(change.param)}: find out who, and whether the value should stay`),
    ...(unknown === undefined ? [] : [`Find the cause for ${unknown.slos.map(markdownCode).join(', ')}: no rule of the suite explains it. Once it is known, add a rule under \`diagnoses\`, so that it is recognised next time`]),
  ];
  const told = steps.length > 0 ? steps : ['Run the commands below to see whether it is still so'];
  return [...new Set(told)].map((step, index) => `${index + 1}. ${step}`);
}

function preflightLines({ report }: Incident): Lines {
  return report.preflight.flatMap(({ step, outcome, error }) => (outcome === 'passed' ? [] : [`- ${markdownCode(step)} ${outcome}${error === null ? '' : `: ${markdownText(error.message)} (${markdownCode(error.code)})${error.hint === null ? '' : ` — ${markdownText(error.hint)}`}`}`]));
}

function sloLines({ report }: Incident): Lines {
  const bad = report.slos.filter(({ verdict }) => verdict !== 'pass');
  if (bad.length === 0) return report.slos.length === 0 ? [] : [`All ${plural(report.slos.length, 'SLO')} passed.`];
  const rows = bad.map((slo) => {
    const { title, target, actual, n, interval, verdict, note } = sloCells(slo);
    return [markdownText(title), markdownText(target), actual, n, interval, slo.severity, `${slo.verdict === 'fail' ? '**FAIL**' : verdict}${note === '' ? '' : ` (${markdownText(note)})`}`];
  });
  const passed = report.slos.length - bad.length;
  return [...markdownTable(['Metric', 'Target', 'Actual', 'n', '95 % interval', 'Severity', 'Status'], rows, displayWidth, new Set([2, 3])), ...(passed === 0 ? [] : ['', `${plural(passed, 'further SLO')} passed.`])];
}

function causeLines({ report }: Incident): Lines {
  const units = unitsOf(report);
  return report.diagnoses.flatMap((diagnosed) => [
    `- **${markdownText(causeText(diagnosed))}**${diagnosed.diagnosis === 'unknown' ? '' : ` (rule ${markdownCode(diagnosed.diagnosis)})`}, for ${diagnosed.slos.map(markdownCode).join(', ')}`,
    ...evidenceTexts(diagnosed, units).map((text) => `  - ${markdownText(text)}`),
    ...diagnosed.undecided.map((rule) => `  - rule ${markdownCode(rule.diagnosis)} could not be decided: ${markdownText(rule.reason)}`),
  ]);
}

function changeLines(change: RemediationReport, { report }: Incident): Lines {
  const undo = undoCommand(change, report);
  return [
    `- ${markdownText(changeText(change))} by ${markdownCode(change.remedy)} (${markdownCode(change.action)}), for ${markdownText(change.cause)}`,
    `  - ${markdownText(resultText(change))}`,
    ...(undo === null ? [] : [`  - take it back: ${markdownCode(undo)}; by hand: ${markdownCode(change.rollback)}`]),
  ];
}

function failureLines({ report }: Incident): Lines {
  const failures = report.scenarios.flatMap((scenario) => scenario.failures);
  const shown = failures.slice(-MOST_FAILURES);
  const lines = shown.flatMap((failure) => [
    `- ${markdownCode(failure.step)} of ${markdownCode(failure.scenario)} row ${failure.row} at ${failure.timestamp.slice(11, 19)}: ${markdownText(failure.error.message)} (${markdownCode(failure.error.code)}), trace ${markdownCode(failure.trace_id)}`,
    ...(failure.received === null ? [] : ['', ...markdownBlock([`received  ${typeof failure.received === 'string' ? plainText(failure.received) : JSON.stringify(failure.received)}`], '  '), '']),
  ]);
  return failures.length > shown.length ? [...lines, '', `The last ${shown.length} of ${plural(failures.length, 'failed step')}.`] : lines;
}

function systemLines(system: SystemSample | null): Lines {
  if (system === null) return [];
  const { process: own, machine } = system;
  const bytes = (value: number | null): string => (value === null ? 'not known' : formatValue(value, 'bytes'));
  const files = own.open_files === null ? '' : `, ${plural(own.open_files, 'open file')}`;
  return [
    `- RealOps: ${bytes(own.rss_bytes)} resident (at most ${bytes(own.peak_rss_bytes)}), heap ${bytes(own.heap_used_bytes)} of ${bytes(own.heap_limit_bytes)}${files}`,
    `- Machine: load ${machine.load.map((each) => each.toFixed(2)).join(', ')} on ${plural(machine.cpus, 'CPU')}; ${bytes(machine.memory_available_bytes)} of ${bytes(machine.memory_bytes)} memory available${machine.swap_bytes === null || machine.swap_bytes === 0 ? '' : `; ${bytes(machine.swap_free_bytes)} of ${bytes(machine.swap_bytes)} swap free`}`,
  ];
}

/** The run again with its seed, then each failed row alone. */
function reproduction({ report }: Incident): Lines {
  const failing = report.scenarios.filter(({ outcome }) => outcome === 'failed' || outcome === 'error');
  const commands = [
    `realops run ${shellQuote(report.suite_argument)} --seed ${report.seed}`,
    ...failing.map(({ id, failures }) => failures[0]?.command ?? rerunCommand(report.suite_argument, id)),
  ];
  return [`The run took ${durationWords(report.duration_ms)}.`, '', ...markdownBlock([...new Set(commands)].slice(0, 20).map(plainLine))];
}
