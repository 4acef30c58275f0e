import type { RemedyEvent } from '../events/remedy-event.js';
import type { RemediationReport, RunReport } from '../events/report.js';
import { plainLine } from '../text/plain.js';
import { titlesOf, treatmentsOf } from '../wording/issues.js';
import { alertText, beforeAfter, causeText, changeText, evidenceTexts, REMEDY_WORDS, remedyText, resultText, shiftText, undoCommand, undoWords } from '../wording/remedies.js';
import { unitsOf, type Units } from '../wording/units.js';
import { plural } from '../wording/words.js';
import type { Style } from './console-style.js';
import { wrapWords } from './console-table.js';

/** Width of the word before a line, with its gap. */
const WORD = 12;

/** A line of a remedy while the run goes on: a word, then what it says; more lines when it is long. */
function told(word: string, text: string, columns: number, style: (text: string) => string): readonly string[] {
  return wrapWords(text, Math.max(30, columns - WORD - 2)).map((line, index) => `${style((index === 0 ? word : '').padEnd(WORD))}${line}`);
}

/** What a remedy event says at once; nothing for those that other lines tell. */
export function remedyLines(event: RemedyEvent, units: Units, columns: number, style: Style): readonly string[] {
  switch (event.event) {
    case 'diagnosed':
      return told('cause', [causeText(event), ...evidenceTexts(event, units)].join(' · '), columns, style.strong);
    case 'remediation_held':
      return told('held', `${event.remedy === null ? plainLine(event.issue) : plainLine(event.remedy)}: ${plainLine(event.why)}`, columns, style.unsure);
    case 'remediation_proposed':
      return told('proposal', `${remedyText(event.change)}, ${plainLine(event.why)}: ${plainLine(event.command)}`, columns, style.unsure);
    case 'remediation_applied':
      return told('change', remedyText(event.change), columns, style.strong);
    case 'rerun_start':
      return told('again', `${event.scenarios.map(plainLine).join(', ')}, ${plural(event.rows, 'row')}`, columns, style.strong);
    case 'remediation_validated': {
      const kept = event.result === 'pass';
      return told('result', `${kept ? REMEDY_WORDS.kept : event.result === 'fail' ? REMEDY_WORDS.failed : event.result}: ${[...event.slos.map(shiftText), plainLine(event.why)].join('; ')}`, columns, kept ? style.good : style.bad);
    }
    case 'remediation_rolled_back':
      return told('undone', `${changeText({ ...event.change, before: event.change.after, after: event.change.before })}: ${undoWords(event.reason)}`, columns, style.unsure);
    case 'remediation_ended':
      return told(REMEDY_WORDS[event.state], `${changeText(event.change)}: ${plainLine(event.why)}`, columns, event.state === 'conflict' ? style.bad : style.unsure);
    case 'alert_fired':
      return told('alert', alertText(event), columns, event.severity === 'critical' ? style.bad : style.unsure);
    case 'alert_cleared':
      return told('cleared', alertText(event), columns, style.good);
    case 'incident_opened':
      return told('incident', `${plainLine(event.title)} (${event.severity}): ${plainLine(event.file)}`, columns, event.severity === 'critical' ? style.bad : style.unsure);
    case 'diagnostics_collected':
      return told('collected', plainLine(event.file), columns, style.dim);
  }
}

/** What stays of causes, changes and alerts: cause by cause, what was changed, what came of it, why nothing else was done, what waits for an approval. */
export function remedyRecord(report: RunReport, columns: number, style: Style): readonly string[] {
  const units = unitsOf(report);
  const lines = treatmentsOf(report).flatMap(({ diagnosis, changes, held }) => [
    ...(diagnosis === null ? [] : line('Diagnosis', `${titlesOf(diagnosis.slos, report).map(plainLine).join(', ')} ← ${[causeText(diagnosis), ...evidenceTexts(diagnosis, units)].join(' · ')}`, columns, style.strong)),
    ...(diagnosis?.undecided ?? []).flatMap((rule) => line('Undecided', `${plainLine(rule.diagnosis)}: ${plainLine(rule.reason)}`, columns, style.dim)),
    ...changes.flatMap((change) => changeLines(change, report, columns, style)),
    ...held.flatMap(({ issue, remedy, why }) => line('Held', `${plainLine(remedy ?? issue)}: ${plainLine(why)}`, columns, style.unsure)),
  ]);
  const alerts = report.alerts.flatMap((alert) => line(alert.state === 'fired' ? 'Alert' : 'Cleared', alertText(alert), columns, alert.state === 'cleared' ? style.good : alert.severity === 'critical' ? style.bad : style.unsure));
  const incidents = report.incidents.flatMap(({ title, severity, file }) => line('Incident', `${plainLine(title)} (${severity}): ${plainLine(file)}`, columns, severity === 'critical' ? style.bad : style.unsure));
  return [...lines, ...alerts, ...incidents];
}

function changeLines(change: RemediationReport, report: RunReport, columns: number, style: Style): readonly string[] {
  const { state, command, why, title, remedy } = change;
  if (state === 'proposed') {
    return [...line('Proposal', `${remedyText(change)} (${plainLine(title)}): ${plainLine(why)}`, columns, style.unsure), ...(command === null ? [] : commandLine('allow it', plainLine(command)))];
  }
  const undo = undoCommand(change, report);
  const colour = state === 'kept' ? style.good : state === 'failed' || state === 'conflict' ? style.bad : style.unsure;
  return [
    ...line('Remedy', `${changeText(change)} (${plainLine(remedy)}, change ${plainLine(change.id)})`, columns, style.strong),
    ...line('Validation', resultText(change), columns, colour),
    ...change.guards.flatMap((guard) => line('Guard', shiftText(guard), columns, style.dim)),
    ...(undo === null || beforeAfter(change) === '' ? [] : commandLine('undo', undo, style.dim)),
  ];
}

/** A command is never broken, so that it can be copied. */
function commandLine(word: string, command: string, style: (text: string) => string = (text) => text): readonly string[] {
  return [`${' '.repeat(WORD + 2)}${style(`${word}: ${command}`)}`];
}

function line(word: string, text: string, columns: number, style: (text: string) => string): readonly string[] {
  return told(word, text, columns - 2, style).map((each) => `  ${each}`);
}
