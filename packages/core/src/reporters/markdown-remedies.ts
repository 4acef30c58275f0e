import type { RemediationReport, RunReport } from '../events/report.js';
import { formatValue } from '../metrics/format.js';
import { plainLine } from '../text/plain.js';
import { displayWidth } from '../text/width.js';
import { fileLink } from '../wording/file-link.js';
import { issuesOf, treatmentsOf, type Issue } from '../wording/issues.js';
import { causeText, changeText, evidenceTexts, REMEDY_WORDS, shiftText, undoCommand, undoWords } from '../wording/remedies.js';
import { unitsOf, type Units } from '../wording/units.js';
import { sloCells, VERDICT_WORDS } from '../wording/words.js';
import { markdownCode, markdownTable, markdownText } from '../wording/markdown-text.js';

type Lines = readonly string[];

/** Every SLO that failed, also when it was healed: root cause with its evidence, remediation, validation, or why nothing was done. */
export function sloIssues(report: RunReport): Lines {
  const units = unitsOf(report);
  return issuesOf(report).flatMap((issue) => issueLines(issue, report, units));
}

function issueLines(issue: Issue, report: RunReport, units: Units): Lines {
  const { slo, healed, changes } = issue;
  const { title, target, actual, n, interval } = sloCells(slo);
  return [
    `### ${markdownText(title)} ${healed === undefined ? 'was not met' : 'was not met, and holds after a change'}`,
    '',
    healed === undefined
      ? `- Actual ${actual}, target ${markdownText(target)}; n ${n}, 95 % interval ${interval}; ${slo.proven ? 'the sample proves it' : 'the sample alone does not prove it'}; severity ${slo.severity}`
      : `- Before ${formatValue(healed.before.value, slo.unit)}, now ${actual}, target ${markdownText(target)}; n ${n}, 95 % interval ${interval}; severity ${slo.severity}`,
    `- Objective: ${markdownCode(slo.objective)} (SLO ${markdownCode(slo.id)})`,
    ...causeLines(issue, units),
    ...(changes.length === 0 ? nothingDone(issue) : changes.flatMap((change) => [...remediation(change, report), ...validation(change)])),
    ...(changes.length === 0 ? ['- Validation: none'] : issue.held.map(heldLine)),
    '',
  ];
}

function causeLines({ diagnosis }: Issue, units: Units): Lines {
  if (diagnosis === undefined) return ['- Root cause: no diagnosis matched'];
  const evidence = evidenceTexts(diagnosis, units);
  return [
    `- Root cause: ${markdownText(causeText(diagnosis))}${diagnosis.diagnosis === 'unknown' ? '' : ` (${markdownCode(diagnosis.diagnosis)})`}${evidence.length === 0 ? '' : `; evidence: ${evidence.map(markdownText).join(', ')}`}`,
    ...diagnosis.undecided.map((rule) => `  - ${markdownCode(rule.diagnosis)} could not be decided: ${markdownText(rule.reason)}`),
  ];
}

function nothingDone({ held }: Issue): Lines {
  if (held.length === 0) return ['- Remediation: none applied'];
  const [first, ...more] = held.map(heldWords);
  return more.length === 0 ? [`- Remediation: none applied; ${first ?? ''}`] : ['- Remediation: none applied', ...[first ?? '', ...more].map((words) => `  - ${words}`)];
}

function heldLine(held: RunReport['held'][number]): string {
  return `- Nothing else: ${heldWords(held)}`;
}

function heldWords({ remedy, why }: RunReport['held'][number]): string {
  return `${remedy === null ? '' : `${markdownCode(remedy)} was held: `}${markdownText(why)}`;
}

function remediation(change: RemediationReport, report: RunReport): Lines {
  const { state, remedy, id, rollback, command, title } = change;
  const what = `${markdownText(changeText(change))} by ${markdownCode(remedy)} (${markdownText(title)}, change ${markdownCode(id)})`;
  if (state === 'proposed') return [`- Remediation: proposed, not made: ${what}; ${markdownText(change.why)}`, ...(command === null ? [] : [`  - Allow it: ${markdownCode(command)}`]), `  - It would be undone by: ${markdownCode(rollback)}`];
  const undo = undoCommand(change, report);
  return [`- Remediation: ${what}`, `  - Rollback: ${markdownCode(rollback)}${undo === null ? '' : ` or ${markdownCode(undo)}`}`];
}

function validation({ state, why, shifts, guards, scenarios }: RemediationReport): Lines {
  if (state === 'proposed') return ['- Validation: none until it is allowed'];
  const reason = why === '' ? '' : `: ${markdownText(state === 'rolled-back' ? undoWords(why) : why)}`;
  const again = scenarios.length === 0 || shifts.length === 0 ? '' : `; run again: ${scenarios.map(markdownCode).join(', ')}`;
  return [
    `- Validation: **${REMEDY_WORDS[state]}**${reason}${again}`,
    ...shifts.map((shift) => `  - ${markdownText(shiftText(shift))} (target ${markdownText(plainLine(shift.target))}, before ${VERDICT_WORDS[shift.before.verdict]})`),
    ...guards.map((guard) => `  - Guard ${markdownText(shiftText(guard))}`),
  ];
}

/** Changes and reasons that belong to no SLO of this run, e.g. the undo of what an earlier run left. */
export function otherChanges(report: RunReport): Lines {
  const issues = issuesOf(report);
  const toldChanges = new Set(issues.flatMap(({ changes }) => changes));
  const toldHeld = new Set(issues.flatMap(({ held }) => held));
  return treatmentsOf(report).flatMap(({ changes, held }) => [
    ...changes.filter((change) => !toldChanges.has(change)).flatMap((change) => [...remediation(change, report), ...validation(change)]),
    ...held.filter((each) => !toldHeld.has(each)).map((each) => `- ${markdownCode(each.issue)}: ${heldWords(each)}`),
  ]);
}

/** Incidents that were opened and bundles of diagnostics, with their files. */
export function incidentLines({ incidents, diagnostics }: RunReport): Lines {
  return [
    ...incidents.map(({ title, severity, file }) => `- [${markdownText(title)}](${fileLink(file)}), ${severity}`),
    ...diagnostics.map((file) => `- diagnostics: [${markdownText(file)}](${fileLink(file)})`),
  ];
}

/** Alerts that fired or cleared. */
export function alertTable({ alerts }: RunReport): Lines {
  if (alerts.length === 0) return [];
  return markdownTable(['Alert', 'State', 'Severity', 'Since', 'What'], alerts.map(({ alert, state, severity, since, message }) => [markdownCode(alert), state === 'fired' ? '**fired**' : state, severity, markdownText(since.slice(0, 19).replace('T', ' ')), markdownText(message)]), displayWidth);
}
